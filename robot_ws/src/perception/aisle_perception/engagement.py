"""Who stands at the touchscreen: near, on its side, and not walking past."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Pose2, wrap_angle
from aisle.sensing import Person


@dataclass(frozen=True, slots=True)
class EngagementSettings:
    """How near (m), how far from the screen's axis (rad), how slow (m/s) and how long (s) counts as wanting help."""

    near_m: float = 1.5
    half_angle_rad: float = math.radians(60.0)
    slow_mps: float = 0.4
    stay_s: float = 0.6


@dataclass(frozen=True, slots=True)
class Engagement:
    """The person at the screen, or the follower during a tour; None when there is nobody."""

    person: Person | None
    distance_m: float


class EngagementDetector:
    """Remembers since when the same person has been standing there."""

    def __init__(self, screen_yaw_rad: float, settings: EngagementSettings = EngagementSettings()) -> None:
        self.settings = settings
        self._screen_yaw_rad = screen_yaw_rad
        self._track_id: int | None = None
        self._since_s = 0.0

    def step(self, map_from_base: Pose2, people: tuple[Person, ...], now_s: float) -> Engagement:
        """Return who has been standing at the screen for long enough."""
        candidate = self._nearest_candidate(map_from_base, people)
        if candidate is None:
            self._track_id = None
            return Engagement(None, math.inf)
        if candidate.track_id != self._track_id:
            self._track_id, self._since_s = candidate.track_id, now_s
        distance_m = _distance(map_from_base, candidate)
        stayed = now_s - self._since_s >= self.settings.stay_s
        return Engagement(candidate if stayed else None, distance_m if stayed else math.inf)

    def _nearest_candidate(self, map_from_base: Pose2, people: tuple[Person, ...]) -> Person | None:
        settings = self.settings
        there = [
            person
            for person in people
            if _distance(map_from_base, person) <= settings.near_m
            and math.hypot(person.vx_mps, person.vy_mps) <= settings.slow_mps
            and abs(self._off_axis(map_from_base, person)) <= settings.half_angle_rad
        ]
        return min(there, key=lambda person: _distance(map_from_base, person), default=None)

    def _off_axis(self, map_from_base: Pose2, person: Person) -> float:
        return wrap_angle(map_from_base.bearing_to(person.x_m, person.y_m) - self._screen_yaw_rad)


def nearest_follower(
    map_from_base: Pose2, people: tuple[Person, ...], screen_yaw_rad: float, within_m: float = 4.0
) -> Engagement:
    """Return the nearest person on the screen's side, who during a tour is taken to be the follower."""
    behind = [
        person
        for person in people
        if _distance(map_from_base, person) <= within_m
        and abs(wrap_angle(map_from_base.bearing_to(person.x_m, person.y_m) - screen_yaw_rad)) <= math.radians(100.0)
    ]
    person = min(behind, key=lambda candidate: _distance(map_from_base, candidate), default=None)
    return Engagement(person, _distance(map_from_base, person) if person else math.inf)


def _distance(map_from_base: Pose2, person: Person) -> float:
    return math.hypot(person.x_m - map_from_base.x_m, person.y_m - map_from_base.y_m)
