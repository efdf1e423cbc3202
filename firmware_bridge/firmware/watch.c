#include "watch.h"

#include <math.h>

/* Two contacts of one button do not open in the same microsecond; half a second apart one of them is broken. */
static const uint64_t DISAGREE_US = 500000u;
static const uint64_t RELAY_US = 300000u;
static const uint64_t OVERLOAD_US = 500000u;
static const uint64_t RUNAWAY_US = 300000u;
static const int32_t OVERLOAD_MA = 12000;
/* A wheel may be this share of the speed limit faster than its set point before it counts as running away. */
static const float RUNAWAY_SHARE = 0.4f;
/* Half the braking it was built for is still a wheel that brakes. */
static const float BRAKING_SHARE = 0.5f;
static const uint64_t NEVER = UINT64_MAX;

void watch_reset(fw_watch *watch)
{
    *watch = (fw_watch){NEVER, NEVER, NEVER, NEVER, NEVER, 0.0f};
}

bool watch_stop_is_pressed(const fw_inputs *in)
{
    return (in->stop_chain & CHANNELS_open) != 0 || in->bumpers != 0 || in->cliffs != 0 ||
           (in->contacts & CONTACT_lifted) != 0;
}

static bool lasts(uint64_t *since_us, bool condition, uint64_t now_us, uint64_t tolerated_us)
{
    if (!condition) {
        *since_us = NEVER;
        return false;
    }
    if (*since_us == NEVER) {
        *since_us = now_us;
    }
    return now_us - *since_us >= tolerated_us;
}

uint16_t watch_lasting(const fw_state *state, const fw_inputs *in)
{
    uint16_t faults = state->usable ? 0 : FAULT_configuration;
    if ((float)in->battery_mv < state->config.battery_minimum_mv) {
        faults |= FAULT_battery;
    }
    for (size_t axis = 0; axis < 3; axis++) {
        if (!isfinite(in->rate_radps[axis])) {
            faults |= FAULT_gyro;
        }
    }
    if (in->motor_faults != 0) {
        faults |= FAULT_motor;
    }
    return faults;
}

static bool overload(const fw_inputs *in)
{
    int32_t left_ma = in->motor_ma[0], right_ma = in->motor_ma[1];
    return left_ma > OVERLOAD_MA || left_ma < -OVERLOAD_MA || right_ma > OVERLOAD_MA || right_ma < -OVERLOAD_MA;
}

/* Whether a wheel turns faster than set points and honest braking explain. */
static bool runs_away(fw_state *state, float dt_s)
{
    float told = fmaxf(fabsf(state->setpoint.left_radps), fabsf(state->setpoint.right_radps));
    float real = fmaxf(fabsf(state->measured.left_radps), fabsf(state->measured.right_radps));
    float slowed = state->watch.expected_radps - BRAKING_SHARE * state->built.forward_braking_radps2 * dt_s;
    bool is_armed = state->mode == MODE_ready || state->mode == MODE_driving;
    /* A robot that is pushed by hand is not running away. */
    state->watch.expected_radps = is_armed ? fmaxf(told, slowed) : real;
    float tolerated = RUNAWAY_SHARE * (state->built.forward_limit_radps + state->built.turn_limit_radps);
    return is_armed && real > state->watch.expected_radps + tolerated;
}

uint16_t watch_step(fw_state *state, float dt_s)
{
    const fw_inputs *in = &state->inputs;
    fw_watch *watch = &state->watch;
    uint64_t now_us = state->now_us;
    uint8_t channels = in->stop_chain & CHANNELS_open;
    bool is_powered = (in->stop_chain & DRIVES_powered) != 0, should_be = state->outputs.relay != 0;
    bool is_one_open = channels == CHANNEL_a_open || channels == CHANNEL_b_open;
    uint16_t faults = 0;
    if (lasts(&watch->disagrees_since_us, is_one_open, now_us, DISAGREE_US)) {
        faults |= FAULT_stop_chain;
    }
    if (lasts(&watch->powered_since_us, is_powered && !should_be, now_us, RELAY_US)) {
        faults |= FAULT_relay_welded;
    }
    if (lasts(&watch->unpowered_since_us, !is_powered && should_be && channels == 0, now_us, RELAY_US)) {
        faults |= FAULT_power;
    }
    if (lasts(&watch->overload_since_us, overload(in), now_us, OVERLOAD_US)) {
        faults |= FAULT_motor;
    }
    if (lasts(&watch->runaway_since_us, runs_away(state, dt_s), now_us, RUNAWAY_US)) {
        faults |= FAULT_runaway;
    }
    return faults;
}
