#include "host.h"

#include <math.h>

#include "drive.h"
#include "parameters.h"
#include "report.h"
#include "watch.h"

static void happen(fw_state *state, fw_event event)
{
    state->mode = fw_next_mode(state->mode, event);
}

static void reject(fw_state *state)
{
    state->frames_rejected++;
}

static void answer(fw_state *state, acknowledgement_message message)
{
    if (message.request != 0) {
        state->answer = message;
        report_answer(state);
    }
}

static void answer_whether(fw_state *state, uint16_t request, bool is_done)
{
    answer(state, (acknowledgement_message){request, is_done ? RESULT_done : RESULT_not_now, (float)state->mode});
}

static void on_hello(fw_state *state, const frame *message)
{
    /* Other versions may say more in their hello; these two fields come first in all of them. */
    hello_message hello = get_hello(message->payload);
    if (hello.session == 0) {
        reject(state);
        return;
    }
    if (hello.session != state->session) {
        state->session = hello.session;
        state->last_sequence = message->sequence;
        state->answer = (acknowledgement_message){0};
        parameters_reset(state);
        happen(state, EVENT_HOST_LOST);
    }
    state->compatible = hello.protocol == FW_PROTOCOL_VERSION;
    if (!state->compatible) {
        happen(state, EVENT_HOST_LOST);
    }
    report_identity(state);
}

static void on_arm(fw_state *state, const frame *message)
{
    happen(state, EVENT_ARM);
    bool is_armed = state->mode == MODE_ready || state->mode == MODE_driving;
    answer_whether(state, get_arm(message->payload).request, is_armed);
}

static void on_disarm(fw_state *state, const frame *message)
{
    happen(state, EVENT_DISARM);
    bool is_armed = state->mode == MODE_ready || state->mode == MODE_driving;
    answer_whether(state, get_disarm(message->payload).request, !is_armed);
}

static void on_release(fw_state *state, const frame *message)
{
    if (state->stepped && !watch_stop_is_pressed(&state->inputs) && watch_lasting(state, &state->inputs) == 0) {
        state->faults = 0;
        happen(state, EVENT_RELEASE);
    }
    bool is_free = state->mode != MODE_latched && state->mode != MODE_fault;
    answer_whether(state, get_release(message->payload).request, is_free);
}

static void on_set_parameter(fw_state *state, const frame *message)
{
    set_parameter_message wanted = get_set_parameter(message->payload);
    answer(state, parameters_set(state, &wanted));
}

static void on_set_lights(fw_state *state, const frame *message)
{
    set_lights_message wanted = get_set_lights(message->payload);
    state->outputs.light_pattern = wanted.pattern;
    state->outputs.light_rgb[0] = wanted.red;
    state->outputs.light_rgb[1] = wanted.green;
    state->outputs.light_rgb[2] = wanted.blue;
    answer_whether(state, wanted.request, true);
}

static void on_time_sync(fw_state *state, const frame *message)
{
    report_time(state, get_time_sync(message->payload).host_us);
}

static void on_wheel_command(fw_state *state, const frame *message)
{
    wheel_command_message command = get_wheel_command(message->payload);
    wheel_pair target = {command.left_radps, command.right_radps};
    uint64_t latest_us = state->now_us + FW_COMMAND_TIMEOUT_US;
    if (!isfinite(target.left_radps) || !isfinite(target.right_radps) || command.deadline_us <= state->now_us) {
        reject(state);
        return;
    }
    if (state->mode == MODE_ready) {
        state->setpoint = drive_limit(&state->config, state->measured);
    }
    happen(state, EVENT_COMMAND);
    if (state->mode == MODE_driving) {
        state->target = drive_limit(&state->config, target);
        state->expires_us = command.deadline_us < latest_us ? command.deadline_us : latest_us;
        state->last_command = message->sequence;
    }
}

typedef struct {
    uint8_t type;
    uint8_t payload_bytes;
    bool asks; /* the payload begins with a request number */
    void (*handle)(fw_state *, const frame *);
} message_row;

static const message_row MESSAGES[] = {
    {TYPE_ARM, ARM_BYTES, true, on_arm},
    {TYPE_DISARM, DISARM_BYTES, true, on_disarm},
    {TYPE_RELEASE, RELEASE_BYTES, true, on_release},
    {TYPE_SET_PARAMETER, SET_PARAMETER_BYTES, true, on_set_parameter},
    {TYPE_SET_LIGHTS, SET_LIGHTS_BYTES, true, on_set_lights},
    {TYPE_TIME_SYNC, TIME_SYNC_BYTES, false, on_time_sync},
    {TYPE_WHEEL_COMMAND, WHEEL_COMMAND_BYTES, false, on_wheel_command},
};

static const message_row *find_row(const frame *message)
{
    for (size_t i = 0; i < sizeof MESSAGES / sizeof MESSAGES[0]; i++) {
        if (MESSAGES[i].type == message->type && MESSAGES[i].payload_bytes == message->payload_bytes) {
            return &MESSAGES[i];
        }
    }
    return NULL;
}

static bool is_newer(fw_state *state, const frame *message)
{
    uint16_t ahead = (uint16_t)(message->sequence - state->last_sequence);
    return ahead != 0 && ahead <= INT16_MAX;
}

/* A request that the host repeats because its answer was lost is answered again and not carried out again. */
static bool is_repeated(const fw_state *state, const message_row *row, const frame *message)
{
    return row->asks && state->answer.request != 0 && get_u16(message->payload) == state->answer.request;
}

void host_take(fw_state *state, const frame *message)
{
    if (message->type == TYPE_HELLO && message->payload_bytes >= HELLO_BYTES) {
        state->heard_us = state->now_us;
        on_hello(state, message);
        return;
    }
    const message_row *row = find_row(message);
    if (row == NULL || !state->compatible || !is_newer(state, message)) {
        reject(state);
        return;
    }
    state->last_sequence = message->sequence;
    state->heard_us = state->now_us;
    if (is_repeated(state, row, message)) {
        report_answer(state);
        return;
    }
    row->handle(state, message);
}
