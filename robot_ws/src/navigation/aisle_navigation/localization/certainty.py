"""How sure the robot is of its place: a state machine as a table, without knowing where the signs come from."""

from __future__ import annotations

from enum import Enum


class Certainty(Enum):
    """What the robot may believe about its pose. It drives only while LOCALIZED."""

    LOCALIZED = "localized"
    UNSURE = "not sure of the place"
    LOST = "lost"
    NEEDS_STAFF = "lost, staff must show the place"


class Sign(Enum):
    """What one scan says about the pose that is believed."""

    AGREES = "the scan agrees with the map, or says nothing"
    JUMPED = "the surroundings changed at once, and odometry does not explain it"
    BLIND = "the map has not been seen for too long"
    OUTDONE = "another place explains the scans clearly better"
    CONTRADICTED = "beams pass through what is solid on the map"
    RECOGNIZED = "one place explains the scans, and no other does"
    UNRESOLVED = "no place could be told from the others in time"
    PLACED = "somebody showed where the robot is"
    ASKED = "somebody asked to look everywhere"


_LOCALIZED, _UNSURE, _LOST, _NEEDS_STAFF = Certainty
_CHANGES = {
    (_LOCALIZED, Sign.JUMPED): _UNSURE,
    (_LOCALIZED, Sign.BLIND): _UNSURE,
    (_LOCALIZED, Sign.OUTDONE): _UNSURE,
    (_LOCALIZED, Sign.CONTRADICTED): _LOST,
    (_UNSURE, Sign.CONTRADICTED): _LOST,
    (_UNSURE, Sign.RECOGNIZED): _LOCALIZED,
    (_LOST, Sign.RECOGNIZED): _LOCALIZED,
    (_NEEDS_STAFF, Sign.RECOGNIZED): _LOCALIZED,
    (_UNSURE, Sign.UNRESOLVED): _NEEDS_STAFF,
    (_LOST, Sign.UNRESOLVED): _NEEDS_STAFF,
}


def next_certainty(now: Certainty, sign: Sign) -> Certainty:
    """Return the state after a sign; what is not in the table changes nothing.

    A person outranks every scan: shown the place the robot believes it, and asked to look everywhere it forgets.
    """
    if sign is Sign.PLACED:
        return Certainty.LOCALIZED
    if sign is Sign.ASKED:
        return Certainty.LOST
    return _CHANGES.get((now, sign), now)
