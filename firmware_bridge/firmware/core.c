#include "core.h"

#include <math.h>
#include <string.h>

#include "bytes.h"
#include "drive.h"

enum {
    TYPE_HELLO = 0x01,
    TYPE_ARM = 0x02,
    TYPE_DISARM = 0x03,
    TYPE_RELEASE = 0x04,
    TYPE_WHEEL_COMMAND = 0x10,
    TYPE_IDENTITY = 0x81,
    TYPE_STATUS = 0x82
};
enum { NAME_BYTES = 16, IDENTITY_BYTES = 35, STATUS_BYTES = 44 };

static void happen(fw_state *state, fw_event event)
{
    state->mode = fw_next_mode(state->mode, event);
}

static void reject(fw_state *state)
{
    state->frames_rejected++;
}

static void send(fw_state *state, uint8_t type, const uint8_t *payload, size_t payload_bytes)
{
    /* A frame that does not fit is left out whole: the line is stuck, and a newer status says more. */
    state->outbox_length += frame_encode(type, state->sequence++, payload, payload_bytes,
                                         state->outbox + state->outbox_length, FW_OUTBOX_BYTES - state->outbox_length);
}

static void send_identity(fw_state *state)
{
    uint8_t payload[IDENTITY_BYTES];
    char name[NAME_BYTES] = FW_NAME;
    uint8_t *at = put_u16(payload, FW_PROTOCOL_VERSION);
    at = put_u32(at, state->session);
    at = put_u8(put_u8(put_u8(at, FW_VERSION_MAJOR), FW_VERSION_MINOR), FW_VERSION_PATCH);
    at = put_u32(at, state->config.ticks_per_turn);
    at = put_f32(at, state->config.forward_limit_radps);
    at = put_u16(at, FW_COMMAND_TIMEOUT_US / 1000u);
    memcpy(at, name, NAME_BYTES);
    send(state, TYPE_IDENTITY, payload, sizeof payload);
}

static void send_status(fw_state *state)
{
    uint8_t payload[STATUS_BYTES];
    const fw_inputs *in = &state->inputs;
    uint8_t *at = put_u32(put_u64(payload, state->now_us), state->session);
    at = put_i32(put_i32(at, in->ticks_left), in->ticks_right);
    at = put_f32(put_f32(at, state->measured.left_radps), state->measured.right_radps);
    at = put_u16(put_f32(at, in->yaw_rate_radps), in->battery_mv);
    at = put_u8(put_u8(put_u8(at, in->battery_percent), in->bumpers), in->emergency_stop);
    at = put_u16(put_u8(at, (uint8_t)state->mode), state->faults);
    put_u16(put_u16(at, state->last_command), state->frames_rejected);
    send(state, TYPE_STATUS, payload, sizeof payload);
}

static bool stop_is_pressed(const fw_inputs *in)
{
    return in->emergency_stop != 0 || in->bumpers != 0;
}

static uint16_t lasting_faults(const fw_state *state, const fw_inputs *in)
{
    uint16_t faults = state->usable ? 0 : FAULT_CONFIG;
    if (in->battery_mv < state->config.battery_minimum_mv) {
        faults |= FAULT_BATTERY;
    }
    if (!isfinite(in->yaw_rate_radps)) {
        faults |= FAULT_GYRO;
    }
    return faults;
}

static void on_hello(fw_state *state, const frame *message)
{
    uint32_t session = get_u32(message->payload + 2);
    if (session == 0) {
        reject(state);
        return;
    }
    if (session != state->session) {
        state->session = session;
        state->last_sequence = message->sequence;
        happen(state, EVENT_HOST_LOST);
    }
    state->compatible = get_u16(message->payload) == FW_PROTOCOL_VERSION;
    if (!state->compatible) {
        happen(state, EVENT_HOST_LOST);
    }
    send_identity(state);
}

static void on_arm(fw_state *state, const frame *message)
{
    (void)message;
    happen(state, EVENT_ARM);
}

static void on_disarm(fw_state *state, const frame *message)
{
    (void)message;
    happen(state, EVENT_DISARM);
}

static void on_release(fw_state *state, const frame *message)
{
    (void)message;
    if (state->stepped && !stop_is_pressed(&state->inputs) && lasting_faults(state, &state->inputs) == 0) {
        state->faults = 0;
        happen(state, EVENT_RELEASE);
    }
}

static void on_wheel_command(fw_state *state, const frame *message)
{
    wheel_pair target = {get_f32(message->payload), get_f32(message->payload + 4)};
    uint64_t deadline_us = get_u64(message->payload + 8);
    uint64_t latest_us = state->now_us + FW_COMMAND_TIMEOUT_US;
    if (!isfinite(target.left_radps) || !isfinite(target.right_radps) || deadline_us <= state->now_us) {
        reject(state);
        return;
    }
    if (state->mode == MODE_READY) {
        state->setpoint = drive_limit(&state->config, state->measured);
    }
    happen(state, EVENT_COMMAND);
    if (state->mode == MODE_DRIVING) {
        state->target = drive_limit(&state->config, target);
        state->expires_us = deadline_us < latest_us ? deadline_us : latest_us;
        state->last_command = message->sequence;
    }
}

typedef struct {
    uint8_t type;
    size_t payload_bytes;
    void (*handle)(fw_state *, const frame *);
} message_row;

static const message_row MESSAGES[] = {
    {TYPE_HELLO, 6, on_hello},
    {TYPE_ARM, 0, on_arm},
    {TYPE_DISARM, 0, on_disarm},
    {TYPE_RELEASE, 0, on_release},
    {TYPE_WHEEL_COMMAND, 16, on_wheel_command},
};

static bool is_allowed(fw_state *state, const frame *message)
{
    if (message->type == TYPE_HELLO) {
        return true;
    }
    uint16_t ahead = (uint16_t)(message->sequence - state->last_sequence);
    if (!state->compatible || ahead == 0 || ahead > INT16_MAX) {
        return false;
    }
    state->last_sequence = message->sequence;
    return true;
}

static void carry_out(fw_state *state, const frame *message)
{
    for (size_t i = 0; i < sizeof MESSAGES / sizeof MESSAGES[0]; i++) {
        const message_row *row = &MESSAGES[i];
        if (row->type == message->type && row->payload_bytes == message->payload_bytes) {
            if (is_allowed(state, message)) {
                state->heard_us = state->now_us;
                row->handle(state, message);
                return;
            }
        }
    }
    reject(state);
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
    return c->ticks_per_turn > 0;
}

bool fw_init(fw_state *state, const fw_config *config)
{
    memset(state, 0, sizeof *state);
    state->usable = is_usable(config);
    state->config = state->usable ? *config : (fw_config){.ticks_per_turn = 1};
    state->mode = state->usable ? MODE_DISARMED : MODE_FAULT;
    return state->usable;
}

void fw_receive(fw_state *state, const uint8_t *bytes, size_t count)
{
    frame message;
    for (size_t i = 0; i < count; i++) {
        switch (frame_parser_take(&state->parser, bytes[i], &message)) {
        case PARSE_FRAME:
            carry_out(state, &message);
            break;
        case PARSE_REJECTED:
            reject(state);
            break;
        case PARSE_MORE:
            break;
        }
    }
}

/* Adopt new readings; returns the faults found in them. */
static uint16_t take_readings(fw_state *state, uint64_t now_us, const fw_inputs *in)
{
    uint16_t faults = lasting_faults(state, in);
    if (state->stepped && now_us < state->now_us) {
        faults |= FAULT_CLOCK;
        state->expires_us = 0;
        state->heard_us = now_us;
        state->next_status_us = now_us;
    } else if (state->stepped && now_us > state->now_us) {
        float dt_s = (float)(now_us - state->now_us) * 1e-6f;
        if (!drive_measure(&state->config, &state->inputs, in, dt_s, &state->measured)) {
            faults |= FAULT_ENCODER;
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
    if (state->mode == MODE_DRIVING && state->now_us + period_us > state->expires_us) {
        happen(state, EVENT_EXPIRED);
    }
    if (stop_is_pressed(&state->inputs)) {
        happen(state, EVENT_STOP_PRESSED);
    }
    if (faults != 0) {
        state->faults |= faults;
        happen(state, EVENT_FAULT_FOUND);
    }
}

void fw_step(fw_state *state, uint64_t now_us, const fw_inputs *in, fw_outputs *out)
{
    bool forward_in_time = state->stepped && now_us >= state->now_us;
    uint64_t period_us = forward_in_time ? now_us - state->now_us : 0;
    supervise(state, period_us, take_readings(state, now_us, in));
    if (state->mode == MODE_DRIVING) {
        state->setpoint = drive_ramp(&state->config, state->setpoint, state->target, (float)period_us * 1e-6f);
    } else {
        state->setpoint = (wheel_pair){0.0f, 0.0f};
    }
    out->left_radps = state->setpoint.left_radps;
    out->right_radps = state->setpoint.right_radps;
    out->brake = state->mode == MODE_DRIVING ? 0 : 1;
    if (now_us >= state->next_status_us) {
        send_status(state);
        bool late = now_us >= state->next_status_us + FW_STATUS_PERIOD_US;
        state->next_status_us = (late ? now_us : state->next_status_us) + FW_STATUS_PERIOD_US;
    }
}

size_t fw_transmit(fw_state *state, uint8_t *out, size_t capacity)
{
    size_t count = state->outbox_length < capacity ? state->outbox_length : capacity;
    memcpy(out, state->outbox, count);
    memmove(state->outbox, state->outbox + count, state->outbox_length - count);
    state->outbox_length -= count;
    return count;
}
