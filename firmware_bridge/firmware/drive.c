#include "drive.h"

#include <math.h>

static const float TURN_RAD = 6.28318530717958648f;
/* Ticks are coarse at a short period, so the speed is smoothed over about two status periods. */
static const float SMOOTHING_S = 0.02f;
/* Wheels may slip or be pushed; three times the fastest command is no longer a wheel but a broken encoder. */
static const float PLAUSIBLE_FACTOR = 3.0f;
static const float PLAUSIBLE_EXTRA_RAD = 0.1f;

static float wheel_angle_rad(const fw_config *config, int32_t before, int32_t now)
{
    /* Unsigned subtraction makes the difference right across the wrap at 2^31. */
    int64_t difference = (int64_t)((uint32_t)now - (uint32_t)before);
    if (difference > INT32_MAX) {
        difference -= (int64_t)UINT32_MAX + 1;
    }
    return (float)difference * TURN_RAD / (float)config->ticks_per_turn;
}

bool drive_measure(const fw_config *config, const fw_inputs *before, const fw_inputs *now, float dt_s,
                   wheel_pair *measured)
{
    float left_rad = wheel_angle_rad(config, before->ticks_left, now->ticks_left);
    float right_rad = wheel_angle_rad(config, before->ticks_right, now->ticks_right);
    float weight = dt_s / (SMOOTHING_S + dt_s);
    measured->left_radps += weight * (left_rad / dt_s - measured->left_radps);
    measured->right_radps += weight * (right_rad / dt_s - measured->right_radps);
    float fastest_radps = config->forward_limit_radps + config->turn_limit_radps;
    float plausible_rad = PLAUSIBLE_FACTOR * fastest_radps * dt_s + PLAUSIBLE_EXTRA_RAD;
    return fabsf(left_rad) <= plausible_rad && fabsf(right_rad) <= plausible_rad;
}

wheel_pair drive_limit(const fw_config *config, wheel_pair wanted)
{
    /* Halves first: the sum of two huge floats would overflow. */
    float forward = fabsf(0.5f * wanted.right_radps + 0.5f * wanted.left_radps);
    float turn = fabsf(0.5f * wanted.right_radps - 0.5f * wanted.left_radps);
    float scale = 1.0f;
    if (forward > config->forward_limit_radps) {
        scale = config->forward_limit_radps / forward;
    }
    if (turn * scale > config->turn_limit_radps) {
        scale = config->turn_limit_radps / turn;
    }
    return (wheel_pair){wanted.left_radps * scale, wanted.right_radps * scale};
}

static float approach(float value, float target, float up_per_s, float down_per_s, float dt_s)
{
    bool slowing = fabsf(target) < fabsf(value) || target * value < 0.0f;
    float reach = (slowing ? down_per_s : up_per_s) * dt_s;
    return value + fminf(fmaxf(target - value, -reach), reach);
}

wheel_pair drive_ramp(const fw_config *config, float turn_braking_radps2, wheel_pair setpoint, wheel_pair target,
                      float dt_s)
{
    float forward = approach(0.5f * (setpoint.right_radps + setpoint.left_radps),
                             0.5f * (target.right_radps + target.left_radps), config->forward_acceleration_radps2,
                             config->forward_braking_radps2, dt_s);
    float turn = approach(0.5f * (setpoint.right_radps - setpoint.left_radps),
                          0.5f * (target.right_radps - target.left_radps), config->turn_acceleration_radps2,
                          turn_braking_radps2, dt_s);
    return (wheel_pair){forward - turn, forward + turn};
}
