/* Wheel speeds: measuring, limiting and ramping them. Pure functions of their arguments. */
#ifndef AISLE_DRIVE_H
#define AISLE_DRIVE_H

#include "core.h"

/* Update the measured speeds from two readings `dt_s` apart; false if the wheels cannot have turned so far. */
bool drive_measure(const fw_config *config, const fw_inputs *before, const fw_inputs *now, float dt_s,
                   wheel_pair *measured);

/* Scale both wheels down together until forward and turning speed are within their limits: the arc is kept. */
wheel_pair drive_limit(const fw_config *config, wheel_pair wanted);

/* Move set points towards a target as far as `dt_s` allows, forward and turn independently. A turn slows down with
 * `turn_braking_radps2`, however gently the configuration has it begin. */
wheel_pair drive_ramp(const fw_config *config, float turn_braking_radps2, wheel_pair setpoint, wheel_pair target,
                      float dt_s);

#endif
