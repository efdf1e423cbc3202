"""A robot that goes from shelf to shelf through the demo store among people, for measuring how well it knows its place.

Production cores drive it. Where it really was comes from scoring's recording, and reaches nothing that drives.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

from aisle import paths
from aisle.geometry import Pose2
from aisle.sensing import LaserScan
from aisle_navigation.driving.outcome import Status
from aisle_navigation.localization.particle_filter import Estimate
from benchmarks.store_drive import Drive, Shop, begin
from sim.people.baskets import read_baskets
from sim.people.settings import PeopleSettings, load_people, people_file
from sim.scenario import Obstacle, Scenario
from sim.scene.store_layout import layout_of
from sim.scoring import moment_at
from sim.world import USUAL_PEOPLE
from store_model.poses import shelf_pose

_KEPT_MOMENTS = 200
_DRIVES_M = 0.03
_STAND_CLEAR_M, _FROM_PEOPLE_M, _ELSEWHERE_M = 0.40, 0.90, 2.0
_CRATES, _CRATE_M, _CRATE_CLEAR_M, _FROM_HOME_M = 25, 0.6, 0.75, 1.5


@dataclass(frozen=True, slots=True)
class Look:
    """One scan, where odometry had the base then, where it really was, and what the robot made of it."""

    scan: LaserScan
    odom_from_base: Pose2
    really: Pose2
    estimate: Estimate

    @property
    def off_m(self) -> float:
        return self.really.distance_to(self.estimate.map_from_base)

    @property
    def off_deg(self) -> float:
        turn_rad = self.really.yaw_rad - self.estimate.map_from_base.yaw_rad
        return math.degrees(abs(math.remainder(turn_rad, math.tau)))


class Ride:
    """One run: the robot goes to one shelf after the other, or stands, or is carried elsewhere."""

    def __init__(self, shop: Shop, drive: Drive, seed: int) -> None:
        self.shop, self.drive = shop, drive
        self.is_standing = False
        self._stands = [shelf_pose(shop.plan, bay_id) for bay_id in sorted(shop.plan.bays)]
        self._floor = _floor_cells(shop)
        self._rng = np.random.default_rng((seed, 0x10CA))

    @property
    def now_s(self) -> float:
        return self.drive.world.now_s

    @property
    def really(self) -> Pose2:
        """Where the robot is."""
        return self.drive.recording.moments[-1].robot

    def run(self, seconds: float, until: Callable[[list[Look]], bool] = lambda _looks: False) -> list[Look]:
        """Go on for some simulated seconds, or until the looks so far are enough; return them."""
        looks: list[Look] = []
        ends_s = self.now_s + seconds
        while self.now_s < ends_s and not until(looks):
            progress = self.drive.step()
            del self.drive.recording.moments[:-_KEPT_MOMENTS]
            if progress is not None:
                looks += self._look()
        return looks

    def _look(self) -> list[Look]:
        cores = self.drive.cores
        scan, estimate, progress = cores.scan, cores.estimate, cores.progress
        assert scan is not None and estimate is not None and progress is not None
        self._choose_goal(progress.status not in (Status.DRIVING, Status.WAITING), estimate)
        odom_from_base = cores.odom_from_base(scan.stamp_s)
        if odom_from_base is None:
            return []
        return [Look(scan, odom_from_base, moment_at(self.drive.recording, scan.stamp_s).robot, estimate)]

    def _choose_goal(self, is_free: bool, estimate: Estimate) -> None:
        navigator = self.drive.cores.navigator
        if self.is_standing:
            navigator.cancel()
        elif is_free and estimate.localized:
            navigator.go_to(self._stands[int(self._rng.integers(len(self._stands)))])

    def carry_away(self) -> None:
        """Put the robot somewhere else on the floor, without its wheels turning."""
        self.drive.world.place_robot(self.elsewhere())

    def elsewhere(self) -> Pose2:
        """Draw a place on the floor that is free, and not near to where the robot is."""
        while True:
            row, column = self._floor[int(self._rng.integers(len(self._floor)))]
            x_m, y_m = self.shop.clearances.centre_of(int(row), int(column))
            place = Pose2(x_m, y_m, float(self._rng.uniform(-math.pi, math.pi)))
            people = self.drive.recording.moments[-1].people
            is_free = all(math.hypot(p.x_m - x_m, p.y_m - y_m) > _FROM_PEOPLE_M for p in people)
            if is_free and place.distance_to(self.really) > _ELSEWHERE_M:
                return place


def is_driving(looks: list[Look]) -> bool:
    """Tell whether the robot drives, by odometry between the last two looks."""
    return len(looks) > 1 and looks[-2].odom_from_base.distance_to(looks[-1].odom_from_base) > _DRIVES_M


def _floor_cells(shop: Shop) -> npt.NDArray[np.intp]:
    """Return rows and columns, shape (n, 2), of the floor around home where the robot has room."""
    home = shop.clearances.cell_of(shop.plan.home.x_m, shop.plan.home.y_m)
    parts, _ = label(shop.clearances.clearance_m > _STAND_CLEAR_M)
    return np.asarray(np.argwhere(parts == parts[home]))


def ride(shop: Shop, seed: int, people: int, behaviour: PeopleSettings = USUAL_PEOPLE) -> Ride:
    """Put a run together with the robot at home."""
    return Ride(shop, begin(shop, seed, people, behaviour=behaviour), seed)


def crowding() -> PeopleSettings:
    """Return people of whom most follow the robot around or stand in its way."""
    usual = load_people(people_file())
    mix = msgspec.structs.replace(usual.mix, robot_follower=0.5, blocker=0.3, staff=0.0)
    return msgspec.structs.replace(usual, mix=mix)


def with_crates(shop: Shop, seed: int) -> Shop:
    """Return the store with crates on its floor that no map knows."""
    rng, clearances = np.random.default_rng((seed, 0xC4A7)), shop.clearances
    free = np.argwhere(clearances.clearance_m > _CRATE_CLEAR_M)
    crates: list[Obstacle] = []
    while len(crates) < _CRATES:
        row, column = free[int(rng.integers(len(free)))]
        x_m, y_m = clearances.centre_of(int(row), int(column))
        if math.hypot(x_m - shop.plan.home.x_m, y_m - shop.plan.home.y_m) > _FROM_HOME_M:
            corner_m = (x_m - 0.5 * _CRATE_M, y_m - 0.5 * _CRATE_M)
            crates.append(Obstacle(corner_m[0], corner_m[1], _CRATE_M, _CRATE_M))
    solids = Scenario(obstacles=tuple(crates)).solids()
    return replace(shop, layout=layout_of(shop.plan, solids, read_baskets(paths.demo_store_dir())))
