"""The robot moves only while keys keep coming."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import STOP, Twist2
from aisle_firmware_bridge.teleop import FREES, KEYS, KeyDrive, TeleopSettings

SETTINGS = TeleopSettings(speed_mps=0.4, turn_radps=0.8, deadman_s=0.5)


def freed() -> KeyDrive:
    drive = KeyDrive(SETTINGS)
    drive.press(FREES, 9.0)
    return drive


def test_nothing_moves_before_the_first_key() -> None:
    assert KeyDrive(SETTINGS).twist(10.0) == STOP
    assert freed().twist(9.0) == STOP


@pytest.mark.parametrize("key", [*KEYS, "W", "x", "?"])
def test_no_key_moves_it_before_the_keys_are_freed(key: str) -> None:
    drive = KeyDrive(SETTINGS)
    drive.press(key, 10.0)
    assert drive.twist(10.0) == STOP


def test_held_again_it_stops_and_wants_to_be_freed_again() -> None:
    drive = freed()
    drive.press("w", 10.0)
    drive.hold()
    assert drive.twist(10.1) == STOP
    drive.press("w", 10.2)
    assert drive.twist(10.2) == STOP
    drive.press(FREES, 10.3)
    drive.press("w", 10.4)
    assert drive.twist(10.4) == Twist2(0.4, 0.0)


def test_a_key_moves_it_for_the_deadmans_time_and_no_longer() -> None:
    drive = freed()
    drive.press("w", 10.0)
    assert drive.twist(10.49) == Twist2(0.4, 0.0)
    assert drive.twist(10.51) == STOP


def test_keys_that_keep_coming_keep_it_moving() -> None:
    drive = freed()
    for tenth in range(50):
        drive.press("a", 0.1 * tenth)
        assert drive.twist(0.1 * tenth + 0.09) == Twist2(0.0, 0.8)


def test_any_other_key_stops_at_once() -> None:
    drive = freed()
    drive.press("W", 10.0)
    drive.press(" ", 10.1)
    assert drive.twist(10.1) == STOP


def test_a_clock_that_was_set_back_stops_it() -> None:
    drive = freed()
    drive.press("w", 10.0)
    assert drive.twist(9.0) == STOP


@given(
    st.lists(st.tuples(st.sampled_from([FREES, *KEYS, "x", ""]), st.floats(0.0, 10.0)), max_size=20),
    st.floats(0.0, 20.0),
)
def test_it_never_drives_faster_than_set_nor_without_a_fresh_key(
    pressed: list[tuple[str, float]], now_s: float
) -> None:
    drive = KeyDrive(SETTINGS)
    for key, at_s in pressed:
        drive.press(key, at_s)
    twist = drive.twist(now_s)
    assert abs(twist.linear_mps) <= SETTINGS.speed_mps
    assert abs(twist.angular_radps) <= SETTINGS.turn_radps
    if twist != STOP:
        assert FREES in [key for key, _ in pressed]
        key, at_s = pressed[-1]
        assert key.lower() in KEYS
        assert 0.0 <= now_s - at_s <= SETTINGS.deadman_s
