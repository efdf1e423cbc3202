"""Lets people who walk pass first, but not for ever: a robot that always gives way never arrives.

Beside somebody it turns on the spot only gently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Pose2, Twist2
from aisle.sensing import Person
from aisle_navigation.control.personal_space import PersonalSpace, held_back

_STANDS_MPS = 0.05
_PAUSE_S = 1.0


@dataclass(slots=True)
class Courtesy:
    """Remembers for how long the robot has stood for others, and until when it is its own turn."""

    space: PersonalSpace
    robot_radius_m: float
    _stood_since_s: float | None = None
    _insists_until_s: float = -math.inf
    _noted_s: float = -math.inf

    def step(
        self, wanted: Twist2, pose_map: Pose2, people: tuple[Person, ...], now_s: float, served_id: int | None
    ) -> Twist2:
        """Return the wanted velocity, slowed for the personal space of everybody."""
        if not 0.0 <= now_s - self._noted_s <= _PAUSE_S:
            # Another drive: what was suffered in an earlier one does not count.
            self._stood_since_s, self._insists_until_s = None, -math.inf
        self._noted_s = now_s
        given = self._give_way(wanted, pose_map, people, now_s, served_id)
        if abs(given.linear_mps) >= _STANDS_MPS or not self._is_beside_somebody(pose_map, people):
            return given
        limit_radps = self.space.turn_radps
        return Twist2(given.linear_mps, max(-limit_radps, min(limit_radps, given.angular_radps)))

    def _is_beside_somebody(self, pose_map: Pose2, people: tuple[Person, ...]) -> bool:
        gaps_m = (
            math.hypot(person.x_m - pose_map.x_m, person.y_m - pose_map.y_m) - person.radius_m - self.robot_radius_m
            for person in people
        )
        return any(gap_m < self.space.turn_within_m for gap_m in gaps_m)

    def _give_way(
        self, wanted: Twist2, pose_map: Pose2, people: tuple[Person, ...], now_s: float, served_id: int | None
    ) -> Twist2:
        plain = held_back(wanted, pose_map, people, self.robot_radius_m, self.space, served_id)
        if now_s < self._insists_until_s:
            return plain
        polite = held_back(wanted, pose_map, people, self.robot_radius_m, self.space, served_id, yields=True)
        gives_way = abs(polite.linear_mps) < _STANDS_MPS <= abs(plain.linear_mps)
        if not gives_way:
            self._stood_since_s = None
        elif self._stood_since_s is None:
            self._stood_since_s = now_s
        elif now_s - self._stood_since_s > self.space.yield_for_s:
            self._stood_since_s, self._insists_until_s = None, now_s + self.space.insist_for_s
        return polite
