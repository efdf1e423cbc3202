from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.base_clock import BaseClock
from aisle_firmware_bridge.clock_fit import MOST_DRIFT_PPM, ClockFit, exchange
from aisle_firmware_bridge.messages import TimeReply


def ask(fit: ClockFit, host_s: float, ahead_s: float, drift: float, there_s: float, back_s: float) -> None:
    """Let one question and answer cross a line with these delays to a clock that drifts."""

    def base_us(at_s: float) -> int:
        return round(1e6 * (at_s + ahead_s + drift * at_s))

    received_s = host_s + there_s
    fit.add(exchange(host_s, base_us(received_s), base_us(received_s + 0.0001), received_s + 0.0001 + back_s))


@given(st.floats(-1e4, 1e4), st.floats(-100.0, 100.0), st.integers(0, 2**16))
def test_offset_and_drift_are_found_through_a_line_that_is_slow_now_and_then(
    ahead_s: float, drift_ppm: float, seed: int
) -> None:
    fit, rng = ClockFit(), random.Random(seed)
    for second in range(60):
        there_s, back_s = (0.0005 + (rng.expovariate(200.0) if rng.random() < 0.3 else 0.0) for _ in range(2))
        ask(fit, float(second), ahead_s, 1e-6 * drift_ppm, there_s, back_s)
    estimate = fit.estimate
    assert estimate is not None
    assert estimate.drift_ppm == pytest.approx(drift_ppm, abs=60.0)
    assert estimate.ahead_at_s(59.0) == pytest.approx(ahead_s + 59e-6 * drift_ppm, abs=0.002)


def test_an_even_line_gives_drift_to_a_millionth() -> None:
    fit = ClockFit()
    for second in range(60):
        ask(fit, float(second), 5.0, 50e-6, 0.0005, 0.0005)
    assert fit.estimate is not None
    assert fit.estimate.drift_ppm == pytest.approx(50.0, abs=1.0)
    assert fit.estimate.error_s == pytest.approx(0.0005, rel=0.01)


@given(st.floats(0.0, 0.05), st.floats(0.0, 0.05))
def test_the_true_offset_is_never_further_off_than_the_error_says(there_s: float, back_s: float) -> None:
    fit = ClockFit()
    ask(fit, 10.0, 3.0, 0.0, there_s, back_s)
    assert fit.estimate is not None
    assert abs(fit.estimate.ahead_s - 3.0) <= fit.estimate.error_s + 2e-6


def test_a_clock_that_jumps_begins_anew() -> None:
    fit = ClockFit()
    for second in range(10):
        ask(fit, float(second), 5.0, 0.0, 0.0005, 0.0005)
    ask(fit, 10.0, 3605.0, 0.0, 0.0005, 0.0005)
    assert fit.estimate is not None
    assert fit.estimate.ahead_s == pytest.approx(3605.0, abs=1e-4)


@given(st.floats(-0.3, 0.3), st.lists(st.tuples(st.floats(0.0, 0.02), st.floats(0.0, 0.02)), min_size=2, max_size=40))
def test_the_drift_is_never_beyond_what_a_crystal_can(ahead_s: float, delays_s: list[tuple[float, float]]) -> None:
    fit = ClockFit()
    for tick, (there_s, back_s) in enumerate(delays_s):
        ask(fit, 0.1 * tick, ahead_s, 0.0, there_s, back_s)
        assert fit.estimate is not None
        assert abs(fit.estimate.drift_ppm) <= MOST_DRIFT_PPM


@pytest.mark.parametrize("drift_ppm", [-50_000.0, -2000.0, 2000.0, 10_000.0, 50_000.0])
def test_a_clock_that_runs_as_no_crystal_does_is_followed_by_beginning_anew(drift_ppm: float) -> None:
    fit = ClockFit()
    for second in range(120):
        ask(fit, float(second), 5.0, 1e-6 * drift_ppm, 0.0005, 0.0005)
        assert fit.estimate is not None
        assert abs(fit.estimate.drift_ppm) <= MOST_DRIFT_PPM
        off_s = fit.estimate.ahead_at_s(float(second)) - (5.0 + 1e-6 * drift_ppm * second)
        assert abs(off_s) < 0.01


def test_a_crystal_at_its_worst_is_not_begun_anew() -> None:
    fit = ClockFit()
    for second in range(60):
        ask(fit, float(second), 5.0, 0.95e-6 * MOST_DRIFT_PPM, 0.0005, 0.0005)
    assert fit.estimate is not None
    assert fit.estimate.drift_ppm == pytest.approx(0.95 * MOST_DRIFT_PPM, abs=1.0)


def test_a_line_that_delays_statuses_does_not_shift_their_stamps_once_clocks_are_compared() -> None:
    clock, ahead_s, delay_s = BaseClock(), -1000.0, 0.01
    for tick in range(100):
        sent_s = 2000.0 + 0.02 * tick
        clock.update(round(1e6 * (sent_s + ahead_s)), sent_s + delay_s)
    biased_s = clock.host_time_s(1_000_000_000)
    asked_s = 2002.0
    base_us = round(1e6 * (asked_s + delay_s + ahead_s))
    clock.compare(TimeReply(round(1e6 * asked_s), base_us, base_us), asked_s + 2 * delay_s)
    assert biased_s == pytest.approx(2000.0 + delay_s, abs=1e-3)
    assert clock.host_time_s(1_000_000_000) == pytest.approx(2000.0, abs=1e-3)
    assert clock.base_time_us(2002.0) <= round(1e6 * (2002.0 + ahead_s))
