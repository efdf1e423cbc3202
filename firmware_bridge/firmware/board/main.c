/* The firmware's loop on a board without an operating system: 200 steps a second, bytes in between. */
#include "board.h"

enum { STEP_US = 5000, CHUNK_BYTES = 64, CHUNKS_AT_ONCE = 8 };

/* The reference robot; a port sets its own. */
static fw_config config = {.ticks_per_turn = 4096,
                           .forward_limit_radps = 12.5f,
                           .turn_limit_radps = 3.375f,
                           .forward_acceleration_radps2 = 10.0f,
                           .forward_braking_radps2 = 18.75f,
                           .turn_acceleration_radps2 = 6.75f,
                           .battery_minimum_mv = 21000.0f};
static fw_state state;

/* Take what waits, but not for ever: a line that never falls silent must not keep the motors from their step. */
static void receive_bytes(void)
{
    uint8_t received[CHUNK_BYTES];
    size_t count = sizeof received;
    for (int chunk = 0; chunk < CHUNKS_AT_ONCE && count == sizeof received; chunk++) {
        count = board_receive(received, sizeof received);
        fw_receive(&state, board_now_us(), received, count);
    }
}

static void send_bytes(void)
{
    static uint8_t unsent[CHUNK_BYTES];
    static size_t length;
    if (length == 0) {
        length = fw_transmit(&state, unsent, sizeof unsent);
    }
    size_t taken = board_send(unsent, length);
    for (size_t i = taken; i < length; i++) {
        unsent[i - taken] = unsent[i];
    }
    length -= taken;
}

/* The line is served at least once a step, so that "stop" is heard by a base that is always late, too. */
static void wait_until(uint64_t due_us)
{
    do {
        receive_bytes();
        send_bytes();
    } while (board_now_us() < due_us);
}

/* When the step after the one that was due at `due_us` is due; periods that were missed are not made up for. */
static uint64_t after(uint64_t due_us)
{
    uint64_t next_us = due_us + STEP_US, now_us = board_now_us();
    if (now_us < next_us) {
        return next_us;
    }
    fw_note_overrun(&state);
    return now_us;
}

int main(void)
{
    board_start(&config);
    fw_init(&state, &config);
    uint64_t next_us = board_now_us();
    for (;;) {
        fw_inputs in = {0};
        fw_outputs out;
        wait_until(next_us);
        board_read(&in);
        fw_step(&state, board_now_us(), &in, &out);
        board_write(&out);
        board_feed_watchdog();
        next_us = after(next_us);
    }
}
