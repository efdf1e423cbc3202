"""The host's core against the real firmware core: what moves the robot, and everything that must stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aisle.geometry import STOP, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import (
    ArmRefused,
    BaseAccepted,
    BaseLost,
    BaseReport,
    Event,
    ModeChanged,
    SensorReport,
)
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.phase import Phase
from aisle_firmware_bridge.protocol import (
    BatteryReport,
    Imu,
    Mode,
    MotorReport,
    WheelCommand,
    decode,
)
from sim.base.firmware_hardware import LockstepFirmware
from sim.base.ideal_wheels import IdealWheels
from tests.firmware_bridge.conftest import STOPPED, Rig

AHEAD = Twist2(0.5, 0.0)


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events if not isinstance(event, BaseReport | SensorReport)]


def test_a_started_robot_drives_as_told(rig: Rig) -> None:
    rig.start()
    rig.run(2.0, AHEAD)
    assert rig.outputs.left_radps == pytest.approx(0.5 / rig.robot.wheels.radius_m, rel=1e-6)
    report = [event for event in rig.events if isinstance(event, BaseReport)][-1]
    assert report.odometry.twist.linear_mps == pytest.approx(0.5, abs=0.01)
    assert report.odometry.stamp_s == report.status.clock_us * 1e-6
    assert kinds(rig.events) == [BaseAccepted, ModeChanged, ModeChanged]
    assert [event.sentence for event in rig.events if isinstance(event, ModeChanged)] == [
        "base went from unknown to disarmed",
        "base went from disarmed to driving",
    ]
    assert rig.bridge.complaint == ""


def test_nothing_moves_without_a_request_to_arm(rig: Rig) -> None:
    rig.connect()
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.complaint == "the base is disarmed, staff must release it"


def test_a_request_made_before_the_line_is_there_holds(rig: Rig) -> None:
    rig.bridge.request_arm()
    rig.run(0.5, AHEAD)
    assert rig.outputs == STOPPED
    rig.connect()
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_the_host_stops_when_commands_stop_coming(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.run(0.24)
    assert rig.bridge.sent.sent == AHEAD
    rig.run(0.06)
    assert rig.bridge.sent == (STOP, ("no fresh command",))
    rig.run(0.5)
    assert rig.outputs.left_radps == 0.0
    assert rig.bridge.status is not None
    assert rig.bridge.status.mode is Mode.DRIVING


def test_the_firmware_stops_by_itself_when_the_host_hangs(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.run(0.2, host=False)
    assert rig.outputs == STOPPED


def test_driving_goes_on_after_a_short_hang(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.run(0.5, host=False)
    rig.run(1.0, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_a_long_hang_needs_a_release(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.run(2.5, host=False)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_a_reconnect_needs_a_release(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    assert kinds(rig.bridge.disconnect("cable pulled")) == [BaseLost]
    rig.connect(session=8)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_a_release_while_the_base_is_away_is_refused_and_not_kept(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.bridge.disconnect("cable pulled")
    assert not rig.bridge.request_release()
    rig.connect(session=8)
    rig.run(2.0, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.request_release()


def test_a_firmware_reset_in_motion_needs_a_release_and_keeps_the_pose(rig: Rig, firmware_paths: FirmwarePaths) -> None:
    rig.start()
    rig.run(2.0, AHEAD)
    pose = [event for event in rig.events if isinstance(event, BaseReport)][-1].odometry.odom_from_base
    rig.firmware = LockstepFirmware(firmware_paths.library, rig.robot)
    rig.wheels = IdealWheels(rig.robot)
    rig.events.clear()
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    assert kinds(rig.events)[:2] == [BaseLost, BaseAccepted]
    after = [event for event in rig.events if isinstance(event, BaseReport)][-1].odometry.odom_from_base
    assert after.distance_to(pose) < 0.02


def test_an_emergency_stop_stays_until_staff_release_it(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.inputs = replace(rig.inputs, emergency_stop=True)
    rig.run(0.005, AHEAD)
    assert rig.outputs == STOPPED
    rig.inputs = replace(rig.inputs, emergency_stop=False)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.complaint == "the base is latched, staff must release it"
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_a_plain_start_does_not_release_a_latched_stop(rig: Rig) -> None:
    rig.inputs = replace(rig.inputs, emergency_stop=True)
    rig.run(0.02, host=False)
    rig.inputs = replace(rig.inputs, emergency_stop=False)
    rig.start()
    rig.run(3.0, AHEAD)
    assert rig.outputs == STOPPED
    assert ArmRefused(Mode.LATCHED) in rig.events


def test_a_release_with_the_button_still_pressed_is_refused(rig: Rig) -> None:
    rig.start()
    rig.inputs = replace(rig.inputs, emergency_stop=True)
    rig.bridge.request_release()
    rig.run(0.1, AHEAD)
    rig.bridge.request_release()
    rig.run(2.5, AHEAD)
    assert rig.outputs == STOPPED
    assert ArmRefused(Mode.LATCHED) in rig.events
    rig.inputs = replace(rig.inputs, emergency_stop=False)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED


def test_a_release_that_was_not_carried_out_ends_with_the_line(rig: Rig) -> None:
    rig.start()
    rig.inputs = replace(rig.inputs, emergency_stop=True)
    rig.run(0.1, AHEAD)
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    rig.bridge.disconnect("cable pulled")
    rig.inputs = replace(rig.inputs, emergency_stop=False)
    rig.connect(session=8)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED


def test_a_request_made_while_driving_is_not_kept_for_later(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    rig.run(2.5, host=False)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED


def test_a_silent_base_is_noticed_and_needs_a_release(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    lost = rig.bridge.receive(b"", rig.now_s + 1.5)
    assert kinds(lost) == [BaseLost]
    assert rig.bridge.phase is Phase.GREETING
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED


def test_a_stale_status_means_a_stop(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    rig.bridge.step(rig.now_s + 0.3, AHEAD)
    assert rig.bridge.sent == (STOP, ("no fresh status of the base",))


def test_a_host_clock_that_jumps_means_a_stop(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    for jump_s in (-3600.0, 3600.0):
        rig.bridge.step(rig.now_s + jump_s, None)
        assert rig.bridge.sent.sent == STOP


def test_what_is_over_the_limit_is_cut_and_told(rig: Rig) -> None:
    rig.start()
    rig.run(0.1, Twist2(3.0, 0.0))
    assert rig.bridge.sent == (Twist2(1.0, 0.0), ("speed 3.00 m/s over the limit of 1.00",))


def test_a_command_carries_its_deadline_on_the_base_clock(rig: Rig) -> None:
    rig.start()
    rig.run(0.1, AHEAD)
    [frame] = FrameParser().feed(rig.bridge.step(rig.now_s, AHEAD))
    command = decode(frame)
    assert isinstance(command, WheelCommand)
    assert command.deadline_us == round((rig.now_s + 0.2) * 1e6)


def test_the_clocks_are_compared(rig: Rig) -> None:
    rig.start()
    rig.run(3.0, AHEAD)
    assert rig.bridge.clock is not None
    assert abs(rig.bridge.clock.ahead_s) <= rig.bridge.clock.error_s + 1e-9


def test_sensors_are_reported_with_the_hosts_time(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    reports = [event for event in rig.events if isinstance(event, SensorReport)]
    assert {type(report.reading) for report in reports} == {Imu, BatteryReport, MotorReport}
    assert all(report.stamp_s == report.reading.clock_us * 1e-6 for report in reports)
    battery = next(r.reading for r in reports if isinstance(r.reading, BatteryReport))
    assert sum(battery.cells_mv) == battery.pack_mv == rig.inputs.battery_mv


def test_greetings_are_repeated_twice_a_second(robot: RobotModel) -> None:
    bridge = Bridge(robot)
    bridge.connect(session=7)
    sent = [bridge.step(0.02 * tick, None) for tick in range(100)]
    assert [tick for tick, content in enumerate(sent) if content] == [0, 25, 50, 75]
    assert all(content[:1] == b"\0" for content in sent if content)


def test_noise_on_the_line_is_counted_and_driving_goes_on(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    rig.bridge.receive(b"\x55\xaa noise \0", rig.now_s)
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0
    assert sum(rig.bridge.rejected.values()) == 1


def test_disarming_drops_the_request_too(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    rig.firmware.write(rig.bridge.disarm())
    rig.run(0.5, AHEAD)
    assert rig.outputs == STOPPED


def test_two_runs_are_bit_for_bit_the_same(make_rig: Callable[[], Rig]) -> None:
    def visit() -> list[Event]:
        rig = make_rig()
        rig.start()
        for turn in (0.3, -0.7, 0.0):
            rig.run(0.4, Twist2(0.4, turn))
        return rig.events

    assert visit() == visit()
