"""Faults of the sensors: each can be switched on alone, does what it says, and repeats with its seed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.config import load
from sim.base.faults import BaseFaults, GyroFaults, WheelFaults
from sim.scene.surfaces import Surface
from sim.sensors.faults import SensorFaults, everyday_faults
from sim.sensors.laser_faults import LaserFaults, Sweep, measured
from sim.sensors.messages import Line, MessageFaults

RAYS = 720
TICKS_PER_TURN, WHEEL_RADIUS_M = 4096, 0.08


def facing_wall(range_m: float, surface: Surface, facing: float = 0.9) -> Sweep:
    """A wall along y, hit by all rays at the same range, over 12 m of its length."""
    points = np.column_stack((np.full(RAYS, 5.0), np.linspace(0.0, 12.0, RAYS, endpoint=False)))
    normals = np.tile([-1.0, 0.0], (RAYS, 1))
    surfaces = np.full(RAYS, surface, dtype=np.uint8)
    return Sweep(np.full(RAYS, range_m), points, np.full(RAYS, facing), normals, surfaces)


def read(sweep: Sweep, faults: LaserFaults, seed: int = 1, noise_m: float = 0.0) -> np.ndarray:
    return measured(sweep, faults, noise_m, np.random.default_rng(seed))


@pytest.mark.parametrize("surface", list(Surface))
def test_a_perfect_laser_reads_the_truth_whatever_it_hits(surface: Surface) -> None:
    sweep = facing_wall(7.0, surface, facing=0.2)
    assert (read(sweep, LaserFaults()) == 7.0).all()


def test_nothing_in_range_stays_nothing() -> None:
    sweep = facing_wall(-1.0, Surface.MATT)
    assert np.isinf(read(sweep, load(everyday_faults(), SensorFaults).laser, noise_m=0.01)).all()


def test_noise_grows_with_the_range_as_stated() -> None:
    faults = LaserFaults(noise_per_m=0.001)
    near, far = (read(facing_wall(r, Surface.MATT), faults, noise_m=0.01) - r for r in (0.0, 10.0))
    assert near.std() == pytest.approx(0.010, rel=0.1)
    assert far.std() == pytest.approx(0.020, rel=0.1)


def test_a_slanted_beam_goes_through_glass_and_a_straight_one_does_not() -> None:
    faults = LaserFaults(glass=True, glass_depth_m=0.5, glass_lost_share=0.3)
    slanted = read(facing_wall(3.0, Surface.GLASS, facing=0.8), faults)
    lost = np.isinf(slanted)
    assert lost.mean() == pytest.approx(0.3, abs=0.06)
    assert slanted[~lost] == pytest.approx(3.0 + 0.5 / 0.8)
    assert (read(facing_wall(3.0, Surface.GLASS, facing=1.0), faults) == 3.0).all()


def test_feet_take_beams_only_where_they_stand() -> None:
    faults = LaserFaults(feet=True, foot_spacing_m=1.0, foot_width_m=0.1, black_range_m=4.8)
    near_slanted = np.isinf(read(facing_wall(3.0, Surface.SHELF, facing=0.5), faults))
    far_slanted = np.isinf(read(facing_wall(6.0, Surface.SHELF, facing=0.5), faults))
    far_straight = np.isinf(read(facing_wall(6.0, Surface.SHELF, facing=1.0), faults))
    # Half of the feet are shiny (lost at a slant), half black (lost when far): 5 and 5 percent of the front.
    assert near_slanted.mean() == pytest.approx(0.05, abs=0.01)
    assert far_slanted.mean() == pytest.approx(0.10, abs=0.01)
    assert far_straight.mean() == pytest.approx(0.05, abs=0.01)
    assert not np.isinf(read(facing_wall(6.0, Surface.MATT, facing=0.5), faults)).any()


def test_mixed_pixels_lie_between_the_two_sides_of_an_edge_and_nowhere_else() -> None:
    ranges = np.where(np.arange(RAYS) < 360, 2.0, 5.0)
    sweep = Sweep(ranges, np.zeros((RAYS, 2)), np.ones(RAYS), np.zeros((RAYS, 2)), np.zeros(RAYS, dtype=np.uint8))
    seen = [read(sweep, LaserFaults(mixed_share=0.5, mixed_gap_m=0.3), seed) for seed in range(40)]
    changed = [np.flatnonzero(one != ranges) for one in seen]
    assert {int(index) for one in changed for index in one} == {359, 719}
    assert all(2.0 <= value <= 5.0 for one in seen for value in one)


def test_dropouts_take_the_stated_share() -> None:
    lost = np.isinf(read(facing_wall(3.0, Surface.MATT), LaserFaults(dropout_share=0.2)))
    assert lost.mean() == pytest.approx(0.2, abs=0.05)


def test_the_same_seed_reads_the_same_and_another_does_not() -> None:
    everyday = load(everyday_faults(), SensorFaults).laser
    sweep = facing_wall(4.0, Surface.GLASS)
    assert read(sweep, everyday, 3).tobytes() == read(sweep, everyday, 3).tobytes()
    assert read(sweep, everyday, 3).tobytes() != read(sweep, everyday, 4).tobytes()


def roll(faults: BaseFaults, metres: float, seed: int = 1) -> tuple[float, float]:
    """Roll both wheels in steps of 5 mm and return how far each encoder says they went, in metres."""
    wheels = WheelFaults(faults, WHEEL_RADIUS_M, TICKS_PER_TURN, seed)
    ticks = (0, 0)
    for step in range(1, round(metres / 0.005) + 1):
        angle_rad = 0.005 * step / WHEEL_RADIUS_M
        ticks = wheels.counted((angle_rad, angle_rad))
    left, right = (count / TICKS_PER_TURN * math.tau * WHEEL_RADIUS_M for count in ticks)
    return left, right


def test_perfect_wheels_are_counted_to_the_tick() -> None:
    left, right = roll(BaseFaults(), 10.0)
    tick_m = math.tau * WHEEL_RADIUS_M / TICKS_PER_TURN
    assert left == right == pytest.approx(10.0, abs=tick_m)


def test_slipping_wheels_count_more_than_they_roll() -> None:
    left, right = roll(BaseFaults(slip_share=0.02), 50.0)
    assert left != right
    assert 50.0 * 1.005 < left < 50.0 * 1.04
    assert 50.0 * 1.005 < right < 50.0 * 1.04


def test_unequal_wheels_count_apart_by_the_difference_of_both() -> None:
    left, right = roll(BaseFaults(wheel_difference=0.002), 50.0)
    assert right - left == pytest.approx(0.2, abs=0.01)


def test_missed_counts_shorten_the_way() -> None:
    left, _ = roll(BaseFaults(missed_per_m=1.0), 50.0)
    assert 49.5 < left < 50.0


def test_standing_wheels_count_nothing_whatever_their_faults() -> None:
    everyday = load(everyday_faults(), SensorFaults).base
    wheels = WheelFaults(everyday, WHEEL_RADIUS_M, TICKS_PER_TURN, 1)
    assert {wheels.counted((1.0, 1.0)) for _ in range(100)} == {wheels.counted((1.0, 1.0))}


def test_the_gyro_has_a_bias_that_differs_between_seeds() -> None:
    def mean(seed: int) -> float:
        gyro = GyroFaults(BaseFaults(gyro_bias_radps=0.02), 0.005, seed)
        return float(np.mean([gyro.read(0.0) for _ in range(500)]))

    assert mean(1) == mean(1)
    assert abs(mean(1) - mean(2)) > 0.001


@given(st.lists(st.floats(0.0, 1.0), max_size=50))
def test_a_line_without_faults_delivers_everything_at_once_and_in_order(times: list[float]) -> None:
    line: Line[int] = Line(MessageFaults(), 1)
    now_s, received = 0.0, []
    for number, gap_s in enumerate(times):
        now_s += gap_s
        line.send(number, now_s)
        received += line.due(now_s)
    assert received == list(range(len(times)))


@given(st.integers(0, 1000))
def test_a_late_line_loses_nothing_and_delivers_nothing_early(seed: int) -> None:
    line: Line[float] = Line(MessageFaults(delay_s=0.1, jitter_s=0.05), seed)
    sent, received = [0.1 * k for k in range(30)], []
    for step in range(600):
        now_s = 0.01 * step
        if step % 10 == 0 and step // 10 < len(sent):
            line.send(sent[step // 10], now_s)
        arrived = line.due(now_s)
        assert all(now_s >= message + 0.1 - 1e-9 for message in arrived)
        received += arrived
    assert sorted(received) == sent


def test_a_bad_line_loses_and_doubles_the_stated_shares() -> None:
    line: Line[int] = Line(MessageFaults(lost_share=0.2, doubled_share=0.1), 5)
    for number in range(5000):
        line.send(number, 0.0)
    received = line.due(0.0)
    assert len(set(received)) == pytest.approx(4000, rel=0.03)
    assert len(received) - len(set(received)) == pytest.approx(400, rel=0.15)


def test_the_everyday_file_switches_every_fault_on() -> None:
    faults, perfect = load(everyday_faults(), SensorFaults), SensorFaults()
    assert faults.laser != perfect.laser
    assert faults.base != perfect.base
    assert faults.scan_line != perfect.scan_line
