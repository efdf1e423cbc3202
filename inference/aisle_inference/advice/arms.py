"""A comparison of ways to advise: which visit is in which arm, always the same for the same visit."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from msgspec import Meta

from aisle.config import Settings

Arm = Literal["control", "ranking"]
_SCALE = 2**64


class Comparison(Settings, frozen=True):
    """A pilot: its name, and the share of visits that are advised by popularity alone, as the control group."""

    name: Annotated[str, Meta(min_length=1, max_length=30)]
    control_share: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.5

    def arm_of(self, visit: str) -> Arm | None:
        """Return the arm of a visit, by a hash of both names; None for a visit without a mark, which takes no part."""
        if not visit:
            return None
        digest = hashlib.sha256(f"{self.name}\0{visit}".encode()).digest()
        return "control" if int.from_bytes(digest[:8], "big") / _SCALE < self.control_share else "ranking"
