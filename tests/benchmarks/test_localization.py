"""What the localization benchmark reads from a run, and that a short run measures everything."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aisle import paths
from aisle.geometry import Pose2
from aisle.sensing import LaserScan
from aisle_navigation.localization.agreement import Match
from aisle_navigation.localization.certainty import Certainty
from aisle_navigation.localization.particle_filter import Estimate
from benchmarks import localization
from benchmarks.localization import Lengths, judged
from benchmarks.localization_store import Look, is_driving
from benchmarks.plain_filter import PlainFilter
from benchmarks.rows import BenchmarkProblem, Request
from tests.navigation.rooms import grid, room, scan_of, with_box

LOCALIZED, UNSURE, LOST, NEEDS_STAFF = Certainty
HERE = Pose2(2.0, 1.2, 0.1)


def look(stamp_s: float, certainty: Certainty, off_m: float = 0.0, odom_m: float = 0.0) -> Look:
    scan = LaserScan(stamp_s, -math.pi, 0.1, 0.1, 12.0, np.zeros(0))
    believed = Pose2(HERE.x_m + off_m, HERE.y_m, HERE.yaw_rad)
    estimate = Estimate(stamp_s, believed, 0.1, 0.1, Match(1.0, 0.0, 0.0, 180), certainty, 1.0, 200)
    return Look(scan, Pose2(odom_m, 0.0, 0.0), HERE, estimate)


def test_a_kidnapping_is_noticed_when_the_robot_is_no_longer_sure() -> None:
    looks = [look(10.1, LOCALIZED, 5.0), look(10.2, UNSURE, 5.0), look(11.0, LOST, 5.0), look(12.0, LOCALIZED, 0.03)]
    outcome = judged(looks, 10.0, moving=True)
    assert outcome.noticed_s == pytest.approx(0.2)
    assert outcome.found_s == pytest.approx(2.0)
    assert outcome.off_m == pytest.approx(0.03)
    assert (outcome.wrong_claims, outcome.called_staff) == (0, False)


def test_being_sure_of_a_wrong_place_is_a_wrong_claim() -> None:
    looks = [look(10.2, LOST, 5.0), look(12.0, LOCALIZED, 3.0), look(13.0, LOST, 3.0), look(15.0, LOCALIZED, 0.1)]
    outcome = judged(looks, 10.0, moving=False)
    assert outcome.wrong_claims == 1
    assert outcome.found_s == pytest.approx(5.0)


def test_never_noticed_is_never() -> None:
    outcome = judged([look(10.0 + 0.1 * number, LOCALIZED, 5.0) for number in range(50)], 10.0, moving=False)
    assert outcome.noticed_s is None
    assert outcome.found_s is None


def test_calling_staff_is_read_from_the_run() -> None:
    assert judged([look(10.1, LOST), look(22.0, NEEDS_STAFF)], 10.0, moving=False).called_staff


def test_a_robot_drives_when_odometry_moves() -> None:
    assert is_driving([look(1.0, LOCALIZED), look(1.1, LOCALIZED, odom_m=0.05)])
    assert not is_driving([look(1.0, LOCALIZED), look(1.1, LOCALIZED, odom_m=0.001)])
    assert not is_driving([look(1.0, LOCALIZED)])


def test_the_plain_filter_is_a_fair_floor() -> None:
    """It follows a robot in a room, so that what it needs in time and errors means something."""
    cells = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
    plain, step, pose = PlainFilter(grid(cells), HERE, 400, seed=1), Pose2(0.05, 0.0, 0.01), HERE
    for _ in range(20):
        pose = pose @ step
        estimate = plain.update(step, scan_of(cells, pose).points()[::3])
    assert estimate.distance_to(pose) < 0.08


def test_without_a_store_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "demo_store_dir", lambda: paths.REPOSITORY / "no-such-store")
    with pytest.raises(BenchmarkProblem, match=r"\./run store build"):
        localization.run(Request(quick=True))


@pytest.mark.integration
def test_a_short_run_measures_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Lengths(rides=1, ride_s=6.0, crowd_rides=1, kidnappings=2, wrong_starts=1, timed=20)
    monkeypatch.setattr(localization, "QUICK", short)
    rows = {row.key: row for row in localization.run(Request(quick=True)) if row.key}
    assert rows["median_error_cm"].value < 20.0
    assert rows["noticed_percent"].value == 100.0
    assert rows["wrong_claims"].value == 0.0
    assert {"update_ms_p50", "update_ms_p95", "particles_mean", "p99_error_cm", "false_alarms_per_hour"} <= set(rows)
