"""Where the robot last knew itself to be, on disk, so that a restart in the middle of the store is not a new start."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aisle.geometry import Pose2
from aisle.sensing import odometry_started_over

FRESH_S = 300.0
_MAX_BYTES = 1000
_LONGEST_GAP_S = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastPose:
    """Where the robot knew itself to be, and where odometry had it at that moment."""

    map_from_base: Pose2
    odom_from_base: Pose2

    def now_at(self, odom_from_base: Pose2) -> Pose2:
        """Return where the robot is now in the map, given its odometry; as saved when odometry has started over."""
        if odometry_started_over(self.odom_from_base, odom_from_base, _LONGEST_GAP_S):
            return self.map_from_base
        return self.map_from_base @ self.odom_from_base.inverse() @ odom_from_base


def save(path: Path, last: LastPose) -> None:
    """Write the pose so that a reader finds either the old or the new one. Raises OSError."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(msgspec.json.encode(last))
    os.replace(beside, path)


def load(path: Path, now_unix_s: float) -> LastPose | None:
    """Return what was saved; None when there is nothing, it is older than `FRESH_S`, or damaged.

    A file from the future is as little believed as an old one: the clock was set.
    """
    try:
        if not 0.0 <= now_unix_s - path.stat().st_mtime <= FRESH_S:
            return None
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_BYTES), type=LastPose)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        logger.warning("%s holds no pose (%s): the robot starts where it is parked", path, error)
        return None
