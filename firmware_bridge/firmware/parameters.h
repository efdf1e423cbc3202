/* What the host may set, and how far. */
#ifndef AISLE_PARAMETERS_H
#define AISLE_PARAMETERS_H

#include "core.h"

/* Put the defaults in force. */
void parameters_reset(fw_state *state);

/* Set one parameter; the answer's value is the one in force afterwards. The host can make the base slower and more
 * careful than it was built, never faster. */
acknowledgement_message parameters_set(fw_state *state, const set_parameter_message *wanted);

#endif
