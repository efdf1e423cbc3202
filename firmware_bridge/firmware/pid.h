/* One wheel's speed loop, for boards that drive motor bridges; drives with a loop of their own take the set point.
 * Pure: state, gains, readings and the time since the last call are arguments. */
#ifndef AISLE_PID_H
#define AISLE_PID_H

typedef struct {
    float proportional;
    float integral;
    float derivative;
    float feed_forward;
} pid_gains;

typedef struct {
    float integral;
    float measured_radps;
    int is_running;
} pid_state;

/* Return the share of the supply voltage, -1 to 1. The derivative is taken of the measured speed, so that a step of
 * the set point gives no kick, and the integral stands still while the output is at its end (no wind-up). */
float pid_step(pid_state *state, const pid_gains *gains, float setpoint_radps, float measured_radps, float dt_s);

/* Forget the past: after every stop. */
void pid_reset(pid_state *state);

#endif
