#include "pid.h"

#include <math.h>

static float clamp_to_one(float value)
{
    return fminf(fmaxf(value, -1.0f), 1.0f);
}

float pid_step(pid_state *state, const pid_gains *gains, float setpoint_radps, float measured_radps, float dt_s)
{
    float error_radps = setpoint_radps - measured_radps;
    float slope = 0.0f;
    if (dt_s > 0.0f && state->is_running) {
        slope = (measured_radps - state->measured_radps) / dt_s;
    }
    state->measured_radps = measured_radps;
    state->is_running = 1;
    float direct = gains->feed_forward * setpoint_radps + gains->proportional * error_radps - gains->derivative * slope;
    float grown = state->integral + gains->integral * error_radps * fmaxf(dt_s, 0.0f);
    float duty = direct + grown;
    if (fabsf(duty) <= 1.0f || fabsf(grown) < fabsf(state->integral)) {
        state->integral = clamp_to_one(grown);
    }
    return isfinite(duty) ? clamp_to_one(direct + state->integral) : 0.0f;
}

void pid_reset(pid_state *state)
{
    *state = (pid_state){0};
}
