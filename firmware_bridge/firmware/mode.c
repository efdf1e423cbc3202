#include "mode.h"

#define DISARM MODE_DISARMED
#define READY MODE_READY
#define DRIVE MODE_DRIVING
#define LATCH MODE_LATCHED
#define FAULT MODE_FAULT

fw_mode fw_next_mode(fw_mode mode, fw_event event)
{
    static const fw_mode NEXT[MODE_COUNT][EVENT_COUNT] = {
        /*                 arm     disarm  release command expired stop   fault  host lost */
        [MODE_DISARMED] = {READY,  DISARM, DISARM, DISARM, DISARM, LATCH, FAULT, DISARM},
        [MODE_READY] =    {READY,  DISARM, READY,  DRIVE,  READY,  LATCH, FAULT, DISARM},
        [MODE_DRIVING] =  {DRIVE,  DISARM, DRIVE,  DRIVE,  READY,  LATCH, FAULT, DISARM},
        [MODE_LATCHED] =  {LATCH,  LATCH,  DISARM, LATCH,  LATCH,  LATCH, FAULT, LATCH},
        [MODE_FAULT] =    {FAULT,  FAULT,  DISARM, FAULT,  FAULT,  FAULT, FAULT, FAULT},
    };
    if ((unsigned)mode >= MODE_COUNT || (unsigned)event >= EVENT_COUNT) {
        return MODE_FAULT;
    }
    return NEXT[mode][event];
}
