"""A comparison of ways to advise: which visit is in which arm, always the same for the same visit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from aisle.config import Settings
from aisle.pilots import place_of

Arm = Literal["control", "ranking"]


class Comparison(Settings, frozen=True):
    """A pilot: its name, and the share of visits that are advised by popularity alone, as the control group."""

    name: Annotated[str, Meta(min_length=1, max_length=30)]
    control_share: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.5

    def arm_of(self, visit: str) -> Arm | None:
        """Return the arm of a visit, by a hash of both names; None for a visit without a mark, which takes no part."""
        if not visit:
            return None
        return "control" if place_of(self.name, visit) < self.control_share else "ranking"
