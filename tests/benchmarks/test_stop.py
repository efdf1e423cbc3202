"""The stop benchmark: where the body stands, when a stage counts, what a stop is charged, and one real stop."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import build_firmware
from benchmarks.stop import Processing, Spread, stage_rows, whole_rows
from benchmarks.stop_chain import STAGES, Chain, Stop, Watch
from benchmarks.stop_hall import Leg, place_before
from benchmarks.stop_processing import Host
from sim.sensors.faults import SensorFaults

RADIUS_M = 0.25


@pytest.fixture(scope="module")
def robot() -> RobotModel:
    return load(paths.reference_robot(), RobotModel)


@pytest.fixture(scope="module")
def library() -> Path:
    return build_firmware(paths.REPOSITORY / "build" / "firmware").library


def stop(way_m: float = 0.4, touched: bool = False) -> Stop:
    after_s = (0.05, 0.10, 0.11, 0.12, 0.70, 0.80)
    return Stop(after_s, (0.05, 0.10, 0.11, 0.12, way_m, 0.05 + way_m), gap_m=0.6, touched=touched)


@pytest.mark.parametrize("aside_m", [-0.35, -0.1, 0.0, 0.2])
def test_after_the_gap_the_robot_touches_the_nearer_leg_and_no_leg_before(aside_m: float) -> None:
    legs = (Leg(5.0, 1.9), Leg(5.0, 2.1))
    place = place_before(0.6, aside_m, RADIUS_M, legs)
    apart = [math.dist((place.x_m + 0.6, place.y_m), (leg.x_m, leg.y_m)) - RADIUS_M - leg.radius_m for leg in legs]
    assert min(apart) == pytest.approx(0.0, abs=1e-9)


def test_a_robot_that_would_pass_the_legs_is_refused() -> None:
    with pytest.raises(ValueError, match="touches no leg"):
        place_before(0.6, 1.0, RADIUS_M)


def test_a_stage_counts_once_and_only_after_the_one_before() -> None:
    watch = Watch(began_s=10.0, began_m=3.0, gap_m=0.6)
    watch.note_scan(9.95, 2.95)
    watch.note("guard", 10.0, 3.0)
    watch.note_scan(10.04, 3.04)
    watch.note_scan(10.14, 3.14)
    for number, stage in enumerate(STAGES[1:], 1):
        watch.note(stage, 10.0 + 0.1 * number, 3.0 + 0.1 * number)
    assert watch.stop.after_s == pytest.approx((0.04, 0.1, 0.2, 0.3, 0.4, 0.5))
    assert watch.stop.way_m == pytest.approx((0.04, 0.1, 0.2, 0.3, 0.4, 0.5))


def test_a_robot_that_creeps_on_has_not_stopped() -> None:
    watch = Watch(began_s=0.0, began_m=0.0, gap_m=0.6)
    for number, stage in enumerate(STAGES, 1):
        watch.note(stage, 0.1 * number, 0.1)
    watch.moves_again()
    assert watch.stands_since_s(1.0) == 0.0
    watch.note("standing", 2.0, 0.3)
    assert watch.stands_since_s(2.5) == pytest.approx(0.5)
    assert watch.stop.after_s[-1] == 2.0


def test_stages_add_up_to_the_whole() -> None:
    one = stop()
    assert sum(one.took_s) == pytest.approx(one.after_s[-1])
    assert sum(one.drove_m) == pytest.approx(one.way_m[-1])
    assert one.way_from_detection_m == pytest.approx(0.4)
    assert one.left_m == pytest.approx(0.15)


def test_every_stop_is_charged_the_slowest_first_call_at_full_speed() -> None:
    rows = {row.key: row.value for row in whole_rows([stop()], Processing([30.0, 50.0], [5.0, 6.0]))}
    assert rows["way_p99_m"] == pytest.approx(0.4)
    assert rows["way_with_processing_p99_m"] == pytest.approx(0.45)


def test_a_stop_that_touched_is_counted_and_no_part_of_the_times() -> None:
    touched = Stop((0.05,), (0.05,), 0.6, touched=True)
    rows = whole_rows([stop(), touched], Processing([1.0], [1.0]))
    assert next(row.value for row in rows if row.name == "stops that touched the body") == 1.0
    assert len(stage_rows([stop(), touched])) == len(STAGES)


def test_nothing_measured_is_no_spread() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        Spread.of([])


def test_what_is_timed_is_a_scan_that_slows_the_robot(robot: RobotModel, library: Path) -> None:
    host = Host(robot, library)
    assert host.sample_ms(np.random.default_rng(1)) > 0.0
    assert 0.3 < host.sent_mps < 0.9


def test_a_robot_at_full_speed_stops_before_the_body_by_every_stage_in_turn(robot: RobotModel, library: Path) -> None:
    driven = Chain(robot, library, SensorFaults(), seed=1).stop(0.62, 0.05, np.random.default_rng(1))
    assert not driven.touched
    assert list(driven.after_s) == sorted(driven.after_s)
    assert 0.3 < driven.way_from_detection_m < 0.62
    assert driven.left_m > 0.0
