#include "report.h"

#include <string.h>

#include "dictionary.h"

/* Motors with every fifth status (10 Hz), the battery with every 25th (2 Hz). */
enum { MOTORS_EVERY = 5, BATTERY_EVERY = 25, PAGE_HEADER_BYTES = 6, PAGE_TEXT_BYTES = 200 };

static bool send(fw_state *state, uint8_t type, const uint8_t *payload, size_t payload_bytes)
{
    /* A frame that does not fit is left out whole: the line is stuck, and a newer status says more. */
    size_t count = frame_encode(type, state->sequence, payload, payload_bytes, state->outbox + state->outbox_length,
                                FW_OUTBOX_BYTES - state->outbox_length);
    state->sequence++;
    state->outbox_length += count;
    return count > 0;
}

void report_identity(fw_state *state)
{
    uint8_t payload[IDENTITY_BYTES];
    identity_message message = {
        .protocol = FW_PROTOCOL_VERSION,
        .session = state->session,
        .firmware_major = FW_VERSION_MAJOR,
        .firmware_minor = FW_VERSION_MINOR,
        .firmware_patch = FW_VERSION_PATCH,
        .reset_cause = (uint8_t)state->config.reset_cause,
        .board_id = state->config.board_id,
        .ticks_per_turn = state->config.ticks_per_turn,
        .forward_limit_radps = state->built.forward_limit_radps,
        .command_timeout_ms = FW_COMMAND_TIMEOUT_US / 1000u,
        .dictionary_bytes = (uint16_t)DICTIONARY_BYTES,
        .dictionary_crc = crc32_iso_hdlc((const uint8_t *)DICTIONARY, DICTIONARY_BYTES),
        .name = {FW_NAME},
    };
    put_identity(payload, &message);
    send(state, TYPE_IDENTITY, payload, sizeof payload);
    state->dictionary_sent = 0;
}

void report_answer(fw_state *state)
{
    uint8_t payload[ACKNOWLEDGEMENT_BYTES];
    put_acknowledgement(payload, &state->answer);
    send(state, TYPE_ACKNOWLEDGEMENT, payload, sizeof payload);
}

void report_time(fw_state *state, uint64_t host_us)
{
    uint8_t payload[TIME_REPLY_BYTES];
    time_reply_message message = {host_us, state->received_us, state->received_us};
    put_time_reply(payload, &message);
    send(state, TYPE_TIME_REPLY, payload, sizeof payload);
}

static void report_status(fw_state *state)
{
    uint8_t payload[STATUS_BYTES];
    const fw_inputs *in = &state->inputs;
    status_message message = {
        .clock_us = state->now_us,
        .session = state->session,
        .ticks_left = in->ticks_left,
        .ticks_right = in->ticks_right,
        .speed_left_radps = state->measured.left_radps,
        .speed_right_radps = state->measured.right_radps,
        .yaw_rate_radps = in->rate_radps[2],
        .battery_mv = in->battery_mv,
        .battery_percent = in->battery_percent,
        .last_command = state->last_command,
        .frames_rejected = state->frames_rejected,
        .bumpers = in->bumpers,
        .cliffs = in->cliffs,
        .contacts = in->contacts,
        .stop_chain = in->stop_chain,
        .mode = (uint8_t)state->mode,
        .faults = state->faults,
    };
    put_status(payload, &message);
    send(state, TYPE_STATUS, payload, sizeof payload);
}

static void report_imu(fw_state *state)
{
    uint8_t payload[IMU_BYTES];
    const float *a = state->inputs.acceleration_mps2, *r = state->inputs.rate_radps;
    imu_message message = {state->now_us, a[0], a[1], a[2], r[0], r[1], r[2]};
    put_imu(payload, &message);
    send(state, TYPE_IMU, payload, sizeof payload);
}

static void report_motors(fw_state *state)
{
    uint8_t payload[MOTORS_BYTES];
    const fw_inputs *in = &state->inputs;
    const fw_outputs *out = &state->outputs;
    motors_message message = {
        .clock_us = state->now_us,
        .current_left_ma = in->motor_ma[0],
        .current_right_ma = in->motor_ma[1],
        .duty_left_permille = (int16_t)(1000.0f * out->left_duty),
        .duty_right_permille = (int16_t)(1000.0f * out->right_duty),
        .motor_faults = in->motor_faults,
        .relay = out->relay,
        .overruns = state->overruns,
    };
    put_motors(payload, &message);
    send(state, TYPE_MOTORS, payload, sizeof payload);
}

static void report_battery(fw_state *state)
{
    uint8_t payload[BATTERY_BYTES];
    const fw_inputs *in = &state->inputs;
    battery_message message = {
        .clock_us = state->now_us,
        .pack_mv = in->battery_mv,
        .current_ma = in->battery_ma,
        .temperature_dc = in->battery_dc,
        .charge_percent = in->battery_percent,
        .charging = in->charging,
    };
    memcpy(message.cells_mv.mv, in->cells_mv, sizeof in->cells_mv);
    put_battery(payload, &message);
    send(state, TYPE_BATTERY, payload, sizeof payload);
}

/* One page a step, so that the streams keep their places; all pages follow every hello. */
static void report_page(fw_state *state)
{
    uint8_t payload[PAGE_HEADER_BYTES + PAGE_TEXT_BYTES];
    size_t from = state->dictionary_sent, left = DICTIONARY_BYTES - from;
    size_t count = left < PAGE_TEXT_BYTES ? left : PAGE_TEXT_BYTES;
    uint8_t *at = put_u32(payload, state->session);
    put_u16(at, (uint16_t)from);
    memcpy(payload + PAGE_HEADER_BYTES, DICTIONARY + from, count);
    if (send(state, TYPE_DICTIONARY, payload, PAGE_HEADER_BYTES + count)) {
        state->dictionary_sent += count;
    }
}

void report_due(fw_state *state)
{
    uint64_t period_us = (uint64_t)state->status_period_us;
    if (state->now_us >= state->next_status_us) {
        report_status(state);
        report_imu(state);
        if (state->status_count % MOTORS_EVERY == 0) {
            report_motors(state);
        }
        if (state->status_count % BATTERY_EVERY == 0) {
            report_battery(state);
        }
        state->status_count++;
        bool late = state->now_us >= state->next_status_us + period_us;
        state->next_status_us = (late ? state->now_us : state->next_status_us) + period_us;
    }
    if (state->session != 0 && state->dictionary_sent < DICTIONARY_BYTES) {
        report_page(state);
    }
}
