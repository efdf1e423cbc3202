"""The last word on every step of the crowd: nobody ends in a shelf, in somebody else or in the robot.

JuPedSim keeps people apart well but not always, and knows nothing of trolleys. A step that would break a gap is
replaced by the first of its parts that breaks none, or not taken. Who is too near already may only go away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.people.shape import Shape
from sim.scene.floor import Floor

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

KEEP_GAP_M = 0.04
SHELF_GAP_M = 0.03
PRESSED_M = 0.005
_STANDING_M = 1e-4


@dataclass(frozen=True, slots=True)
class Places:
    """Where n people are: the middles of body and cargo, shape (n, 2), and yaws, in the map frame."""

    centre: FloatArray
    yaw: FloatArray

    def mixed(self, other: Places, take_other: BoolArray) -> Places:
        """Return these places, but the other's where told."""
        return Places(
            np.where(take_other[:, None], other.centre, self.centre), np.where(take_other, other.yaw, self.yaw)
        )


def headings(yaw: FloatArray) -> FloatArray:
    """Return the unit vectors of directions, shape (n, 2)."""
    return np.asarray(np.exp(1j * yaw).view(np.float64).reshape(-1, 2))


@dataclass(frozen=True, slots=True)
class Discs:
    """All discs of all people: whose each is, how far ahead of the middle, and its radius, in m."""

    owner: npt.NDArray[np.intp]
    ahead: FloatArray
    radius: FloatArray

    @staticmethod
    def of(shapes: Sequence[Shape]) -> Discs:
        """Return the discs of people of these shapes."""
        rows = [(k, ahead - shape.lead_m, radius) for k, shape in enumerate(shapes) for ahead, radius in shape.discs]
        owner, ahead, radius = (np.array(column) for column in zip(*rows, strict=True)) if rows else [np.empty(0)] * 3
        return Discs(owner.astype(np.intp), ahead, radius)

    def at(self, places: Places) -> FloatArray:
        """Return the centres of the discs in the map, shape (d, 2)."""
        return np.asarray(places.centre[self.owner] + self.ahead[:, None] * headings(places.yaw)[self.owner])


@dataclass(frozen=True, slots=True)
class RobotDisc:
    """The robot, and how much more distance people keep from it than from each other."""

    x_m: float
    y_m: float
    radius_m: float
    comfort_m: float


@dataclass(frozen=True, slots=True)
class _Reach:
    """The robot, and from which distance to its middle it holds up each disc."""

    x_m: float
    y_m: float
    reach_m: FloatArray


class LastCheck:
    """Keeps the gaps of one crowd. Those who `may_press` on the robot stop only when they touch it."""

    def __init__(self, discs: Discs, floor: Floor, may_press: BoolArray) -> None:
        self._discs, self._floor = discs, floor
        self._may_press = may_press[discs.owner]
        self._is_long = np.bincount(discs.owner, minlength=len(may_press)) > 1
        self._reach_m = discs.radius[:, None] + discs.radius[None] + KEEP_GAP_M
        # Discs of one person do not count against each other.
        self._reach_m[discs.owner[:, None] == discs.owner[None]] = -1.0

    def settle(self, before: Places, wanted: Places, robot: RobotDisc) -> Places:
        """Return where everybody really goes: as wanted, or part of the way, or nowhere."""
        gap_m = np.where(self._may_press, -PRESSED_M, robot.comfort_m + KEEP_GAP_M)
        reach = _Reach(robot.x_m, robot.y_m, self._discs.radius + robot.radius_m + gap_m)
        old = self._discs.at(before)
        old_clearance = self._floor.clearances(old)
        stays = np.zeros(len(before.yaw), dtype=bool)
        while True:
            places = wanted.mixed(before, stays)
            offends = self._offenders(self._discs.at(places), old, old_clearance, reach) & ~stays
            if not offends.any():
                break
            stays |= offends
        for index in np.flatnonzero(stays).tolist():
            self._compromise(index, places, before, wanted, reach)
        return places

    def _offenders(self, new: FloatArray, old: FloatArray, old_clearance: FloatArray, robot: _Reach) -> BoolArray:
        """Tell who breaks a gap and comes nearer by it."""
        clearance = self._floor.clearances(new)
        bad = (clearance < self._discs.radius + SHELF_GAP_M) & (clearance < old_clearance)
        bad |= _is_nearer(new, old, robot)
        apart = _distances(new, new)
        one, other = np.nonzero(apart < self._reach_m)
        if len(one):
            before = np.hypot(old[one, 0] - old[other, 0], old[one, 1] - old[other, 1])
            bad[one[apart[one, other] < before]] = True
        offends = np.zeros(int(self._discs.owner[-1]) + 1, dtype=bool)
        offends[self._discs.owner[bad]] = True
        return offends

    def _compromise(self, index: int, places: Places, before: Places, wanted: Places, robot: _Reach) -> None:
        """Move one person who stayed by the first part of the step that is free, in place."""
        mine = np.flatnonzero(self._discs.owner == index).tolist()
        discs = self._discs.at(places)
        for centre, yaw in self._parts(index, before, wanted, discs):
            if self._is_free(centre, yaw, mine, discs, robot):
                places.centre[index], places.yaw[index] = centre, yaw
                return

    def _parts(
        self, index: int, before: Places, wanted: Places, discs: FloatArray
    ) -> Iterator[tuple[tuple[float, float], float]]:
        """Yield parts of a step: without the turn, along the shelf, along the nearest person, the turn alone."""
        (x, y), old_yaw, yaw = before.centre[index].tolist(), float(before.yaw[index]), float(wanted.yaw[index])
        dx, dy = (wanted.centre[index] - before.centre[index]).tolist()
        if abs(dx) + abs(dy) > _STANDING_M:
            turns = yaw != old_yaw and bool(self._is_long[index])
            normals = [(0.0, 0.0)] * turns + [self._floor.uphill(x, y), self._from_nearest(index, x, y, discs)]
            for normal_x, normal_y in normals:
                inward = min(0.0, dx * normal_x + dy * normal_y)
                yield (x + dx - inward * normal_x, y + dy - inward * normal_y), old_yaw
        if yaw != old_yaw:
            yield (x, y), yaw

    def _from_nearest(self, index: int, x: float, y: float, discs: FloatArray) -> tuple[float, float]:
        """Return the unit vector from the nearest disc of somebody else; zero when there is nobody."""
        gap = np.hypot(discs[:, 0] - x, discs[:, 1] - y) - self._discs.radius
        gap[self._discs.owner == index] = np.inf
        nearest = int(np.argmin(gap))
        away_x, away_y = x - float(discs[nearest, 0]), y - float(discs[nearest, 1])
        distance = math.hypot(away_x, away_y)
        if distance < 1e-9 or not math.isfinite(gap[nearest]):
            return 0.0, 0.0
        return away_x / distance, away_y / distance

    def _is_free(
        self, centre: tuple[float, float], yaw: float, mine: list[int], discs: FloatArray, robot: _Reach
    ) -> bool:
        cos, sin = math.cos(yaw), math.sin(yaw)
        for disc in mine:
            ahead = float(self._discs.ahead[disc])
            x, y = centre[0] + ahead * cos, centre[1] + ahead * sin
            old_x, old_y = discs[disc].tolist()
            clearance = self._floor.clearance(x, y)
            if clearance < self._discs.radius[disc] + SHELF_GAP_M and clearance < self._floor.clearance(old_x, old_y):
                return False
            apart = math.hypot(x - robot.x_m, y - robot.y_m)
            if apart < robot.reach_m[disc] and apart < math.hypot(old_x - robot.x_m, old_y - robot.y_m):
                return False
            near = np.flatnonzero(np.hypot(discs[:, 0] - x, discs[:, 1] - y) < self._reach_m[disc])
            for ox, oy in discs[near].tolist():
                if math.hypot(ox - x, oy - y) < math.hypot(ox - old_x, oy - old_y):
                    return False
        return True


def _is_nearer(new: FloatArray, old: FloatArray, robot: _Reach) -> BoolArray:
    place = (robot.x_m, robot.y_m)
    apart = np.hypot(*(new - place).T)
    return np.asarray((apart < robot.reach_m) & (apart < np.hypot(*(old - place).T)))


def _distances(one: FloatArray, other: FloatArray) -> FloatArray:
    away = one[:, None] - other[None]
    return np.asarray(np.hypot(away[..., 0], away[..., 1]))
