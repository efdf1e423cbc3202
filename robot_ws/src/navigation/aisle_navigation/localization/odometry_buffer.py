"""The last second of odometry, so that a scan is matched with where the base was when it was taken."""

from __future__ import annotations

from collections import deque

from aisle.geometry import Pose2, advance
from aisle.sensing import Odometry


class OdometryBuffer:
    """Remembers the newest odometry messages in order of time."""

    def __init__(self, length: int = 100) -> None:
        self._messages: deque[Odometry] = deque(maxlen=length)

    def add(self, odometry: Odometry) -> None:
        """Take a new message; one that is older than the last means that time was reset."""
        if self._messages and odometry.stamp_s < self._messages[-1].stamp_s:
            self._messages.clear()
        self._messages.append(odometry)

    def at(self, time_s: float, tolerance_s: float = 0.2) -> Pose2 | None:
        """Return `odom_from_base` at a time, moved on from the nearest message; None when nothing is near enough."""
        nearest = min(self._messages, key=lambda message: abs(message.stamp_s - time_s), default=None)
        if nearest is None or abs(nearest.stamp_s - time_s) > tolerance_s:
            return None
        return advance(nearest.odom_from_base, nearest.twist, time_s - nearest.stamp_s)

    @property
    def latest(self) -> Odometry | None:
        return self._messages[-1] if self._messages else None
