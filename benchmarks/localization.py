"""How well the robot knows its place: speed, accuracy among people, kidnappings, places shown wrongly, false alarms."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from aisle.geometry import Pose2
from aisle_navigation.localization.beams import beams_of
from aisle_navigation.localization.cloud import CloudSettings
from aisle_navigation.localization.particle_filter import FilterSettings, ParticleFilter
from benchmarks.intervals import wilson
from benchmarks.localization_store import Look, Ride, crowding, is_driving, ride, with_crates
from benchmarks.machine import one_core
from benchmarks.plain_filter import PlainFilter
from benchmarks.rows import Request, Row
from benchmarks.store_drive import Shop, open_shop

PEOPLE, CROWD = 20, 30
PARTICLES, BEAMS, PLAIN_PARTICLES = 2000, 60, 400
NOTICE_S, FIND_S, RIGHT_M = 5.0, 15.0, 0.5
_CARRIED_AT_ONCE = 5
_SET_OFF_S, _COME_TO_REST_S = 20.0, 3.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """How much is measured: rides and their simulated seconds, kidnappings, and places shown wrongly."""

    rides: int
    ride_s: float
    crowd_rides: int
    kidnappings: int
    wrong_starts: int
    timed: int


QUICK = Lengths(rides=2, ride_s=25.0, crowd_rides=1, kidnappings=6, wrong_starts=3, timed=100)
WHOLE = Lengths(rides=5, ride_s=120.0, crowd_rides=3, kidnappings=20, wrong_starts=20, timed=500)


def run(request: Request) -> list[Row]:
    """Measure in the demo store. Raises BenchmarkProblem when it, or the firmware, is not built."""
    shop, lengths = open_shop(), QUICK if request.quick else WHOLE
    usual = [
        _said(f"ride {seed}", ride(shop, seed, PEOPLE).run(lengths.ride_s)) for seed in range(1, lengths.rides + 1)
    ]
    seeds = range(11, 11 + lengths.crowd_rides)
    crowded = [
        _said(f"ride {seed} in a crowd", ride(with_crates(shop, seed), seed, CROWD, crowding()).run(lengths.ride_s))
        for seed in seeds
    ]
    carried = kidnap(shop, lengths.kidnappings)
    shown = show_wrongly(shop, lengths.wrong_starts)
    with one_core():
        speed = _speed(shop, usual[0], lengths.timed)
    return [
        *speed, *_accuracy(shop, usual), *_kidnapping_rows(carried), *_wrong_start_rows(shown),
        *_alarm_rows(usual, f"{PEOPLE} people of the usual mix", "false_alarms_per_hour"),
        *_alarm_rows(crowded, f"{CROWD} people who follow and block the robot, 25 crates on no map", ""),
    ]  # fmt: skip


def _said(what: str, looks: list[Look]) -> list[Look]:
    worst_m = max((look.off_m for look in looks), default=math.nan)
    print(f"{what}: {len(looks)} scans, at most {100 * worst_m:.1f} cm off", file=sys.stderr)
    return looks


# Speed


def _speed(shop: Shop, looks: Sequence[Look], count: int) -> list[Row]:
    """Time whole updates on a ride's scans, on one core, after a first that is not counted."""
    fixed = FilterSettings(cloud=CloudSettings(least=PARTICLES, most=PARTICLES))
    full_ms, usual_ms = (_update_ms(shop, looks, settings, count) for settings in (fixed, FilterSettings()))
    plain_ms = _plain_ms(shop, looks, max(10, count // 10))
    lost_ms = _update_ms(shop, looks, FilterSettings(), min(count, 60), lost=True)
    how = f"{PARTICLES} particles x {BEAMS} beams, whole update, one core, {count} scans"
    return [
        Row("one update, median", float(np.median(full_ms)), "ms", "5", how, "update_ms_p50"),
        Row("one update, p95", float(np.quantile(full_ms, 0.95)), "ms", "5", how, "update_ms_p95"),
        Row("the same in plain numpy, median", float(np.median(plain_ms)), "ms", "", "weighing, moving, drawing only"),
        Row("as many particles as KLD sampling takes, median", float(np.median(usual_ms)), "ms"),
        Row(
            "an update while it searches the whole store, p95", float(np.quantile(lost_ms, 0.95)), "ms", "", "standing"
        ),
    ]


def _update_ms(
    shop: Shop, looks: Sequence[Look], settings: FilterSettings, count: int, lost: bool = False
) -> list[float]:
    filter_ = ParticleFilter(shop.clearances, shop.robot, settings, seed=1)
    filter_.start_at(looks[0].really)
    filter_.update(looks[0].scan, looks[0].odom_from_base)
    if lost:
        filter_.look_everywhere()
    taken_ms = []
    for number in range(count):
        look = looks[1] if lost else looks[1 + number % (len(looks) - 1)]
        start_s = time.perf_counter()
        filter_.update(look.scan, look.odom_from_base)
        taken_ms.append(1e3 * (time.perf_counter() - start_s))
    return taken_ms


def _plain_ms(shop: Shop, looks: Sequence[Look], count: int) -> list[float]:
    filter_, taken_ms = PlainFilter(shop.clearances, looks[0].really, PARTICLES, seed=1), []
    for look in looks[:count]:
        points = _points(shop, look)
        start_s = time.perf_counter()
        filter_.update(Pose2(0.0, 0.0, 0.0), points)
        taken_ms.append(1e3 * (time.perf_counter() - start_s))
    return taken_ms


def _points(shop: Shop, look: Look) -> np.ndarray:
    return beams_of(look.scan, shop.robot.laser.x_m).thinned(BEAMS).ends()


# Accuracy


def _accuracy(shop: Shop, rides: list[list[Look]]) -> list[Row]:
    looks = [look for one in rides for look in one]
    off_m, off_deg = np.array([look.off_m for look in looks]), np.array([look.off_deg for look in looks])
    particles = float(np.mean([look.estimate.particles for look in looks]))
    driven_m = sum(a.really.distance_to(b.really) for one in rides for a, b in pairwise(one))
    how = f"{PEOPLE} walking people, {len(rides)} rides, {driven_m:.0f} m, {len(looks)} scans, everyday sensor faults"
    plain_m = np.concatenate([_plain_off_m(shop, one) for one in rides])
    odometry_m = np.concatenate([_odometry_off_m(one) for one in rides])
    return [
        Row("particles, mean", particles, "", "", "KLD sampling, 200 to 2000", "particles_mean"),
        Row("position error, median", 100 * float(np.median(off_m)), "cm", "5", how, "median_error_cm"),
        Row("position error, p99", 100 * float(np.quantile(off_m, 0.99)), "cm", "20", "", "p99_error_cm"),
        Row("heading error, median", float(np.median(off_deg)), "degrees", "2", "", "median_error_deg"),
        Row("heading error, p99", float(np.quantile(off_deg, 0.99)), "degrees"),
        Row("plain numpy filter: position error, median", 100 * float(np.median(plain_m)), "cm", "",
            f"{PLAIN_PARTICLES} particles, same scans"),
        Row("plain numpy filter: position error, p99", 100 * float(np.quantile(plain_m, 0.99)), "cm"),
        Row("odometry alone: position error, median", 100 * float(np.median(odometry_m)), "cm", "", "same rides"),
        Row("odometry alone: position error, p99", 100 * float(np.quantile(odometry_m, 0.99)), "cm"),
    ]  # fmt: skip


def _plain_off_m(shop: Shop, looks: Sequence[Look]) -> list[float]:
    filter_, before, off_m = PlainFilter(shop.clearances, looks[0].really, PLAIN_PARTICLES, seed=1), looks[0], []
    for look in looks:
        step = before.odom_from_base.inverse() @ look.odom_from_base
        off_m.append(filter_.update(step, _points(shop, look)).distance_to(look.really))
        before = look
    return off_m


def _odometry_off_m(looks: Sequence[Look]) -> list[float]:
    map_from_odom = looks[0].really @ looks[0].odom_from_base.inverse()
    return [(map_from_odom @ look.odom_from_base).distance_to(look.really) for look in looks]


# Kidnappings


@dataclass(slots=True)
class Outcome:
    """What came of one kidnapping, or of one place shown wrongly: times after it, None for never.

    `wrong_claims` counts the times the robot said again that it is localized, more than `RIGHT_M` from where it was.
    """

    moving: bool
    noticed_s: float | None = None
    found_s: float | None = None
    off_m: float = math.nan
    wrong_claims: int = 0
    called_staff: bool = False


@dataclass(slots=True)
class Kidnappings:
    """Carries one robot away again and again; between, staff show it the place if it has not found it."""

    ride: Ride
    outcomes: list[Outcome] = field(default_factory=list)

    def carry_away(self, moving: bool) -> Outcome:
        """Carry the robot away once it drives, or once it stands, and see what it makes of it."""
        self.ride.is_standing = not moving
        if moving:
            self.ride.run(_SET_OFF_S, until=is_driving)
        else:
            self.ride.run(_COME_TO_REST_S)
        carried_s = self.ride.now_s
        self.ride.carry_away()
        outcome = judged(self.ride.run(FIND_S), carried_s, moving)
        if outcome.found_s is None or outcome.off_m > RIGHT_M:
            self.ride.drive.cores.show_place(self.ride.really)
        self.outcomes.append(outcome)
        return outcome


def kidnap(shop: Shop, count: int) -> list[Outcome]:
    """Kidnap robots, every second one while it drives, a few times in each store."""
    outcomes: list[Outcome] = []
    while len(outcomes) < count:
        seed = 21 + len(outcomes) // _CARRIED_AT_ONCE
        robot = Kidnappings(ride(shop, seed, PEOPLE))
        for _ in range(min(_CARRIED_AT_ONCE, count - len(outcomes))):
            outcomes.append(robot.carry_away(moving=len(outcomes) % 2 == 0))
            print(f"kidnapping {len(outcomes)} of {count}: {_in_words(outcomes[-1])}", file=sys.stderr)
    return outcomes


def show_wrongly(shop: Shop, count: int) -> list[Outcome]:
    """Tell a standing robot that it is elsewhere: nothing jumps, only the map can tell it."""
    robot, outcomes = ride(shop, 31, PEOPLE), []
    robot.is_standing = True
    robot.run(2.0)
    for number in range(count):
        robot.carry_away()
        robot.run(0.5)
        shown_s = robot.now_s
        robot.drive.cores.show_place(robot.elsewhere())
        outcomes.append(judged(robot.run(FIND_S), shown_s, moving=False))
        print(f"wrong place {number + 1} of {count}: {_in_words(outcomes[-1])}", file=sys.stderr)
    return outcomes


def judged(looks: Sequence[Look], since_s: float, moving: bool) -> Outcome:
    """Read from the looks after a kidnapping when it was noticed, and what the robot claimed afterwards."""
    outcome, was_localized = Outcome(moving), True
    for look in looks:
        localized, after_s = look.estimate.localized, look.scan.stamp_s - since_s
        if was_localized and not localized and outcome.noticed_s is None:
            outcome.noticed_s = after_s
        if localized and not was_localized:
            outcome.found_s, outcome.off_m = after_s, look.off_m
            outcome.wrong_claims += look.off_m > RIGHT_M
        outcome.called_staff |= look.estimate.needs_staff
        was_localized = localized
    return outcome


def _in_words(outcome: Outcome) -> str:
    noticed = "not noticed" if outcome.noticed_s is None else f"noticed after {outcome.noticed_s:.1f} s"
    if outcome.found_s is None:
        return f"{noticed}, staff called" if outcome.called_staff else f"{noticed}, not found again"
    return f"{noticed}, found after {outcome.found_s:.1f} s, {100 * outcome.off_m:.0f} cm off"


def _kidnapping_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    count, noticed = len(outcomes), _noticed(outcomes)
    low, high = wilson(len(noticed), count)
    moving = sum(outcome.moving for outcome in outcomes)
    how = f"{count} kidnappings, {moving} while driving; 95 % interval {100 * low:.0f} to {100 * high:.0f}"
    right = [one.found_s for one in outcomes if one.found_s is not None and one.off_m <= RIGHT_M]
    wrong = sum(outcome.wrong_claims for outcome in outcomes)
    staff = sum(outcome.called_staff for outcome in outcomes)
    return [
        Row("kidnappings noticed within 5 s", 100 * len(noticed) / count, "%", "95", how, "noticed_percent"),
        Row("time until noticed, worst", max(noticed, default=math.nan), "s", "5", "", "noticed_worst_s"),
        Row("place found again without help", 100 * len(right) / count, "%", "", f"within {FIND_S:.0f} s, standing",
            "found_percent"),
        Row("time until found, median", float(np.median(right)) if right else math.nan, "s", "", "", "found_median_s"),
        Row("claims of a wrong place", wrong, "", "0", f"more than {RIGHT_M} m off", "wrong_claims"),
        Row("staff called", 100 * staff / count, "%", "", "two places look alike", "staff_percent"),
    ]  # fmt: skip


def _wrong_start_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    count, noticed = len(outcomes), _noticed(outcomes)
    how = f"{count} places shown wrongly to a standing robot: no jump, the map alone"
    return [
        Row("wrong places noticed within 5 s", 100 * len(noticed) / count, "%", "", how, "wrong_start_noticed_percent"),
        Row("claims of a wrong place after that", sum(outcome.wrong_claims for outcome in outcomes), "", "0"),
    ]


def _noticed(outcomes: Sequence[Outcome]) -> list[float]:
    return [one.noticed_s for one in outcomes if one.noticed_s is not None and one.noticed_s <= NOTICE_S]


# False alarms


def _alarm_rows(rides: list[list[Look]], who: str, key: str) -> list[Row]:
    hours = sum(look[-1].scan.stamp_s - look[0].scan.stamp_s for look in rides) / 3600.0
    alarms = sum(
        before.estimate.localized and not after.estimate.localized
        for looks in rides
        for before, after in pairwise(looks)
    )
    off_m = np.array([look.off_m for looks in rides for look in looks])
    fitting = [look.estimate.match.fitting for looks in rides for look in looks]
    note = f"{who}, {60 * hours:.0f} min, {alarms} alarms, at least {100 * min(fitting):.0f} % of beams at the map"
    rows = [Row("false alarms", alarms / hours, "per hour", "0", note, key)]
    if not key:
        rows.append(Row("position error there, p99", 100 * float(np.quantile(off_m, 0.99)), "cm", "20"))
    return rows
