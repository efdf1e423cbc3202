/* What is wrong or pressed, from one step's readings and how long it has been so. */
#ifndef AISLE_WATCH_H
#define AISLE_WATCH_H

#include "core.h"

void watch_reset(fw_watch *watch);

/* Whether something is pressed, lifted or open that must keep the base still. */
bool watch_stop_is_pressed(const fw_inputs *in);

/* Faults that hold as long as their cause does: no release while one is there. */
uint16_t watch_lasting(const fw_state *state, const fw_inputs *in);

/* Faults of stop chain, drive supply, motors, wheels that turn faster than they
 * were told to or not at all, and of a gyro that stands still. */
uint16_t watch_step(fw_state *state, float dt_s);

#endif
