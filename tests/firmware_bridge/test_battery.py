"""The gauge knows how full the battery is within what it says, and never lets it be drained to harm."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.robot_model import Battery, RobotModel
from aisle_firmware_bridge.battery import (
    BatteryGauge,
    BatteryReading,
    BatteryState,
    Level,
    charge_at_rest,
    design_capacity_ah,
    rest_voltage_mv,
)
from sim.base import battery as simulated

shares = st.floats(0.0, 1.0)


@pytest.fixture
def pack(robot: RobotModel) -> Battery:
    return robot.battery


def played(
    pack: Battery, start: float, duty: list[tuple[float, bool, float]], error: float = 0.0, offset_mv: float = 0.0
) -> tuple[BatteryState, float]:
    """Play (speed share, charging, seconds) with a current sensor and voltage that are off; return belief and truth."""
    truth, gauge, now_s = simulated.Battery(pack, start), BatteryGauge(pack), 0.0
    for speed_share, is_charging, duration_s in duty:
        for _ in range(round(duration_s)):
            truth.drain(speed_share, 1.0)
            if is_charging:
                truth.charge(1.0)
            current_ma = truth.current_ma * (1.0 + error)
            now_s += 1.0
            state = gauge.update(
                BatteryReading(now_s, truth.voltage_mv + offset_mv, current_ma, truth.is_charging, speed_share)
            )
    return state, truth.fraction


@given(shares, st.integers(1, 30))
def test_a_voltage_at_rest_tells_the_charge(charge: float, cells: int) -> None:
    assert charge_at_rest(rest_voltage_mv(charge, cells), cells) == pytest.approx(charge, abs=1e-6)


@given(shares, shares)
def test_more_charge_is_more_voltage(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert rest_voltage_mv(less, 7) <= rest_voltage_mv(more, 7)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.2, 1.0), st.lists(st.tuples(shares, st.booleans(), st.floats(30.0, 400.0)), min_size=1, max_size=5))
def test_the_charge_is_right_with_right_sensors(
    robot: RobotModel, start: float, duty: list[tuple[float, bool, float]]
) -> None:
    state, true = played(robot.battery, start, duty)
    assert state.charge == pytest.approx(true, abs=0.02)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.25, 0.95), st.floats(-0.02, 0.02), st.floats(-70.0, 70.0), st.lists(shares, min_size=1, max_size=4))
def test_it_is_never_further_off_than_it_says(
    robot: RobotModel, start: float, error: float, offset_mv: float, speeds: list[float]
) -> None:
    state, true = played(robot.battery, start, [(speed, False, 300.0) for speed in speeds], error, offset_mv)
    assert abs(state.charge - true) < 4.0 * state.sigma + 0.005


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            BatteryReading,
            st.floats(allow_nan=False, allow_infinity=False, width=32),
            st.floats(),
            st.none() | st.floats(),
            st.booleans(),
            shares,
        ),
        max_size=12,
    )
)
def test_no_reading_makes_it_believe_nonsense(robot: RobotModel, readings: list[BatteryReading]) -> None:
    gauge = BatteryGauge(robot.battery)
    for reading in readings:
        state = gauge.update(reading)
        assert 0.0 <= state.charge <= 1.0
        assert 0.0 <= state.sigma <= 1.0
        assert state.remaining_s >= 0.0


def test_standing_for_an_hour_corrects_a_wrong_current_sensor(pack: Battery) -> None:
    driving = [(1.0, False, 3600.0)]
    worse, true = played(pack, 0.9, driving, error=0.2)
    better, rested = played(pack, 0.9, [*driving, (0.0, False, 3600.0)], error=0.2)
    assert abs(better.charge - rested) < 0.5 * abs(worse.charge - true)


def test_without_a_current_sensor_the_usual_draw_is_taken(pack: Battery) -> None:
    gauge, truth = BatteryGauge(pack), simulated.Battery(pack, 0.8)
    for second in range(3600):
        truth.drain(0.5, 1.0)
        state = gauge.update(BatteryReading(float(second), truth.voltage_mv, None, False, 0.5))
    assert state.charge == pytest.approx(truth.fraction, abs=0.05)


def test_the_time_left_is_that_of_the_present_draw(pack: Battery) -> None:
    state, true = played(pack, 0.8, [(0.5, False, 1800.0)])
    usable_wh = (true - 0.03) * pack.capacity_wh
    assert state.remaining_s == pytest.approx(3600.0 * usable_wh / (pack.idle_w + 0.5 * pack.drive_w), rel=0.05)


def test_a_charging_battery_lasts_for_ever(pack: Battery) -> None:
    state, _ = played(pack, 0.4, [(0.0, True, 1800.0)])
    assert state.remaining_s == math.inf
    assert state.power_w < 0.0


@pytest.mark.parametrize(
    ("charge", "level"), [(0.8, Level.GOOD), (0.12, Level.LOW), (0.028, Level.EMPTY), (0.0, Level.DEEP)]
)
def test_levels_follow_the_charge(pack: Battery, charge: float, level: Level) -> None:
    assert played(pack, charge, [(0.0, False, 20.0)])[0].level is level


def starving(cell_mv: float, seconds: int, gauge: BatteryGauge, pack: Battery, since_s: float = 0.0) -> BatteryState:
    for second in range(seconds):
        state = gauge.update(BatteryReading(since_s + second, pack.cells * cell_mv, -2000.0))
    return state


def test_a_short_dip_is_no_deep_discharge(pack: Battery) -> None:
    gauge = BatteryGauge(pack)
    starving(3700.0, 5, gauge, pack)
    starving(2500.0, 3, gauge, pack, 5.0)
    assert starving(3700.0, 5, gauge, pack, 8.0).level is not Level.DEEP


def test_one_low_reading_after_a_gap_is_no_deep_discharge(pack: Battery) -> None:
    gauge = BatteryGauge(pack)
    starving(3700.0, 5, gauge, pack)
    assert starving(2500.0, 1, gauge, pack, 60.0).level is not Level.DEEP


def test_an_older_reading_changes_nothing(pack: Battery) -> None:
    seconds = [BatteryReading(second, pack.cells * 3700.0, -4000.0) for second in (0.0, 1.0, 2.0)]
    plain, disturbed = BatteryGauge(pack), BatteryGauge(pack)
    for reading in seconds:
        expected = plain.update(reading)
    for reading in (seconds[0], seconds[1], seconds[0], seconds[2]):
        found = disturbed.update(reading)
    assert found == expected


def test_a_deep_discharge_ends_only_at_the_charger(pack: Battery) -> None:
    gauge = BatteryGauge(pack)
    assert starving(2700.0, 10, gauge, pack).level is Level.DEEP
    assert starving(3300.0, 10, gauge, pack, 10.0).level is Level.DEEP
    charging = BatteryReading(30.0, pack.cells * 3300.0, 5000.0, is_charging=True)
    assert gauge.update(charging).level is not Level.DEEP


def test_a_gap_between_readings_counts_no_more_than_a_few_seconds(pack: Battery) -> None:
    gauge = BatteryGauge(pack)
    reading = BatteryReading(0.0, rest_voltage_mv(0.5, pack.cells), -4000.0)
    before = gauge.update(reading)
    after = gauge.update(replace(reading, stamp_s=36_000.0))
    assert after.charge == pytest.approx(before.charge, abs=0.01)


def test_before_any_voltage_the_charge_is_not_known(pack: Battery) -> None:
    gauge = BatteryGauge(pack)
    assert math.isnan(gauge.update(BatteryReading(0.0, math.nan)).known_charge)
    assert gauge.update(BatteryReading(1.0, rest_voltage_mv(0.8, pack.cells), 0.0)).known_charge == pytest.approx(
        0.8, abs=0.01
    )


@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0))
def test_a_pack_that_loses_what_was_counted_is_believed_to_have_lost_it(before: float, after: float) -> None:
    """A cell that fails, or a pack that was swapped: under way, when the voltage is never at rest."""
    pack = Battery(480.0, 45.0, 60.0, 240.0)
    gauge, truth = BatteryGauge(pack), simulated.Battery(pack, before)
    for second in range(40):
        if second == 10:
            truth.run_down(after)
        truth.drain(1.0, 1.0)
        state = gauge.update(BatteryReading(float(second), truth.voltage_mv, truth.current_ma, False, 1.0))
    assert state.charge == pytest.approx(truth.fraction, abs=0.32)


def test_a_heavy_load_for_a_while_is_no_loss(pack: Battery) -> None:
    state, truth = played(pack, 0.6, [(0.0, False, 60.0), (1.0, False, 600.0)], offset_mv=-200.0)
    assert state.charge == pytest.approx(truth, abs=0.1)


def test_the_design_capacity_is_that_of_the_mean_voltage_whatever_the_present_one(pack: Battery) -> None:
    emptied_ah, dv = 0.0, 1000
    for step in range(dv):
        emptied_ah += 1000.0 * pack.capacity_wh / dv / rest_voltage_mv((step + 0.5) / dv, pack.cells)
    assert design_capacity_ah(pack) == pytest.approx(emptied_ah, rel=0.01)
