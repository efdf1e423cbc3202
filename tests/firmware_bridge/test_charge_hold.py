from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.charge_hold import RESUME_SHARE, ChargeHold
from aisle_firmware_bridge.firmware_build import SOURCES

MINIMUM_MV = 21_000


def test_host_and_firmware_agree_on_what_is_charged_enough() -> None:
    [share] = re.findall(r"#define FW_BATTERY_RESUME_SHARE ([\d.]+)f", (SOURCES / "core.h").read_text())
    assert float(share) == RESUME_SHARE


@pytest.mark.parametrize(
    ("voltages_mv", "is_held"),
    [
        ([26_000, 21_000], False),
        ([20_999], True),
        ([20_000, 23_099], True),
        ([20_000, 23_101], False),
        ([20_000, 23_101, 21_001], False),
        ([20_000, 23_101, 20_000], True),
    ],
)
def test_an_empty_pack_holds_until_it_is_charged(voltages_mv: list[int], is_held: bool) -> None:
    hold = ChargeHold(MINIMUM_MV)
    for voltage_mv in voltages_mv:
        hold.see(voltage_mv)
    assert bool(hold.complaint) == is_held


@given(st.lists(st.integers(0, 65_535), max_size=20))
def test_it_never_holds_a_charged_pack_and_always_an_empty_one(voltages_mv: list[int]) -> None:
    hold = ChargeHold(MINIMUM_MV)
    for voltage_mv in voltages_mv:
        hold.see(voltage_mv)
        assert hold.complaint or voltage_mv >= MINIMUM_MV
        assert not hold.complaint or voltage_mv < MINIMUM_MV * RESUME_SHARE


def test_it_says_what_it_has_and_what_it_needs() -> None:
    hold = ChargeHold(MINIMUM_MV)
    hold.see(20_500)
    assert hold.complaint == (
        "the battery was under its minimum of 21.0 V and has 20.5 V: charge it to 23.1 V, then staff must release the"
        " base"
    )
