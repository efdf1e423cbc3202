/* Run the board's loop on a board of which every step takes longer than its period: it must hear the host all the
 * same, brake when it is told to, and count its overruns. Exits 1 on the first wrong answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/board.h"
#include "bytes.h"
#include "expect.h"

/* The last step of each stage. While its steps are slow the base is told to drive and then to stop. */
enum { QUICK_UNTIL = 10, DRIVING_UNTIL = 20, SLOW_UNTIL = 60, QUICK_US = 100, SLOW_US = 12000, BURST = 5 };

static uint64_t now_us;
static unsigned steps, heard_in_step, overruns_told;
static uint16_t sequence;
static uint8_t waiting[1024];
static size_t waiting_bytes;
static frame_parser parser;

static void say(uint8_t type, const uint8_t *payload, size_t count)
{
    waiting_bytes += frame_encode(type, ++sequence, payload, count, waiting + waiting_bytes,
                                  sizeof waiting - waiting_bytes);
}

static void say_hello_and_arm(void)
{
    uint8_t payload[HELLO_BYTES];
    hello_message hello = {FW_PROTOCOL_VERSION, 7};
    put_hello(payload, &hello);
    say(TYPE_HELLO, payload, sizeof payload);
    say(TYPE_ARM, (const uint8_t[ARM_BYTES]){1, 0}, ARM_BYTES);
}

static void say_command(void)
{
    uint8_t payload[WHEEL_COMMAND_BYTES];
    wheel_command_message command = {2.0f, 2.0f, UINT64_MAX};
    put_wheel_command(payload, &command);
    /* More at once than one chunk holds. */
    for (int i = 0; i < BURST; i++) {
        say(TYPE_WHEEL_COMMAND, payload, sizeof payload);
    }
}

void board_start(fw_config *config)
{
    config->reset_cause = RESET_switched_on;
    say_hello_and_arm();
}

uint64_t board_now_us(void)
{
    return now_us++;
}

size_t board_receive(uint8_t *bytes, size_t capacity)
{
    size_t count = waiting_bytes < capacity ? waiting_bytes : capacity;
    heard_in_step++;
    memcpy(bytes, waiting, count);
    memmove(waiting, waiting + count, waiting_bytes - count);
    waiting_bytes -= count;
    return count;
}

size_t board_send(const uint8_t *bytes, size_t count)
{
    frame message;
    for (size_t i = 0; i < count; i++) {
        if (frame_parser_take(&parser, bytes[i], &message) == PARSE_FRAME && message.type == TYPE_MOTORS) {
            overruns_told = get_motors(message.payload).overruns;
        }
    }
    return count;
}

void board_read(fw_inputs *in)
{
    EXPECT(heard_in_step > 0 && waiting_bytes == 0);
    heard_in_step = 0;
    in->battery_mv = 26000;
    in->stop_chain = DRIVES_powered;
    now_us += steps > QUICK_UNTIL && steps <= SLOW_UNTIL ? SLOW_US : QUICK_US;
}

void board_write(const fw_outputs *out)
{
    steps++;
    if (steps > QUICK_UNTIL && steps < DRIVING_UNTIL) {
        say_command();
    } else if (steps == DRIVING_UNTIL) {
        EXPECT(out->left_radps > 0.0f);
        say(TYPE_DISARM, (const uint8_t[DISARM_BYTES]){2, 0}, DISARM_BYTES);
    } else if (steps > DRIVING_UNTIL) {
        EXPECT(out->brake == 1 && out->left_radps == 0.0f);
    }
}

void board_feed_watchdog(void)
{
    if (steps < SLOW_UNTIL + 100) {
        return;
    }
    EXPECT(overruns_told >= SLOW_UNTIL - QUICK_UNTIL - 1 && overruns_told <= SLOW_UNTIL - QUICK_UNTIL + 1);
    puts("passed: a loop that is always late hears the host and counts its overruns");
    exit(EXIT_SUCCESS);
}
