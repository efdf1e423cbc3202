/* What the checks share: a robot, readings at rest, and saying something to the firmware. */
#ifndef AISLE_CHECK_H
#define AISLE_CHECK_H

#include <math.h>

#include "check_base.h"
#include "expect.h"

static const fw_inputs POWERLESS = {.battery_mv = 26000, .battery_percent = 90};

/* Numbers of messages.h, which gives them no name of their own. */
enum { PARAMETER_turn_acceleration = 5, PARAMETER_braking = 4, PARAMETER_gain = 8 };

static inline void say(fw_state *state, uint8_t type, uint16_t sequence, const uint8_t *payload, size_t count)
{
    uint8_t bytes[FRAME_MAX_ENCODED + 1];
    fw_receive(state, 0, bytes, frame_encode(type, sequence, payload, count, bytes, sizeof bytes));
}

static inline void ask(fw_state *state, uint8_t type, uint16_t sequence)
{
    /* Request 0 wants no answer. */
    static const uint8_t NO_ANSWER[2] = {0, 0};
    say(state, type, sequence, NO_ANSWER, sizeof NO_ANSWER);
}

static inline void say_hello(fw_state *state, uint16_t sequence, uint16_t protocol, uint32_t session)
{
    uint8_t payload[HELLO_BYTES];
    hello_message message = {protocol, session};
    put_hello(payload, &message);
    say(state, TYPE_HELLO, sequence, payload, sizeof payload);
}

static inline void command_both(fw_state *state, uint16_t sequence, wheel_pair speeds, uint64_t deadline_us)
{
    uint8_t payload[WHEEL_COMMAND_BYTES];
    wheel_command_message message = {speeds.left_radps, speeds.right_radps, deadline_us};
    put_wheel_command(payload, &message);
    say(state, TYPE_WHEEL_COMMAND, sequence, payload, sizeof payload);
}

static inline void command(fw_state *state, uint16_t sequence, float speed_radps, uint64_t deadline_us)
{
    command_both(state, sequence, (wheel_pair){speed_radps, speed_radps}, deadline_us);
}

static inline uint8_t set(fw_state *state, uint16_t sequence, uint16_t parameter, float value)
{
    uint8_t payload[SET_PARAMETER_BYTES];
    set_parameter_message message = {sequence, parameter, value};
    put_set_parameter(payload, &message);
    say(state, TYPE_SET_PARAMETER, sequence, payload, sizeof payload);
    EXPECT(state->answer.request == sequence);
    return state->answer.result;
}

/* The checks of watch.c (check_watch.c). */
void check_watch(void);

/* Say that a check passed. */
static inline void passed(const char *name)
{
    printf("passed: %s\n", name);
}

#endif
