#include "parameters.h"

#include <math.h>

#define AS_PARAMETER(number, name, unit) PARAMETER_##name = number,
enum { PARAMETERS(AS_PARAMETER) PARAMETER_none = 0 };

/* A host that works in other units of the same limit must not fail on the last bit of a float. */
static const float ROUNDING = 1.001f;
static const float LEAST_LIMIT = 1e-3f;
/* The wheel loop also brakes: without gains it would coast, with far too large ones it would shake. */
static const float GAIN_FACTOR = 4.0f;
static const float MOST_DERIVATIVE_S = 0.1f;
static const float LEAST_PERIOD_US = 5000.0f, MOST_PERIOD_US = 100000.0f;
static const float MOST_BATTERY_MV = 65535.0f;

typedef struct {
    float *value;
    float least;
    float most;
} parameter;

static parameter limit(float *value, float built)
{
    return (parameter){value, LEAST_LIMIT, built * ROUNDING};
}

/* A limit whose lowering would take away from what others count on. */
static parameter braking(float *value, float built)
{
    return (parameter){value, built * FW_LEAST_BRAKING_SHARE / ROUNDING, built * ROUNDING};
}

static parameter gain(float *value, float usual)
{
    return (parameter){value, usual / GAIN_FACTOR, usual * GAIN_FACTOR};
}

static pid_gains usual_gains(const fw_config *built)
{
    /* For a geared motor that turns its wheel at 1.6 times the speed limit on full voltage. */
    float full_radps = 1.6f * (built->forward_limit_radps + built->turn_limit_radps);
    float feed_forward = full_radps > 0.0f ? 1.0f / full_radps : 0.0f;
    return (pid_gains){2.0f * feed_forward, 10.0f * feed_forward, 0.0f, feed_forward};
}

static parameter find(fw_state *state, uint16_t number)
{
    fw_config *now = &state->config;
    const fw_config *built = &state->built;
    pid_gains usual = usual_gains(built);
    switch (number) {
    case PARAMETER_forward_limit: return limit(&now->forward_limit_radps, built->forward_limit_radps);
    case PARAMETER_turn_limit: return limit(&now->turn_limit_radps, built->turn_limit_radps);
    case PARAMETER_forward_acceleration:
        return limit(&now->forward_acceleration_radps2, built->forward_acceleration_radps2);
    case PARAMETER_forward_braking: return braking(&now->forward_braking_radps2, built->forward_braking_radps2);
    case PARAMETER_turn_acceleration: return limit(&now->turn_acceleration_radps2, built->turn_acceleration_radps2);
    case PARAMETER_battery_minimum:
        return (parameter){&now->battery_minimum_mv, built->battery_minimum_mv, MOST_BATTERY_MV};
    case PARAMETER_status_period: return (parameter){&state->status_period_us, LEAST_PERIOD_US, MOST_PERIOD_US};
    case PARAMETER_wheel_gain: return gain(&state->gains.proportional, usual.proportional);
    case PARAMETER_wheel_integral: return gain(&state->gains.integral, usual.integral);
    case PARAMETER_wheel_derivative:
        return (parameter){&state->gains.derivative, 0.0f, usual.proportional * MOST_DERIVATIVE_S};
    case PARAMETER_wheel_feed_forward: return gain(&state->gains.feed_forward, usual.feed_forward);
    default: return (parameter){0};
    }
}

void parameters_reset(fw_state *state)
{
    state->config = state->built;
    state->status_period_us = (float)FW_STATUS_PERIOD_US;
    state->gains = usual_gains(&state->built);
}

acknowledgement_message parameters_set(fw_state *state, const set_parameter_message *wanted)
{
    parameter found = find(state, wanted->parameter);
    if (found.value == NULL) {
        return (acknowledgement_message){wanted->request, RESULT_unknown, 0.0f};
    }
    uint8_t result = RESULT_done;
    if (state->mode == MODE_driving || !state->usable) {
        result = RESULT_not_now;
    } else if (!(wanted->value >= found.least && wanted->value <= found.most)) {
        result = RESULT_out_of_range;
    } else {
        *found.value = wanted->value;
    }
    return (acknowledgement_message){wanted->request, result, *found.value};
}
