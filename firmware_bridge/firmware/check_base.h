/* A robot and its readings at rest, as checks and fuzzer drive it. */
#ifndef AISLE_CHECK_BASE_H
#define AISLE_CHECK_BASE_H

#include "core.h"

static const fw_config CONFIG = {.ticks_per_turn = 4096,
                                 .forward_limit_radps = 12.5f,
                                 .turn_limit_radps = 3.4f,
                                 .forward_acceleration_radps2 = 10.0f,
                                 .forward_braking_radps2 = 18.0f,
                                 .turn_acceleration_radps2 = 6.0f,
                                 .battery_minimum_mv = 21000};
static const fw_inputs RESTING = {.battery_mv = 26000, .battery_percent = 90, .stop_chain = DRIVES_powered};

#endif
