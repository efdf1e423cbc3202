"""A robot that does not know where it is does not drive; after a while it says so and gives the goal up."""

from __future__ import annotations

from dataclasses import dataclass

from aisle_navigation.driving.outcome import ErrorCode, Progress, Status, failed, standing


@dataclass(slots=True)
class Certainty:
    """Since when the robot has been unsure of its place, in seconds."""

    give_up_after_s: float = 20.0
    _since_s: float | None = None

    def step(self, is_localized: bool, now_s: float) -> Progress | None:
        """Return what to do instead of driving; None when the robot knows where it is."""
        if is_localized:
            self._since_s = None
            return None
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s <= self.give_up_after_s:
            return standing(Status.WAITING)
        self._since_s = None
        return failed(ErrorCode.CONTROLLER_TF_ERROR, "the robot does not know where it is; show it on the map")
