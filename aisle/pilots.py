"""Features that some visits have and others do not, to compare them: pilots with a control group.

Which visit is in which group is a hash of the pilot's name and the visit's, so that it is the same everywhere and
always, and nothing needs to be remembered.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from aisle.config import ConfigError, Settings, load

_SCALE = 2**64
FILE = "pilots.yaml"


class Pilot(Settings, frozen=True):
    """A feature on trial: the share of visits that have it, and of those that are watched without it.

    What both leave over takes no part. With both at 0 the feature is off everywhere.
    """

    name: Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[a-z][a-z0-9_]*\Z")]
    pilot_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    control_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0

    def __post_init__(self) -> None:
        """Refuse shares that are more than all visits."""
        if self.pilot_share + self.control_share > 1.0:
            raise ValueError(f"the shares of {self.name} are more than 1 together")

    def group_of(self, visit: str) -> str:
        """Return "pilot", "control" or "" for no part, which a visit without a mark has too."""
        if not visit:
            return ""
        place = place_of(self.name, visit)
        if place < self.pilot_share:
            return "pilot"
        return "control" if place < self.pilot_share + self.control_share else ""


class Pilots(Settings, frozen=True):
    """All pilots of a store."""

    pilots: tuple[Pilot, ...] = ()

    def groups_of(self, visit: str) -> dict[str, str]:
        """Return the group of a visit in each pilot that it takes part in."""
        groups = {pilot.name: pilot.group_of(visit) for pilot in self.pilots}
        return {name: group for name, group in groups.items() if group}


NO_PILOTS = Pilots()


def place_of(name: str, visit: str) -> float:
    """Return where a visit lies between 0 and 1, evenly, and apart for each name."""
    digest = hashlib.sha256(f"{name}\0{visit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _SCALE


def load_pilots(store_dir: Path) -> Pilots:
    """Read a store's pilots; none when it has no such file. Raises ConfigError."""
    path = store_dir / FILE
    if not path.exists():
        return NO_PILOTS
    pilots = load(path, Pilots)
    names = [pilot.name for pilot in pilots.pilots]
    if len(set(names)) < len(names):
        raise ConfigError(f"{path}: two pilots have one name")
    return pilots
