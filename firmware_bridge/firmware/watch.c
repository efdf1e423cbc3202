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
/* A wheel at less than this share of its set point, or turning the other way, does not follow it. */
static const float FOLLOWING_SHARE = 0.5f;
/* A motor (80 ms) and the smoothing of its speed (20 ms) lag a ramp by 0.1 s, so that a sound wheel is at half of its
 * set point after 0.2 s, whatever it accelerates with. */
static const uint64_t STALL_US = 300000u;
/* At a crawl friction holds a sound wheel for longer, until the loop's integral has grown. With the usual gains it asks
 * for 10 rad/s per radian that is missing: here for 2 rad/s, the friction of the motor in check.c, on top of three
 * times the set point. The set points went 16 mm by then. */
static const float STALL_RAD = 0.2f;
static const float STANDING_RADPS = 0.02f;
/* Every gyro has noise: one whose reading keeps each of its bits while the wheels turn the robot otherwise is dead. */
static const uint64_t GYRO_US = 300000u;
static const float GYRO_TURN_RADPS = 0.5f;
static const uint64_t NEVER = UINT64_MAX;

static void restart_gyro(fw_watch *watch)
{
    watch->gyro_since_us = NEVER;
    watch->gyro_radps = NAN;
}

void watch_reset(fw_watch *watch)
{
    *watch = (fw_watch){.disagrees_since_us = NEVER, .powered_since_us = NEVER, .unpowered_since_us = NEVER,
                        .overload_since_us = NEVER, .runaway_since_us = NEVER, .stalled_since_us = {NEVER, NEVER}};
    restart_gyro(watch);
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
    bool was_low = (state->faults & FAULT_battery) != 0;
    if ((float)in->battery_mv < state->config.battery_minimum_mv * (was_low ? FW_BATTERY_RESUME_SHARE : 1.0f)) {
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

/* Whether a wheel is driven and does not follow, for so long that no motor, gear or floor explains it: its encoder
 * stands still, its motor is held or without current, or its cable is off. Its speed loop would wind up. */
static bool stalls(fw_watch *watch, size_t wheel, float told_radps, float real_radps, uint64_t now_us, float dt_s)
{
    float wanted = fabsf(told_radps), along = told_radps < 0.0f ? -real_radps : real_radps;
    bool follows = wanted < STANDING_RADPS || along >= FOLLOWING_SHARE * wanted;
    watch->missing_rad[wheel] = follows ? 0.0f : watch->missing_rad[wheel] + (wanted - along) * dt_s;
    bool lasted = lasts(&watch->stalled_since_us[wheel], !follows, now_us, STALL_US);
    return lasted && watch->missing_rad[wheel] >= STALL_RAD;
}

static bool any_stalls(fw_state *state, float dt_s)
{
    bool is_driven = state->mode == MODE_driving;
    wheel_pair told = is_driven ? state->setpoint : (wheel_pair){0.0f, 0.0f};
    bool left = stalls(&state->watch, 0, told.left_radps, state->measured.left_radps, state->now_us, dt_s);
    bool right = stalls(&state->watch, 1, told.right_radps, state->measured.right_radps, state->now_us, dt_s);
    return left || right;
}

/* Whether the gyro reads the very same number although the wheels turned the robot faster or slower meanwhile. Wheels
 * that slip or hang in the air cannot set this off: a gyro that lives has noise. */
static bool gyro_stands(fw_state *state)
{
    fw_watch *watch = &state->watch;
    float turn = 0.5f * (state->measured.right_radps - state->measured.left_radps);
    if (state->mode != MODE_driving) {
        restart_gyro(watch);
        return false;
    }
    if (state->inputs.rate_radps[2] != watch->gyro_radps) {
        watch->gyro_radps = state->inputs.rate_radps[2];
        watch->gyro_since_us = state->now_us;
        watch->least_turn_radps = watch->most_turn_radps = turn;
    }
    watch->least_turn_radps = fminf(watch->least_turn_radps, turn);
    watch->most_turn_radps = fmaxf(watch->most_turn_radps, turn);
    bool is_odd = watch->most_turn_radps - watch->least_turn_radps > GYRO_TURN_RADPS;
    return is_odd && state->now_us - watch->gyro_since_us >= GYRO_US;
}

/* Return the fault if its condition has lasted for longer than is tolerated. */
static uint16_t after(uint64_t *since_us, bool condition, uint64_t now_us, uint64_t tolerated_us, uint16_t fault)
{
    return lasts(since_us, condition, now_us, tolerated_us) ? fault : 0;
}

static uint16_t supply_faults(fw_state *state)
{
    const fw_inputs *in = &state->inputs;
    fw_watch *watch = &state->watch;
    uint64_t now_us = state->now_us;
    uint8_t channels = in->stop_chain & CHANNELS_open;
    bool is_powered = (in->stop_chain & DRIVES_powered) != 0, should_be = state->outputs.relay != 0;
    bool is_one_open = channels == CHANNEL_a_open || channels == CHANNEL_b_open;
    bool is_cut = !is_powered && should_be && channels == 0;
    return after(&watch->disagrees_since_us, is_one_open, now_us, DISAGREE_US, FAULT_stop_chain) |
           after(&watch->powered_since_us, is_powered && !should_be, now_us, RELAY_US, FAULT_relay_welded) |
           after(&watch->unpowered_since_us, is_cut, now_us, RELAY_US, FAULT_power);
}

uint16_t watch_step(fw_state *state, float dt_s)
{
    fw_watch *watch = &state->watch;
    uint64_t now_us = state->now_us;
    uint16_t faults = supply_faults(state);
    faults |= after(&watch->overload_since_us, overload(&state->inputs), now_us, OVERLOAD_US, FAULT_motor);
    faults |= after(&watch->runaway_since_us, runs_away(state, dt_s), now_us, RUNAWAY_US, FAULT_runaway);
    faults |= any_stalls(state, dt_s) ? FAULT_stalled : 0;
    faults |= gyro_stands(state) ? FAULT_gyro : 0;
    return faults;
}
