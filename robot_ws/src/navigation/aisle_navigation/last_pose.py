"""Where the robot last knew itself to be, on disk, so that a restart in the middle of the store is not a new start."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec

from aisle.geometry import Pose2

FRESH_S = 300.0
_MAX_BYTES = 1000

logger = logging.getLogger(__name__)


class _Saved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    x_m: float
    y_m: float
    yaw_rad: float


def save(path: Path, map_from_base: Pose2) -> None:
    """Write the pose so that a reader finds either the old or the new one. Raises OSError."""
    saved = _Saved(map_from_base.x_m, map_from_base.y_m, map_from_base.yaw_rad)
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(msgspec.json.encode(saved))
    os.replace(beside, path)


def load(path: Path, now_unix_s: float) -> Pose2 | None:
    """Return the saved pose in the map frame; None when there is none, it is older than `FRESH_S`, or damaged.

    A file from the future is as little believed as an old one: the clock was set.
    """
    try:
        if not 0.0 <= now_unix_s - path.stat().st_mtime <= FRESH_S:
            return None
        with path.open("rb") as file:
            saved = msgspec.json.decode(file.read(_MAX_BYTES), type=_Saved)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        logger.warning("%s holds no pose (%s): the robot starts where it is parked", path, error)
        return None
    return Pose2(saved.x_m, saved.y_m, saved.yaw_rad)
