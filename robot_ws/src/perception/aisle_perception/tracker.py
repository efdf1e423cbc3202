"""Tracks of people: predict, match, update, retire. A constant-velocity Kalman filter for each person.

After Y. Bar-Shalom, X. Li and T. Kirubarajan, "Estimation with Applications to Tracking and Navigation" (2001);
matching by the Hungarian method with a gate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from aisle.geometry import FloatArray
from aisle.sensing import Person
from aisle_perception.laser_people import Detection


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Noise in metres and m/s2, the gate in metres, life times in seconds."""

    measurement_stddev_m: float = 0.10
    acceleration_stddev_mps2: float = 1.2
    gate_m: float = 0.8
    confirm_after: int = 3
    forget_after_s: float = 1.0
    person_radius_m: float = 0.25


@dataclass(frozen=True, slots=True)
class Track:
    """One hypothesis: state (x, y, vx, vy) and its covariance."""

    track_id: int
    state: FloatArray
    covariance: FloatArray
    hits: int
    seen_s: float


class Tracker:
    """Keeps the tracks; `step` takes the detections of one scan and returns the people that are sure."""

    def __init__(self, settings: TrackerSettings = TrackerSettings()) -> None:
        self.settings = settings
        self._tracks: list[Track] = []
        self._next_id = 1
        self._now_s = -math.inf

    def step(self, detections: list[Detection], now_s: float) -> tuple[Person, ...]:
        """Advance to `now_s` with what was seen then. A time that runs backwards starts over."""
        elapsed_s = now_s - self._now_s if math.isfinite(self._now_s) else 0.0
        if elapsed_s < 0.0:
            self._tracks, elapsed_s = [], 0.0
        self._now_s = now_s
        predicted = [_predict(track, elapsed_s, self.settings) for track in self._tracks]
        pairs = _match(predicted, detections, self.settings.gate_m)
        updated = self._update(predicted, detections, pairs)
        self._tracks = [track for track in updated if self._is_alive(track)]
        return tuple(self._person(track) for track in self._tracks if track.hits >= self.settings.confirm_after)

    def _update(self, tracks: list[Track], detections: list[Detection], pairs: dict[int, int]) -> list[Track]:
        matched = [
            _correct(track, detections[pairs[index]], self._now_s, self.settings) if index in pairs else track
            for index, track in enumerate(tracks)
        ]
        taken = set(pairs.values())
        return matched + [self._born(found) for index, found in enumerate(detections) if index not in taken]

    def _born(self, detection: Detection) -> Track:
        variance = self.settings.measurement_stddev_m**2
        track = Track(
            self._next_id,
            np.array([detection.x_m, detection.y_m, 0.0, 0.0]),
            np.diag([variance, variance, 1.0, 1.0]),
            1,
            self._now_s,
        )
        self._next_id += 1
        return track

    def _is_alive(self, track: Track) -> bool:
        patience_s = self.settings.forget_after_s if track.hits >= self.settings.confirm_after else 0.35
        return self._now_s - track.seen_s <= patience_s

    def _person(self, track: Track) -> Person:
        x_m, y_m, vx_mps, vy_mps = (float(value) for value in track.state)
        return Person(track.track_id, x_m, y_m, vx_mps, vy_mps, self.settings.person_radius_m, track.seen_s)


def _predict(track: Track, elapsed_s: float, settings: TrackerSettings) -> Track:
    move = np.eye(4)
    move[0, 2] = move[1, 3] = elapsed_s
    push = np.array([[0.5 * elapsed_s**2, 0.0], [0.0, 0.5 * elapsed_s**2], [elapsed_s, 0.0], [0.0, elapsed_s]])
    noise = push @ push.T * settings.acceleration_stddev_mps2**2
    return replace(track, state=move @ track.state, covariance=move @ track.covariance @ move.T + noise)


def _match(tracks: list[Track], detections: list[Detection], gate_m: float) -> dict[int, int]:
    """Return track index -> detection index of the cheapest assignment within the gate."""
    if not tracks or not detections:
        return {}
    places = np.array([track.state[:2] for track in tracks])
    seen = np.array([(found.x_m, found.y_m) for found in detections])
    distance_m = np.hypot(places[:, None, 0] - seen[None, :, 0], places[:, None, 1] - seen[None, :, 1])
    rows, columns = linear_sum_assignment(np.minimum(distance_m, 10.0 * gate_m))
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if distance_m[r, c] <= gate_m}


def _correct(track: Track, detection: Detection, now_s: float, settings: TrackerSettings) -> Track:
    innovation = np.array([detection.x_m, detection.y_m]) - track.state[:2]
    spread = track.covariance[:2, :2] + np.eye(2) * settings.measurement_stddev_m**2
    gain = track.covariance[:, :2] @ np.linalg.inv(spread)
    covariance = track.covariance - gain @ track.covariance[:2, :]
    state = track.state + gain @ innovation
    return Track(track.track_id, state, covariance, track.hits + 1, now_s)
