"""What keeps a base that answers from being armed: limits it did not take, a pack that is empty."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import STOP, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import LimitReduced, LimitRefused, RequestFailed, TurnsDiffer
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.protocol import (
    Disarm,
    Faults,
    Mode,
    Parameter,
    SetLights,
    SetParameter,
    WheelCommand,
    decode,
    encode,
)
from aisle_firmware_bridge.requests import WAITING
from aisle_firmware_bridge.wheels import firmware_parameters
from sim.base.firmware_hardware import LockstepFirmware
from sim.base.ideal_wheels import IdealWheels
from tests.firmware_bridge.conftest import STOPPED, Rig

AHEAD = Twist2(0.5, 0.0)
shares = st.floats(0.95, 1.05)


def built_for(rig: Rig, paths: FirmwarePaths, **limits: float) -> None:
    """Give the rig a base that was built for a robot with other limits."""
    other = msgspec.structs.replace(rig.robot, limits=msgspec.structs.replace(rig.robot.limits, **limits))
    rig.firmware = LockstepFirmware(paths.library, other)


def test_a_base_that_brakes_less_than_the_guard_counts_on_is_never_armed(
    rig: Rig, firmware_paths: FirmwarePaths
) -> None:
    built_for(rig, firmware_paths, braking_mps2=1.2)
    rig.start()
    rig.bridge.request_release()
    rig.run(3.0, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.status is not None
    assert rig.bridge.status.mode is Mode.DISARMED
    assert rig.bridge.complaint.startswith(
        "the base keeps forward_braking 15 rad/s2 (out of range), at least 18.75 rad/s2 is needed; it stays disarmed"
    )
    assert {event.sentence for event in rig.events if isinstance(event, LimitRefused)} == {rig.bridge.complaint}


def test_a_base_that_was_put_right_is_asked_again_when_staff_release_it(
    rig: Rig, firmware_paths: FirmwarePaths
) -> None:
    built_for(rig, firmware_paths, braking_mps2=1.2)
    rig.start()
    rig.firmware = LockstepFirmware(firmware_paths.library, rig.robot)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    rig.bridge.request_release()
    rig.run(1.0, AHEAD)
    assert rig.outputs.left_radps > 0.0
    assert rig.bridge.complaint == ""


def test_the_host_cannot_weaken_the_brakes(rig: Rig) -> None:
    slower = msgspec.structs.replace(rig.robot.limits, braking_mps2=0.5)
    rig.bridge = Bridge(msgspec.structs.replace(rig.robot, limits=slower))
    rig.start()
    rig.run(2.0, AHEAD)
    [reduced] = [event for event in rig.events if isinstance(event, LimitReduced)]
    assert "keeps forward_braking 18.75 rad/s2, 6.25 rad/s2 was asked" in reduced.sentence
    before_radps = rig.outputs.left_radps
    rig.run(0.1, STOP)
    slowed = firmware_parameters(rig.robot).forward_braking_radps2 * 0.05
    assert rig.outputs.left_radps <= before_radps - slowed


def test_a_host_that_lowers_a_limit_later_goes_on_driving(rig: Rig) -> None:
    rig.connect()
    rig.run(0.5)
    assert rig.bridge.ask(SetParameter(0, Parameter.FORWARD_LIMIT, 3.0))
    rig.run(0.2)
    rig.bridge.request_arm()
    rig.run(2.0, AHEAD)
    assert rig.bridge.complaint == ""
    assert rig.outputs.left_radps == pytest.approx(3.0, rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(
    shares, shares, shares, st.sampled_from([Twist2(1.0, 0.0), Twist2(0.0, 1.5), Twist2(-1.0, 0.5), Twist2(0.4, -1.5)])
)
def test_a_calibrated_robot_is_driven_by_the_base_it_was_built_with(
    firmware_paths: FirmwarePaths, robot: RobotModel, track: float, left: float, right: float, wish: Twist2
) -> None:
    wheels = robot.wheels
    found = msgspec.structs.replace(wheels, track_m=track * wheels.track_m, left_share=left, right_share=right)
    calibrated = msgspec.structs.replace(robot, wheels=found)
    rig = Rig(robot, LockstepFirmware(firmware_paths.library, robot), Bridge(calibrated))
    rig.start()
    rig.run(1.6, wish)
    assert rig.bridge.complaint == ""
    sent, built = rig.bridge.sent, firmware_parameters(robot)
    assert abs(rig.outputs.left_radps + rig.outputs.right_radps) / 2 <= built.forward_limit_radps * 1.0011
    assert abs(rig.outputs.right_radps - rig.outputs.left_radps) / 2 <= built.turn_limit_radps * 1.0011
    assert sent.sent == wish or sent.cut
    for wished, told in ((wish.linear_mps, sent.sent.linear_mps), (wish.angular_radps, sent.sent.angular_radps)):
        assert 0.85 * abs(wished) <= abs(told) <= abs(wished)
    assert rig.bridge.status is not None
    assert not rig.bridge.status.faults


def test_an_empty_pack_stays_disarmed_until_it_is_charged_and_released(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    rig.inputs = replace(rig.inputs, battery_mv=20_500)
    rig.run(0.1, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.status is not None
    assert rig.bridge.status.faults is Faults.BATTERY
    assert "charge it to 23.1 V" in rig.bridge.complaint
    rig.inputs = replace(rig.inputs, battery_mv=23_000)
    rig.bridge.request_release()
    rig.run(3.0, AHEAD)
    assert rig.outputs == STOPPED
    rig.inputs = replace(rig.inputs, battery_mv=24_000)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.complaint == "the base is fault, staff must release it"
    rig.bridge.request_release()
    rig.run(1.0, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_an_empty_pack_holds_over_a_base_that_restarted(rig: Rig, firmware_paths: FirmwarePaths) -> None:
    rig.start()
    rig.inputs = replace(rig.inputs, battery_mv=20_500)
    rig.run(0.1, AHEAD)
    rig.firmware = LockstepFirmware(firmware_paths.library, rig.robot)
    rig.inputs = replace(rig.inputs, battery_mv=22_000)
    rig.run(2.0, AHEAD)
    rig.bridge.request_release()
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED
    assert "charge it to 23.1 V" in rig.bridge.complaint


def test_the_host_disarms_a_base_that_drives_on_with_an_empty_pack(rig: Rig) -> None:
    rig.start()
    rig.run(1.0, AHEAD)
    assert rig.bridge.status is not None
    empty = rig.bridge.status._replace(battery_mv=20_500, clock_us=rig.bridge.status.clock_us + 10_000)
    rig.bridge.receive(encode(empty, 9), rig.now_s)
    sent = rig.bridge.step(rig.now_s, AHEAD)
    messages = [decode(frame) for frame in FrameParser().feed(sent)]
    assert any(isinstance(message, Disarm) for message in messages)
    assert all(message[:2] == (0.0, 0.0) for message in messages if isinstance(message, WheelCommand))
    rig.firmware.write(sent)
    rig.run(1.0, AHEAD)
    assert rig.outputs == STOPPED


def test_a_disarm_whose_bytes_are_lost_is_repeated(rig: Rig) -> None:
    rig.start()
    rig.run(0.5, AHEAD)
    assert rig.bridge.disarm() != b""
    rig.run(0.1, AHEAD)
    assert rig.outputs == STOPPED
    assert rig.bridge.status is not None
    assert rig.bridge.status.mode is Mode.DISARMED


def test_requests_without_room_are_refused_to_whoever_asks(rig: Rig) -> None:
    assert not rig.bridge.ask(SetLights(0, 1, 2, 3, 4))
    rig.start()
    taken = [rig.bridge.ask(SetParameter(0, 100 + number, 0.0)) for number in range(WAITING + 3)]
    assert taken == [True] * WAITING + [False] * 3
    rig.run(5.0)
    assert len([event for event in rig.events if isinstance(event, RequestFailed)]) == WAITING


@pytest.mark.parametrize("moves", [Twist2(0.0, 1.0), Twist2(0.5, -1.0)])
def test_turns_that_differ_are_told_and_do_not_stop_the_base(rig: Rig, moves: Twist2) -> None:
    rig.wheels.gyro_share = 0.3
    rig.start()
    rig.run(4.0, moves)
    [told] = [event for event in rig.events if isinstance(event, TurnsDiffer)]
    assert told.gyro_radps == pytest.approx(0.3 * moves.angular_radps, abs=0.1)
    assert rig.bridge.do_turns_differ
    assert rig.outputs != STOPPED


twists = st.builds(Twist2, st.floats(-1.0, 1.0), st.floats(-1.5, 1.5))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(twists, st.floats(0.02, 1.0)), min_size=1, max_size=8),
    st.floats(0.0, 0.1),
    shares,
    st.floats(0.0, 1.2),
)
def test_slow_motors_slipping_wheels_and_worn_tyres_are_no_fault(
    firmware_paths: FirmwarePaths,
    robot: RobotModel,
    legs: list[tuple[Twist2, float]],
    lag_s: float,
    track: float,
    gyro_share: float,
) -> None:
    worn = msgspec.structs.replace(
        robot, wheels=msgspec.structs.replace(robot.wheels, track_m=track * robot.wheels.track_m)
    )
    rig = Rig(robot, LockstepFirmware(firmware_paths.library, robot), Bridge(robot))
    rig.wheels = IdealWheels(worn, gyro_share=gyro_share, lag_s=lag_s)
    rig.start()
    for twist, duration_s in legs:
        rig.run(duration_s, twist)
        assert rig.bridge.status is not None
        assert not rig.bridge.status.faults
        assert rig.bridge.complaint == ""
