/* What the host says: one function a message, and the rules for which frames count at all. */
#ifndef AISLE_HOST_H
#define AISLE_HOST_H

#include "core.h"

/* Carry out one undamaged frame, or count it as rejected. */
void host_take(fw_state *state, const frame *message);

#endif
