"""The table says what the base said, and a dash for what it has not said yet."""

from __future__ import annotations

import os
import pty

import pytest

from aisle import paths
from aisle.config import load
from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import MotionSpread, Odometry
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseLost, BaseReport, SensorReport
from aisle_firmware_bridge.messages import (
    BatteryReport,
    Bumpers,
    Cliffs,
    Contacts,
    Faults,
    Imu,
    Mode,
    MotorReport,
    Status,
    StopChain,
)
from apps.base.keyboard import Keyboard, NoTerminal
from apps.base.watch import Watch, rows

ROBOT = load(paths.reference_robot(), RobotModel)
SPREAD = MotionSpread(((0.0016, 0.0, 0.0), (0.0, 0.0009, 0.0), (0.0, 0.0, 0.0003)), 0.0, 0.0)
STATUS = Status(
    1, 1, 100, -50, 2.5, -1.5, 0.25, 26_000, 90, 0, 3,
    Bumpers.FRONT_LEFT, Cliffs(0), Contacts.CHARGER, StopChain.DRIVES_POWERED, Mode.LATCHED, Faults.ENCODER,
)  # fmt: skip


def test_a_base_that_has_said_nothing_is_dashes() -> None:
    shown = dict(rows(Watch(ROBOT), Bridge(ROBOT)))
    assert shown["mode"] == shown["odometry"] == shown["battery"] == "-"
    assert shown["can it drive?"] == "the base is offline"


def test_everything_that_was_said_is_shown() -> None:
    watch = Watch(ROBOT)
    odometry = Odometry(1.0, Pose2(1.5, -2.0, 0.0), Twist2(), SPREAD)
    watch.take(
        [
            BaseReport(STATUS, odometry),
            SensorReport(Imu(1, 0.0, 0.0, 9.81, 0.0, 0.0, 0.0), 1.0),
            SensorReport(MotorReport(1, 1500, -500, 0, 0, 0, 1), 1.0),
            SensorReport(BatteryReport(1, 26_000, -2_000, 250, 60, 0, (3714,) * 7 + (0,)), 1.0),
        ]
    )
    shown = dict(rows(watch, Bridge(ROBOT)))
    assert (shown["mode"], shown["faults"]) == ("latched", "encoder")
    assert shown["pressed"] == "front_left, charger"
    assert shown["odometry"] == "x +1.50 m, y -2.00 m, yaw +0.0 degrees; known to 0.05 m and 1.0 degrees"
    assert shown["motors"].startswith("left 1.50 A, right -0.50 A, relay closed")
    assert "26.00 V, -2.00 A" in shown["battery"]


def test_the_last_changes_are_told_in_words() -> None:
    watch = Watch(ROBOT)
    watch.take([BaseLost(f"reason {number}") for number in range(9)])
    assert len(watch.told) == 5
    assert "reason 8" in watch.told[-1]


def test_a_terminal_gives_its_keys_at_once_and_gets_its_settings_back() -> None:
    master, slave = pty.openpty()
    try:
        with Keyboard(slave) as keyboard:
            assert keyboard.keys() == ""
            os.write(master, b"wd")
            assert keyboard.keys() == "wd"
            assert keyboard.keys() == ""
    finally:
        os.close(master)
        os.close(slave)


def test_keys_typed_before_somebody_listens_are_thrown_away() -> None:
    master, slave = pty.openpty()
    try:
        os.write(master, b"ww\n")
        with Keyboard(slave) as keyboard:
            assert keyboard.keys() == ""
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("arrow", [b"\x1b[A", b"\x1b[B", b"\x1b[C", b"w\x1b[D"])
def test_arrows_are_no_letters_and_stop(arrow: bytes) -> None:
    master, slave = pty.openpty()
    try:
        with Keyboard(slave) as keyboard:
            os.write(master, arrow)
            assert keyboard.keys() == " "
    finally:
        os.close(master)
        os.close(slave)


def test_keys_from_no_terminal_are_refused() -> None:
    read, write = os.pipe()
    try:
        with pytest.raises(NoTerminal, match="needs a terminal"), Keyboard(read):
            pass
    finally:
        os.close(read)
        os.close(write)
