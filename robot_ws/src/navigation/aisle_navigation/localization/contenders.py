"""The places where the robot may be, followed and judged scan by scan until one is clearly better than all others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2, wrap_angle
from aisle_navigation.localization.agreement import AgreementSettings, match_at
from aisle_navigation.localization.beams import Beams
from aisle_navigation.localization.kernels.search import climb, mean_logs, thin_out
from aisle_navigation.localization.likelihood import LikelihoodField
from aisle_navigation.localization.whole_map import moved_by
from store_model.clearance import ClearanceMap

Supports = FloatArray
"""Shape (k, 2): the mean log-likelihood of a beam, for the glass and for the solid reading of fixtures."""
_UNKNOWN = -1e3


@dataclass(frozen=True, slots=True)
class ContenderSettings:
    """Distances in metres, angles in radians; supports are mean log-likelihoods of one beam.

    The newest scan counts for `least_share`, more the further the robot has moved, all of it after `memory_m`.
    """

    beams: int = 360
    climb_beams: int = 120
    climb_m: float = 0.02
    climb_rad: float = 0.0175
    halvings: int = 2
    apart_m: float = 0.50
    turned_rad: float = 0.25
    through_cost: float = 2.0
    hopeless_lead: float = -0.40
    least_share: float = 0.05
    memory_m: float = 1.0
    young: int = 5
    most: int = 100


@dataclass(frozen=True, slots=True)
class Contender:
    """One place, and by how much it leads the best of the others in the reading that suits it less."""

    map_from_base: Pose2
    lead: float
    scans: int


class Contenders:
    """Holds poses, shape (k, 3), what supports them, and for how many scans each was followed."""

    def __init__(self, grid: ClearanceMap, field: LikelihoodField, settings: ContenderSettings) -> None:
        self._grid, self._field, self._settings = grid, field, settings
        self._agreement = AgreementSettings()
        self.clear()

    def __len__(self) -> int:
        return len(self._poses)

    def clear(self) -> None:
        self._poses: FloatArray = np.zeros((0, 3))
        self._supports: Supports = np.zeros((0, 2))
        self._scans = np.zeros(0, dtype=np.int64)

    def add(self, poses: FloatArray) -> None:
        """Take more places, shape (n, 3), that were found by a search; those that are known already are dropped."""
        self._poses = np.vstack((self._poses, poses))
        self._supports = np.vstack((self._supports, np.full((len(poses), 2), _UNKNOWN)))
        self._scans = np.append(self._scans, np.zeros(len(poses), dtype=np.int64))

    def step(self, step: Pose2, beams: Beams, turn: int, believed: Pose2) -> None:
        """Move all by what odometry says, fit them to the scan, and let it count for or against them.

        Hopeless ones are dropped, but not the one at the pose that is believed now: it is to be compared.
        """
        settings = self._settings
        if len(self) == 0:
            return
        self._poses = moved_by(self._poses, step)
        if len(beams) == 0:
            return
        self._climb(beams.thinned(settings.climb_beams, turn))
        scores = self._scores(beams.thinned(settings.beams, turn))
        share = np.maximum(self._newest_share(step), 1.0 / (self._scans + 1.0))[:, None]
        before = np.where(self._scans[:, None] == 0, scores, self._supports)
        self._supports = (1.0 - share) * before + share * scores
        self._scans += 1
        self._drop(believed)

    def best(self) -> Contender | None:
        """Return the place that leads, None without any that was followed for some scans."""
        leads = self._leads()
        leads[self._scans < self._settings.young] = -math.inf
        if len(leads) == 0 or not math.isfinite(float(leads.max())):
            return None
        return self._contender(int(leads.argmax()), leads)

    def at(self, pose_map: Pose2) -> Contender | None:
        """Return the contender that is at a pose; None when there is none, or a new one."""
        index = self._index_at(pose_map)
        return None if index is None else self._contender(index, self._leads())

    def rival_of(self, pose_map: Pose2) -> Contender | None:
        """Return the place that leads the contender at a pose by most, and by how much; None without one of them."""
        index = self._index_at(pose_map)
        if index is None:
            return None
        leads = (self._supports - self._supports[index]).min(axis=1)
        leads[self._scans < self._settings.young] = -math.inf
        return self._contender(int(leads.argmax()), leads)

    def _index_at(self, pose_map: Pose2) -> int | None:
        index = self._near(pose_map)
        return index if index is not None and self._scans[index] >= self._settings.young else None

    def _near(self, pose_map: Pose2) -> int | None:
        """Return the best contender that is no other place than a pose."""
        for index, (x_m, y_m, yaw_rad) in enumerate(self._poses.tolist()):
            near = math.hypot(x_m - pose_map.x_m, y_m - pose_map.y_m) <= self._settings.apart_m
            if near and abs(wrap_angle(yaw_rad - pose_map.yaw_rad)) <= self._settings.turned_rad:
                return index
        return None

    def _newest_share(self, step: Pose2) -> float:
        settings = self._settings
        return min(0.5, settings.least_share + math.hypot(step.x_m, step.y_m) / settings.memory_m)

    def _climb(self, beams: Beams) -> None:
        field, settings = self._field, self._settings
        climb(
            self._poses,
            beams.ends(),
            field.glass,
            field.resolution_m,
            field.origin_x_m,
            field.origin_y_m,
            settings.climb_m,
            settings.climb_rad,
            settings.halvings,
        )

    def _scores(self, beams: Beams) -> Supports:
        field, points = self._field, beams.ends()
        place = (field.resolution_m, field.origin_x_m, field.origin_y_m)
        readings = [mean_logs(self._poses, points, table, *place) for table in (field.glass, field.solid)]
        poses = (Pose2(*pose) for pose in self._poses.tolist())
        through = [match_at(self._grid, pose, beams, self._agreement).through for pose in poses]
        return np.column_stack(readings) - self._settings.through_cost * np.array(through)[:, None]

    def _drop(self, believed: Pose2) -> None:
        """Keep one of each place, and only those that may still win."""
        settings = self._settings
        behind = (self._supports - self._supports.max(axis=0)).min(axis=1)
        may_win = (behind > settings.hopeless_lead) | (self._scans < settings.young)
        may_win[[index for index in (self._near(believed),) if index is not None]] = True
        order = np.argsort(-behind, kind="stable")
        order = order[may_win[order]]
        order = order[thin_out(self._poses[order], settings.apart_m, settings.turned_rad, settings.most)]
        self._poses, self._supports, self._scans = self._poses[order], self._supports[order], self._scans[order]

    def _leads(self) -> FloatArray:
        """Return by how much each place leads the best other one, shape (k,), in the reading where it leads least."""
        supports = self._supports
        if len(supports) < 2:
            return np.full(len(supports), -self._settings.hopeless_lead)
        first, second = np.sort(supports, axis=0)[-1], np.sort(supports, axis=0)[-2]
        others = np.where(supports == first, second, first)
        return np.asarray((supports - others).min(axis=1))

    def _contender(self, index: int, leads: FloatArray) -> Contender:
        return Contender(Pose2(*self._poses[index].tolist()), float(leads[index]), int(self._scans[index]))
