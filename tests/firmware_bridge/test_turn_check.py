from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.turn_check import LASTS_S, TurnCheck

PERIOD_S = 0.02


def told_at_s(turns: list[tuple[float, float]]) -> list[float]:
    """Feed (wheels, gyro) once a status; return when it told of a difference."""
    check = TurnCheck()
    return [tick * PERIOD_S for tick, (wheels, gyro) in enumerate(turns) if check.update(wheels, gyro, tick * PERIOD_S)]


@given(st.floats(-1.5, 1.5), st.floats(0.75, 1.3), st.floats(-0.1, 0.1))
def test_a_track_or_gyro_that_is_a_little_off_is_not_told(turn: float, share: float, bias: float) -> None:
    assert told_at_s([(turn, share * turn + bias)] * 500) == []


@pytest.mark.parametrize(
    ("wheels", "gyro"), [(0.5, 0.0), (0.0, 0.5), (-1.0, 1.0), (1.5, 0.7)], ids=["dead", "pushed", "wrong way", "half"]
)
def test_a_difference_that_lasts_is_told_once(wheels: float, gyro: float) -> None:
    told = told_at_s([(0.0, 0.0)] * 100 + [(wheels, gyro)] * 500)
    assert told == [pytest.approx(2.0 + LASTS_S)]


def test_a_slip_that_is_soon_over_is_not_told() -> None:
    half_a_second = round(0.5 / PERIOD_S)
    assert told_at_s(([(1.0, 0.0)] * half_a_second + [(0.0, 0.0)] * half_a_second) * 10) == []


def test_it_is_told_again_after_they_agreed() -> None:
    second = round(1.5 / PERIOD_S)
    assert len(told_at_s(([(1.0, 0.0)] * second + [(0.5, 0.5)] * second) * 3)) == 3


def test_a_gyro_without_a_number_and_a_clock_that_jumps_back_tell_nothing() -> None:
    assert told_at_s([(1.0, math.nan)] * 500) == []
    check = TurnCheck()
    assert not any(check.update(1.0, 0.0, stamp_s) for stamp_s in (3600.0, 0.0, 0.5))
