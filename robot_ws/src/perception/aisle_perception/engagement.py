"""Who stands at the touchscreen: near, on its side, and not walking past."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Pose2, wrap_angle
from aisle.sensing import Person

_SAME_PLACE_M = 0.8


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


class FollowerDetector:
    """Remembers who stood at the screen last: during a tour that person is the follower, wherever they walk.

    When the track breaks (somebody hid behind a shelf), a new track near the last place is taken for the same person;
    after `patience_s` it is whoever is nearest on the screen's side.
    """

    def __init__(self, screen_yaw_rad: float, within_m: float = 4.0, patience_s: float = 3.0) -> None:
        self._screen_yaw_rad = screen_yaw_rad
        self._within_m = within_m
        self._patience_s = patience_s
        self._last: Person | None = None
        self._seen_s = -math.inf

    def step(self, map_from_base: Pose2, people: tuple[Person, ...], engaged: Person | None, now_s: float) -> float:
        """Return the distance to the follower in metres, inf while nobody is taken for one."""
        follower = engaged or self._same(people, now_s) or self._stand_in(map_from_base, people, now_s)
        if follower is None:
            return math.inf
        self._last, self._seen_s = follower, now_s
        distance_m = _distance(map_from_base, follower)
        return distance_m if distance_m <= self._within_m else math.inf

    def _same(self, people: tuple[Person, ...], now_s: float) -> Person | None:
        last = self._last
        if last is None:
            return None
        same = next((person for person in people if person.track_id == last.track_id), None)
        if same is not None or now_s - self._seen_s > self._patience_s:
            return same
        near = (p for p in people if math.hypot(p.x_m - last.x_m, p.y_m - last.y_m) < _SAME_PLACE_M)
        return min(near, key=lambda p: math.hypot(p.x_m - last.x_m, p.y_m - last.y_m), default=None)

    def _stand_in(self, map_from_base: Pose2, people: tuple[Person, ...], now_s: float) -> Person | None:
        if now_s - self._seen_s <= self._patience_s:
            return None
        behind = [
            person
            for person in people
            if _distance(map_from_base, person) <= self._within_m
            and abs(self._off_screen_rad(map_from_base, person)) <= math.radians(100)
        ]
        return min(behind, key=lambda person: _distance(map_from_base, person), default=None)

    def _off_screen_rad(self, map_from_base: Pose2, person: Person) -> float:
        return wrap_angle(map_from_base.bearing_to(person.x_m, person.y_m) - self._screen_yaw_rad)


def _distance(map_from_base: Pose2, person: Person) -> float:
    return math.hypot(person.x_m - map_from_base.x_m, person.y_m - map_from_base.y_m)
