/* What the base tells the host: frames put into the outbox. */
#ifndef AISLE_REPORT_H
#define AISLE_REPORT_H

#include "core.h"

void report_identity(fw_state *state);
void report_answer(fw_state *state);
void report_time(fw_state *state, uint64_t host_us);

/* Send what is due at this step: status, IMU, now and then motors and battery, and pages of the dictionary. */
void report_due(fw_state *state);

#endif
