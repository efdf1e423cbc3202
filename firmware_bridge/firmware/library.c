/* What the shared library adds for callers that are not C: sizes, so that they can allocate and check layouts. */
#include "core.h"

size_t fw_sizeof_state(void);
size_t fw_sizeof_config(void);
size_t fw_sizeof_inputs(void);
size_t fw_sizeof_outputs(void);

size_t fw_sizeof_state(void)
{
    return sizeof(fw_state);
}

size_t fw_sizeof_config(void)
{
    return sizeof(fw_config);
}

size_t fw_sizeof_inputs(void)
{
    return sizeof(fw_inputs);
}

size_t fw_sizeof_outputs(void)
{
    return sizeof(fw_outputs);
}
