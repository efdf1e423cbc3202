/* The modes of the base as one table; PROTOCOL.md shows the same table. */
#ifndef AISLE_MODE_H
#define AISLE_MODE_H

#include "messages.h"

#define AS_MODE(name) MODE_##name,
typedef enum { MODES(AS_MODE) MODE_COUNT } fw_mode;

typedef enum {
    EVENT_ARM,
    EVENT_DISARM,
    EVENT_RELEASE,
    EVENT_COMMAND,
    EVENT_EXPIRED,
    EVENT_STOP_PRESSED,
    EVENT_FAULT_FOUND,
    EVENT_HOST_LOST,
    EVENT_COUNT
} fw_event;

/* Return the mode that follows; anything out of range leads to MODE_fault. */
fw_mode fw_next_mode(fw_mode mode, fw_event event);

#endif
