"""Why the guard let through what it let through: one name and one sentence for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aisle.geometry import Twist2


class GuardReason(Enum):
    """Why the guard did what it did; the value is the sentence that people read."""

    CLEAR = "clear"
    SLOWED = "slowed"
    STOPPED = "something is in the way"
    NO_SCAN = "no laser scan yet"
    SCAN_BACKWARD = "the stamps of the laser scans run backwards"
    SCAN_AHEAD = "the laser scan comes from the future: its clock and the robot's disagree"
    SCAN_STALE = "the laser scan is stale"
    SCAN_SHAPE = "the laser scan has other rays than the robot's laser"
    SCAN_NEGATIVE = "the laser scan has negative ranges"
    SCAN_COVERED = "the laser sees something right before it all around: it is covered"
    SCAN_UNKNOWN = "the laser measures nothing in most directions"
    SCAN_EMPTY = "the laser sees nothing within its range all around"
    SCAN_FROZEN = "the laser scan does not change while the robot drives"
    COMMAND_STALE = "the velocity command is stale"
    COMMAND_INVALID = "the velocity command is not a number"
    BUMPER = "the bumper was pressed"
    EMERGENCY_STOP = "the emergency stop was pressed, or the base waits for staff to release it"
    STORE_STOP = "the store's staff have stopped the robot"


LATCHED = (GuardReason.BUMPER, GuardReason.EMERGENCY_STOP, GuardReason.STORE_STOP)
"""Stops that only staff end."""

PASSING = (GuardReason.CLEAR, GuardReason.SLOWED)
"""The robot drives on."""


@dataclass(frozen=True, slots=True)
class GuardDecision:
    """What is really sent on, why, whose command it was, and the zone that limited it; empty names where none."""

    twist: Twist2
    reason: GuardReason
    source: str = ""
    zone: str = ""
