/* The firmware's loop on a board without an operating system: 200 steps a second, bytes in between. */
#include "board.h"

enum { STEP_US = 5000 };

/* The reference robot; a port sets its own. */
static fw_config config = {.ticks_per_turn = 4096,
                           .forward_limit_radps = 12.5f,
                           .turn_limit_radps = 3.375f,
                           .forward_acceleration_radps2 = 10.0f,
                           .forward_braking_radps2 = 18.75f,
                           .turn_acceleration_radps2 = 6.0f,
                           .battery_minimum_mv = 21000.0f};
static fw_state state;

static void exchange_bytes(void)
{
    static uint8_t unsent[64];
    static size_t length;
    uint8_t received[64];
    size_t count = board_receive(received, sizeof received);
    fw_receive(&state, board_now_us(), received, count);
    if (length == 0) {
        length = fw_transmit(&state, unsent, sizeof unsent);
    }
    size_t taken = board_send(unsent, length);
    for (size_t i = taken; i < length; i++) {
        unsent[i - taken] = unsent[i];
    }
    length -= taken;
}

int main(void)
{
    board_start(&config);
    fw_init(&state, &config);
    uint64_t next_us = board_now_us();
    for (;;) {
        fw_inputs in = {0};
        fw_outputs out;
        while (board_now_us() < next_us) {
            exchange_bytes();
        }
        next_us += STEP_US;
        board_read(&in);
        fw_step(&state, board_now_us(), &in, &out);
        board_write(&out);
        board_feed_watchdog();
    }
}
