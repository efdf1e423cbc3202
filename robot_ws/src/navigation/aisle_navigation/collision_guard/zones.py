"""Stop, slow and approach: how fast the base may drive towards what the laser sees.

The idea is that of Nav2's collision monitor (a polygon around the robot, and what happens when something is in it),
with two differences. The zones follow the arc that the base is asked to drive: a zone is what the footprint, grown by
`side_m`, sweeps over the first `length_m` of that arc. And a way that leads away from a thing is free, however near
the thing is, so that nothing traps the robot.

Every length follows from the stopping way v r + v^2 / 2a of the robot model: r is the reaction time, a the braking.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Twist2
from aisle.robot_model import RobotModel
from aisle_navigation.collision_guard.arcs import free_distance
from aisle_navigation.collision_guard.settings import GuardSettings, reaction_s


@dataclass(frozen=True, slots=True)
class Zone:
    """One row: within `length_m` along the arc, the footprint grown by `side_m`, speeds are at most as given.

    The limit is the least of `speed_mps` and the speed that keeps `keeps_s` seconds until the way, short of
    `spare_m`, is used up.
    """

    name: str
    sentence: str
    side_m: float
    length_m: float
    speed_mps: float = math.inf
    keeps_s: float = 0.0
    spare_m: float = 0.0

    def limit_mps(self, free_m: float) -> float:
        """Return the highest speed with `free_m` left until the grown footprint touches something."""
        if free_m > self.length_m:
            return math.inf
        if self.keeps_s == 0.0:
            return self.speed_mps
        return min(self.speed_mps, max(0.0, free_m - self.spare_m) / self.keeps_s)


@dataclass(frozen=True, slots=True)
class Zones:
    """All zones of a robot, and what it may do very near to something."""

    radius_m: float
    rows: tuple[Zone, ...]
    crawl: Zone
    touch_m: float
    """Points so deep inside the footprint are no noise of the laser: something is in the robot's place."""
    crawl_turn_radps: float
    top: Twist2
    least_mps: float

    @property
    def stop_m(self) -> float:
        return self.rows[0].length_m

    @property
    def horizon_m(self) -> float:
        """Nothing farther than this from the base can limit it."""
        return self.radius_m + max(zone.length_m + zone.side_m for zone in self.rows)


def stopping_way_m(speed_mps: float, robot: RobotModel, settings: GuardSettings) -> float:
    """Return the way from something coming into view until the base stands, in metres."""
    return speed_mps * reaction_s(robot, settings) + speed_mps**2 / (2.0 * robot.limits.braking_mps2)


def zones_of(robot: RobotModel, settings: GuardSettings) -> Zones:
    """Derive the zones. From top speed the base stops before what enters the slow zone has come to the stop zone."""
    top_mps, radius_m = robot.limits.speed_mps, robot.base.radius_m
    side_m = settings.noise_deviations * robot.laser.noise_m
    stop_m = stopping_way_m(settings.stop_share * top_mps, robot, settings)
    keeps_s = reaction_s(robot, settings) + top_mps / robot.limits.braking_mps2
    crawl_mps = settings.crawl_share * top_mps
    rows = (
        Zone("stop", "the base stands", side_m, stop_m, speed_mps=0.0),
        Zone(
            "slow",
            f"at most {settings.slow_share:.0%} of the top speed",
            side_m=stop_m,
            length_m=stop_m + stopping_way_m(top_mps, robot, settings),
            speed_mps=settings.slow_share * top_mps,
        ),
        Zone(
            "approach",
            f"at least {keeps_s:.2f} s until the stop zone touches",
            side_m,
            length_m=stop_m + top_mps * keeps_s,
            keeps_s=keeps_s,
            spare_m=stop_m,
        ),
    )
    # Crawling keeps the same distance ahead, and none beside.
    crawl = Zone("crawl", "the footprint itself must be free", 0.0, math.inf, crawl_mps, keeps_s, stop_m + side_m)
    top = Twist2(top_mps, robot.limits.turn_radps)
    return Zones(radius_m, rows, crawl, side_m, crawl_mps / radius_m, top, settings.least_mps)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The velocity that passes, and the zone that limited it; an empty name where none did."""

    twist: Twist2
    zone: str


def limit(wanted: Twist2, points: FloatArray, zones: Zones) -> Verdict:
    """Return the fastest velocity on the wanted arc that the zones allow.

    `points` are obstacles in the base frame, shape (n, 2), in metres. The curvature is kept: slowing must not bend
    the path towards something else. Where no way forward is left, turning on the spot is.
    """
    turn_limit_radps = _turn_limit(points, zones)
    if turn_limit_radps == 0.0:
        wanted = Twist2(wanted.linear_mps, 0.0)
    allowed_mps, zone = _way_limit(wanted, points, zones)
    if wanted.linear_mps != 0.0 and allowed_mps < min(zones.least_mps, abs(wanted.linear_mps)):
        turn_radps = max(-turn_limit_radps, min(turn_limit_radps, wanted.angular_radps))
        return Verdict(Twist2(0.0, turn_radps), zone)
    way, turn = _share(allowed_mps, wanted.linear_mps), _share(turn_limit_radps, wanted.angular_radps)
    share = min(1.0, way, turn)
    if share == 1.0:
        return Verdict(wanted, "")
    return Verdict(Twist2(share * wanted.linear_mps, share * wanted.angular_radps), zone if way <= turn else "turn")


def _share(allowed: float, wanted: float) -> float:
    return math.inf if wanted == 0.0 else allowed / abs(wanted)


def _turn_limit(points: FloatArray, zones: Zones) -> float:
    """A round base turns without touching; near to something it does so at a crawl."""
    gap_m = float(np.hypot(points[:, 0], points[:, 1]).min()) - zones.radius_m if len(points) else math.inf
    if gap_m < -zones.touch_m:
        return 0.0
    return zones.crawl_turn_radps if gap_m < zones.stop_m else zones.top.angular_radps


def _way_limit(wanted: Twist2, points: FloatArray, zones: Zones) -> tuple[float, str]:
    """Return the speed that the strictest zone allows on the arc, and its name.

    Past something very near beside it the base may still crawl: there the footprint without any margin counts.
    """
    allowed_mps, name = zones.top.linear_mps, "top speed"
    for zone in zones.rows:
        limit_mps = zone.limit_mps(free_distance(wanted, points, zones.radius_m + zone.side_m))
        if limit_mps < allowed_mps:
            allowed_mps, name = limit_mps, zone.name
    if allowed_mps < zones.crawl.speed_mps:
        crawl_mps = zones.crawl.limit_mps(free_distance(wanted, points, zones.radius_m))
        if crawl_mps > allowed_mps:
            return crawl_mps, zones.crawl.name
    return allowed_mps, name
