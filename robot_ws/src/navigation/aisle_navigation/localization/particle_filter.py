"""Localization as one core: a scan and odometry in, the pose and how sure it is out.

The particle cloud follows the robot; a watch notices when the scans no longer fit; then the whole map is searched,
and the pose is believed again only when one place is clearly better than all others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person, odometry_started_over
from aisle_navigation.localization.agreement import AgreementSettings, Match, match_at
from aisle_navigation.localization.beams import Beams, beams_of
from aisle_navigation.localization.certainty import Certainty, Sign, next_certainty
from aisle_navigation.localization.cloud import CloudSettings, ParticleCloud, Particles, Spread
from aisle_navigation.localization.likelihood import FieldSettings, likelihood_field
from aisle_navigation.localization.relocalizer import Relocalizer, RelocalizerSettings, Scene
from aisle_navigation.localization.watch import Watch, WatchSettings
from store_model.clearance import ClearanceMap

_NO_STEP = Pose2(0.0, 0.0, 0.0)
_LONGEST_STEP_S = 0.5
_START, _RECOGNIZED, _LOST = Spread(0.10, 0.08), Spread(0.05, 0.03), Spread(5.0, 1.0)


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """How the parts of localization are set; `beams` weigh the particles at each scan.

    While the robot is not localized its pose is reported with the spread `lost`.
    """

    beams: int = 60
    start: Spread = _START
    recognized: Spread = _RECOGNIZED
    lost: Spread = _LOST
    likelihood: FieldSettings = field(default_factory=FieldSettings)
    cloud: CloudSettings = field(default_factory=CloudSettings)
    agreement: AgreementSettings = field(default_factory=AgreementSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    relocalizer: RelocalizerSettings = field(default_factory=RelocalizerSettings)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The pose in the map frame, its spread, how the scan agrees with the map there, and how sure the robot is.

    `explained` is the share of beams that odometry and the scan before explain, None when nothing can be compared.
    """

    stamp_s: float
    map_from_base: Pose2
    position_stddev_m: float
    yaw_stddev_rad: float
    match: Match
    certainty: Certainty
    explained: float | None
    particles: int

    @property
    def localized(self) -> bool:
        """Tell whether the robot may drive by this pose."""
        return self.certainty is Certainty.LOCALIZED

    @property
    def needs_staff(self) -> bool:
        """Tell whether only a person can tell the robot where it is."""
        return self.certainty is Certainty.NEEDS_STAFF

    @property
    def spread(self) -> Spread:
        """The standard deviations of each axis and of the heading; `position_stddev_m` is that over both axes."""
        return Spread(self.position_stddev_m / math.sqrt(2.0), self.yaw_stddev_rad)

    @property
    def inlier_fraction(self) -> float:
        """The share of beams that end at the map."""
        return self.match.fitting


class ParticleFilter:
    """Follows the robot on one map. The same seed and inputs give the same estimates."""

    def __init__(self, grid: ClearanceMap, robot: RobotModel, settings: FilterSettings, seed: int) -> None:
        self.grid = grid
        self.robot = robot
        self.settings = settings
        likelihoods = likelihood_field(grid, settings.likelihood)
        self._cloud = ParticleCloud(likelihoods, settings.cloud, np.random.default_rng(seed))
        self._watch = Watch(settings.watch, settings.agreement)
        self._relocalizer = Relocalizer(grid, likelihoods, settings.relocalizer)
        self._certainty = Certainty.LOST
        self._last_odom: tuple[float, Pose2] | None = None
        self._updates = 0

    @property
    def particles(self) -> Particles:
        """The particles, shape (n, 3): x, y in metres and yaw in radians, in the map frame."""
        return self._cloud.particles

    def start_at(self, pose_map: Pose2, spread: Spread | None = None) -> None:
        """Believe a pose, such as the dock or what a person pointed at, give or take `spread`."""
        self._cloud.scatter(pose_map, spread or self.settings.start)
        self._last_odom = None
        self._watch.odometry_started_over()
        self._watch.forget()
        self._relocalizer.forget()
        self._certainty = next_certainty(self._certainty, Sign.PLACED)

    def look_everywhere(self) -> None:
        """Forget the pose and find it anew, because a person said so."""
        self._relocalizer.forget()
        self._certainty = next_certainty(self._certainty, Sign.ASKED)

    def update(self, scan: LaserScan, odom_from_base: Pose2, people: Sequence[Person] = ()) -> Estimate:
        """Take in a scan, the pose of odometry when it was taken, and people in the map frame, if they are known.

        When the odom frame has started over, the robot is taken to be about where it was. Odometry that is not a
        number counts as standing still.
        """
        self._updates += 1
        passed_s, step = self._step_since(odom_from_base, scan.stamp_s)
        beams = beams_of(scan, self.robot.laser.x_m)
        jumped = self._watch.has_jumped(scan, beams, self._last_odom[1]) if self._last_odom else False
        self._follow(step, beams, people)
        pose = self._cloud.centre().map_from_base
        match = match_at(self.grid, pose, beams, self.settings.agreement)
        for sign in self._signs(jumped, match, pose, Scene(beams, step, passed_s, self._updates)):
            self._heed(sign)
        return self._estimate(scan.stamp_s, match)

    def _step_since(self, odom_from_base: Pose2, now_s: float) -> tuple[float, Pose2]:
        """Return the seconds since the last scan, and how the base has moved in them."""
        if not all(math.isfinite(value) for value in (odom_from_base.x_m, odom_from_base.y_m, odom_from_base.yaw_rad)):
            return 0.0, _NO_STEP
        last_s, last = self._last_odom or (now_s, odom_from_base)
        self._last_odom = (now_s, odom_from_base)
        passed_s = max(0.0, min(_LONGEST_STEP_S, now_s - last_s))
        if odometry_started_over(last, odom_from_base, now_s - last_s):
            self._cloud.shake(self.settings.start)
            self._watch.odometry_started_over()
            return passed_s, _NO_STEP
        return passed_s, last.inverse() @ odom_from_base

    def _follow(self, step: Pose2, beams: Beams, people: Sequence[Person]) -> None:
        """Move the cloud; weigh it only while it is believed, lest it settles down in a wrong place."""
        news = self._cloud.news_in(step)
        self._cloud.move(step)
        if self._certainty is Certainty.LOCALIZED:
            seen = beams.without(people, self._cloud.centre().map_from_base).thinned(self.settings.beams, self._updates)
            self._cloud.weigh(seen.ends(), news)
            self._cloud.resample()

    def _signs(self, jumped: bool, match: Match, pose: Pose2, scene: Scene) -> tuple[Sign, ...]:
        judged = self._watch.judge(match, math.hypot(scene.step.x_m, scene.step.y_m), scene.passed_s)
        found = self._relocalizer.step(self._certainty, pose, scene, self._watch.is_thin)
        return (Sign.JUMPED if jumped else Sign.AGREES, judged, found)

    def _heed(self, sign: Sign) -> None:
        before, self._certainty = self._certainty, next_certainty(self._certainty, sign)
        if before is Certainty.LOCALIZED and self._certainty is not before and sign is not Sign.OUTDONE:
            self._relocalizer.forget()
        if self._certainty is Certainty.LOCALIZED and self._certainty is not before:
            assert self._relocalizer.place is not None
            self._cloud.scatter(self._relocalizer.place, self.settings.recognized)
            self._relocalizer.settle()
            self._watch.forget()

    def _estimate(self, stamp_s: float, match: Match) -> Estimate:
        centre, lost = self._cloud.centre(), self.settings.lost
        is_localized = self._certainty is Certainty.LOCALIZED
        return Estimate(
            stamp_s,
            centre.map_from_base,
            centre.position_stddev_m if is_localized else lost.position_m,
            centre.yaw_stddev_rad if is_localized else lost.yaw_rad,
            match,
            self._certainty,
            self._watch.explained,
            len(self._cloud),
        )
