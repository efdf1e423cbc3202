#include "core.h"

#include <math.h>
#include <string.h>

#include "drive.h"
#include "host.h"
#include "parameters.h"
#include "report.h"
#include "watch.h"

/* A stop brakes first and takes the drives' supply away once the wheels stand, at the latest after this. */
static const uint64_t BRAKE_AT_MOST_US = 1500000u;
static const float STANDING_RADPS = 0.05f;

static void happen(fw_state *state, fw_event event)
{
    state->mode = fw_next_mode(state->mode, event);
}

static bool is_usable(const fw_config *c)
{
    const float limits[] = {c->forward_limit_radps, c->turn_limit_radps, c->forward_acceleration_radps2,
                            c->forward_braking_radps2, c->turn_acceleration_radps2};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (!isfinite(limits[i]) || limits[i] <= 0.0f) {
            return false;
        }
    }
    return c->ticks_per_turn > 0 && isfinite(c->battery_minimum_mv);
}

bool fw_init(fw_state *state, const fw_config *config)
{
    memset(state, 0, sizeof *state);
    state->usable = is_usable(config);
    state->built = state->usable ? *config : (fw_config){.ticks_per_turn = 1};
    parameters_reset(state);
    watch_reset(&state->watch);
    state->mode = state->usable ? MODE_disarmed : MODE_fault;
    if (state->usable && config->reset_cause != RESET_switched_on) {
        /* Nobody switched it on: staff look first. */
        state->faults = FAULT_reset;
        happen(state, EVENT_FAULT_FOUND);
    }
    return state->usable;
}

void fw_receive(fw_state *state, uint64_t now_us, const uint8_t *bytes, size_t count)
{
    frame message;
    state->received_us = now_us > state->now_us ? now_us : state->now_us;
    for (size_t i = 0; i < count; i++) {
        switch (frame_parser_take(&state->parser, bytes[i], &message)) {
        case PARSE_FRAME:
            host_take(state, &message);
            break;
        case PARSE_REJECTED:
            state->frames_rejected++;
            break;
        case PARSE_MORE:
            break;
        }
    }
}

static void restart_clocks(fw_state *state, uint64_t now_us)
{
    state->expires_us = 0;
    state->heard_us = now_us;
    state->next_status_us = now_us;
    state->moved_us = now_us;
    watch_reset(&state->watch);
}

/* Adopt new readings; returns the faults found in them. */
static uint16_t take_readings(fw_state *state, uint64_t now_us, const fw_inputs *in)
{
    uint16_t faults = watch_lasting(state, in);
    if (state->stepped && now_us < state->now_us) {
        faults |= FAULT_clock;
        restart_clocks(state, now_us);
    } else if (state->stepped && now_us > state->now_us) {
        float dt_s = (float)(now_us - state->now_us) * 1e-6f;
        if (!drive_measure(&state->config, &state->inputs, in, dt_s, &state->measured)) {
            faults |= FAULT_encoder;
        }
    }
    state->inputs = *in;
    state->now_us = now_us;
    state->stepped = true;
    return faults;
}

static void supervise(fw_state *state, uint64_t period_us, uint16_t faults)
{
    if (state->now_us - state->heard_us > FW_HOST_TIMEOUT_US) {
        happen(state, EVENT_HOST_LOST);
    }
    if (state->mode == MODE_driving && state->now_us + period_us > state->expires_us) {
        happen(state, EVENT_EXPIRED);
    }
    if (watch_stop_is_pressed(&state->inputs)) {
        happen(state, EVENT_STOP_PRESSED);
    }
    faults |= watch_step(state, (float)period_us * 1e-6f);
    if (faults != 0) {
        state->faults |= faults;
        happen(state, EVENT_FAULT_FOUND);
    }
}

static bool is_standing(const fw_state *state)
{
    return fabsf(state->measured.left_radps) < STANDING_RADPS && fabsf(state->measured.right_radps) < STANDING_RADPS;
}

/* The drives keep their supply while the base may move, and while they still have to brake. */
static uint8_t relay(fw_state *state)
{
    if (state->mode == MODE_ready || state->mode == MODE_driving) {
        state->moved_us = state->now_us;
        return 1;
    }
    bool is_braking = state->outputs.relay != 0 && !is_standing(state);
    return is_braking && state->now_us - state->moved_us < BRAKE_AT_MOST_US ? 1 : 0;
}

static void drive(fw_state *state, float dt_s)
{
    state->setpoint = drive_ramp(&state->config, state->built.turn_acceleration_radps2, state->setpoint,
                                 state->target, dt_s);
    fw_outputs *out = &state->outputs;
    out->left_duty = pid_step(&state->wheels[0], &state->gains, state->setpoint.left_radps,
                              state->measured.left_radps, dt_s);
    out->right_duty = pid_step(&state->wheels[1], &state->gains, state->setpoint.right_radps,
                               state->measured.right_radps, dt_s);
    out->brake = 0;
}

static void stand(fw_state *state)
{
    state->setpoint = (wheel_pair){0.0f, 0.0f};
    pid_reset(&state->wheels[0]);
    pid_reset(&state->wheels[1]);
    state->outputs.left_duty = state->outputs.right_duty = 0.0f;
    state->outputs.brake = 1;
}

void fw_step(fw_state *state, uint64_t now_us, const fw_inputs *in, fw_outputs *out)
{
    bool forward_in_time = state->stepped && now_us >= state->now_us;
    uint64_t period_us = forward_in_time ? now_us - state->now_us : 0;
    supervise(state, period_us, take_readings(state, now_us, in));
    if (state->mode == MODE_driving) {
        drive(state, (float)period_us * 1e-6f);
    } else {
        stand(state);
    }
    state->outputs.left_radps = state->setpoint.left_radps;
    state->outputs.right_radps = state->setpoint.right_radps;
    state->outputs.relay = relay(state);
    *out = state->outputs;
    report_due(state);
}

void fw_note_overrun(fw_state *state)
{
    state->overruns++;
}

size_t fw_transmit(fw_state *state, uint8_t *out, size_t capacity)
{
    size_t count = state->outbox_length < capacity ? state->outbox_length : capacity;
    memcpy(out, state->outbox, count);
    memmove(state->outbox, state->outbox + count, state->outbox_length - count);
    state->outbox_length -= count;
    return count;
}
