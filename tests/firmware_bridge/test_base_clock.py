from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.base_clock import SHARED_WITHIN_S, BaseClock

delays = st.lists(st.floats(0.0, 0.2), min_size=1, max_size=50)


@given(st.floats(1.0, 1e5), delays)
def test_the_base_is_never_thought_to_be_ahead_of_its_own_clock(offset_s: float, delays_s: list[float]) -> None:
    clock = BaseClock()
    for tick, delay_s in enumerate(delays_s):
        clock.update(tick * 20_000, offset_s + tick * 0.02 + delay_s)
    true_us = len(delays_s) * 20_000
    assert clock.base_time_us(offset_s + len(delays_s) * 0.02) <= true_us + 10


def test_the_smallest_delay_decides() -> None:
    clock = BaseClock()
    for tick, delay_s in enumerate([0.05, 0.002, 0.08]):
        clock.update(tick * 20_000, 100.0 + tick * 0.02 + delay_s)
    assert clock.host_time_s(0) == pytest.approx(100.002, abs=1e-4)


def test_clocks_that_agree_are_one() -> None:
    offset_s, clock = 0.9 * SHARED_WITHIN_S, BaseClock()
    clock.update(5_000_000, 5.0 + offset_s)
    assert clock.host_time_s(5_000_000) == 5.0
    assert clock.base_time_us(5.0) == 5_000_000


@pytest.mark.parametrize("jump_s", [-3600.0, 3600.0])
def test_a_jump_of_an_hour_is_followed_at_once(jump_s: float) -> None:
    clock = BaseClock()
    clock.update(0, 10_000.0)
    clock.update(20_000, 10_000.02 + jump_s)
    assert clock.host_time_s(20_000) == pytest.approx(10_000.02 + jump_s)
