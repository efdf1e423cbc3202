#include "mode.h"

#define DISARM MODE_disarmed
#define READY MODE_ready
#define DRIVE MODE_driving
#define LATCH MODE_latched
#define FAULT MODE_fault

fw_mode fw_next_mode(fw_mode mode, fw_event event)
{
    static const fw_mode NEXT[MODE_COUNT][EVENT_COUNT] = {
        /*        arm     disarm  release command expired stop   fault  host lost */
        [DISARM] = {READY,  DISARM, DISARM, DISARM, DISARM, LATCH, FAULT, DISARM},
        [READY] =  {READY,  DISARM, READY,  DRIVE,  READY,  LATCH, FAULT, DISARM},
        [DRIVE] =  {DRIVE,  DISARM, DRIVE,  DRIVE,  READY,  LATCH, FAULT, DISARM},
        [LATCH] =  {LATCH,  LATCH,  DISARM, LATCH,  LATCH,  LATCH, FAULT, LATCH},
        [FAULT] =  {FAULT,  FAULT,  DISARM, FAULT,  FAULT,  FAULT, FAULT, FAULT},
    };
    if ((unsigned)mode >= MODE_COUNT || (unsigned)event >= EVENT_COUNT) {
        return FAULT;
    }
    return NEXT[mode][event];
}
