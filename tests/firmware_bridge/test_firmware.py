"""The C core over ctypes, commanded by hand: what it does with good, late, doubled and damaged commands."""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.protocol import (
    PROTOCOL_VERSION,
    Arm,
    Disarm,
    Faults,
    Hello,
    HostMessage,
    Identity,
    Mode,
    Release,
    ResetCause,
    SetLights,
    Status,
    TimeReply,
    TimeSync,
    WheelCommand,
    decode,
    encode,
)
from aisle_firmware_bridge.wheels import firmware_parameters
from sim.base.firmware_hardware import FirmwareError, LockstepFirmware, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

RESTING = WheelInputs(0, 0, 0.0)
AT_REST = MotorOutputs(0.0, 0.0, brake=True)
LATER_US = 10**12


class Hand:
    """Talks to a firmware directly, one message at a time."""

    def __init__(self, firmware: LockstepFirmware) -> None:
        self.firmware = firmware
        self.sequence = 0
        self.parser = FrameParser()
        self.firmware.step(0.0, RESTING)

    def say(self, *messages: HostMessage) -> None:
        for message in messages:
            self.sequence += 1
            self.firmware.write(encode(message, self.sequence))

    def status(self, now_s: float, inputs: WheelInputs = RESTING) -> Status:
        """Step once and return the newest status, which is at most 20 ms old."""
        self.firmware.step(now_s, inputs)
        statuses = [m for f in self.parser.feed(self.firmware.read()) if isinstance(m := decode(f), Status)]
        return statuses[-1]

    def arm(self) -> None:
        self.say(Hello(PROTOCOL_VERSION, 7), Arm())


@pytest.fixture
def hand(firmware: LockstepFirmware) -> Hand:
    return Hand(firmware)


def is_stopped(outputs: MotorOutputs) -> bool:
    return outputs == AT_REST


@given(st.integers(1, 20), st.integers(1, 400))
def test_motors_are_at_zero_200_ms_after_the_last_command(
    firmware_paths: FirmwarePaths, robot: RobotModel, period_ms: int, lives_ms: int
) -> None:
    firmware = LockstepFirmware(firmware_paths.library, robot)
    hand = Hand(firmware)
    hand.arm()
    hand.say(WheelCommand(5.0, 5.0, lives_ms * 1000))
    for now_ms in range(period_ms, 500, period_ms):
        outputs = firmware.step(now_ms / 1000.0, RESTING)
        holds_until_ms = now_ms + period_ms
        assert is_stopped(outputs) == (holds_until_ms > min(200, lives_ms))


def test_a_command_is_followed_within_the_acceleration_limit(hand: Hand, robot: RobotModel) -> None:
    hand.arm()
    before_radps, outputs, wheels = 0.0, AT_REST, IdealWheels(robot)
    limit = firmware_parameters(robot).forward_acceleration_radps2
    for step in range(1, 101):
        hand.say(WheelCommand(9.0, 9.0, LATER_US))
        outputs = hand.firmware.step(step * 0.005, wheels.turn(outputs, 0.005, RESTING))
        assert outputs.left_radps == outputs.right_radps
        assert before_radps < outputs.left_radps <= before_radps + limit * 0.005 + 1e-4
        before_radps = outputs.left_radps


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.floats(-20.0, 20.0, width=32))
def test_no_command_drives_faster_than_the_robot_may(
    firmware_paths: FirmwarePaths, robot: RobotModel, left: float, right: float
) -> None:
    hand = Hand(LockstepFirmware(firmware_paths.library, robot))
    limits, outputs, wheels = firmware_parameters(robot), AT_REST, IdealWheels(robot)
    hand.arm()
    for step in range(1, 60):
        hand.say(WheelCommand(left, right, LATER_US))
        outputs = hand.firmware.step(step * 0.05, wheels.turn(outputs, 0.05, RESTING))
        assert abs(outputs.left_radps + outputs.right_radps) / 2 <= limits.forward_limit_radps * 1.0001
        assert abs(outputs.right_radps - outputs.left_radps) / 2 <= limits.turn_limit_radps * 1.0001


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_command_that_is_not_finite_is_rejected(hand: Hand, bad: float) -> None:
    hand.arm()
    hand.say(WheelCommand(bad, 1.0, LATER_US))
    assert is_stopped(hand.firmware.step(0.005, RESTING))
    assert hand.status(0.02).frames_rejected == 1


def test_a_command_past_its_deadline_is_not_carried_out(hand: Hand) -> None:
    hand.arm()
    hand.firmware.step(1.0, RESTING)
    hand.say(WheelCommand(5.0, 5.0, 999_999))
    assert is_stopped(hand.firmware.step(1.005, RESTING))


def test_a_late_command_does_not_disturb_the_one_before(hand: Hand) -> None:
    hand.arm()
    hand.firmware.step(1.0, RESTING)
    hand.say(WheelCommand(5.0, 5.0, LATER_US), WheelCommand(-5.0, -5.0, 999_999))
    assert hand.firmware.step(1.005, RESTING).left_radps > 0.0


def test_doubled_and_overtaken_commands_are_dropped(hand: Hand) -> None:
    hand.arm()
    first = encode(WheelCommand(5.0, 5.0, LATER_US), hand.sequence + 1)
    stop = encode(WheelCommand(0.0, 0.0, LATER_US), hand.sequence + 2)
    hand.firmware.write(stop + first + first)
    assert hand.firmware.step(0.005, RESTING).left_radps == 0.0
    status = hand.status(0.02)
    assert (status.frames_rejected, status.last_command) == (2, hand.sequence + 2)


@pytest.mark.parametrize("version", [0, PROTOCOL_VERSION + 1, 65_535])
def test_another_version_never_arms(hand: Hand, version: int) -> None:
    hand.say(Hello(version, 7), Arm(), WheelCommand(5.0, 5.0, LATER_US))
    assert hand.status(0.02).mode is Mode.DISARMED
    assert is_stopped(hand.firmware.step(0.025, RESTING))


def test_nothing_is_obeyed_before_hello(hand: Hand) -> None:
    hand.say(Arm(), WheelCommand(5.0, 5.0, LATER_US))
    status = hand.status(0.02)
    assert (status.mode, status.frames_rejected) == (Mode.DISARMED, 2)


def test_identity_repeats_the_session_and_names_the_robots_constants(hand: Hand, robot: RobotModel) -> None:
    hand.say(Hello(PROTOCOL_VERSION, 0xDEADBEEF))
    messages = [decode(frame) for frame in hand.parser.feed(hand.firmware.read())]
    [identity] = [m for m in messages if isinstance(m, Identity)]
    assert (identity.protocol, identity.session, identity.firmware) == (PROTOCOL_VERSION, 0xDEADBEEF, (0, 3, 0))
    assert (identity.reset_cause, identity.board_id) == (ResetCause.SWITCHED_ON, 1)
    assert (identity.ticks_per_turn, identity.forward_limit_radps) == (robot.wheels.ticks_per_turn, 12.5)
    assert (identity.command_timeout_ms, identity.name) == (200, "aisle-reference")


def test_another_session_disarms_and_the_same_one_does_not(hand: Hand) -> None:
    hand.arm()
    hand.say(Hello(PROTOCOL_VERSION, 7))
    assert hand.status(0.02).mode is Mode.READY
    hand.say(Hello(PROTOCOL_VERSION, 8))
    assert hand.status(0.04).mode is Mode.DISARMED


@pytest.mark.parametrize("pressed", [{"emergency_stop": True}, {"bumpers": 1}, {"bumpers": 8}])
def test_a_stop_latches_until_released_and_armed(hand: Hand, pressed: dict[str, int]) -> None:
    hand.arm()
    hand.say(WheelCommand(5.0, 5.0, LATER_US))
    assert not is_stopped(hand.firmware.step(0.005, RESTING))
    assert is_stopped(hand.firmware.step(0.010, replace(RESTING, **pressed)))
    hand.say(WheelCommand(5.0, 5.0, LATER_US), Arm(), Release())
    assert hand.status(0.02, replace(RESTING, **pressed)).mode is Mode.LATCHED
    assert hand.status(0.04).mode is Mode.LATCHED
    hand.say(Arm(), WheelCommand(5.0, 5.0, LATER_US))
    assert hand.status(0.06).mode is Mode.LATCHED
    hand.say(Release())
    assert hand.status(0.08).mode is Mode.DISARMED
    hand.say(Arm())
    assert hand.status(0.10).mode is Mode.READY


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        (Faults.BATTERY, {"battery_mv": 20_000}),
        (Faults.GYRO, {"yaw_rate_radps": float("nan")}),
        (Faults.ENCODER, {"ticks_left": 1_000_000}),
    ],
)
def test_broken_hardware_is_a_fault_until_released(hand: Hand, fault: Faults, broken: dict[str, float]) -> None:
    hand.arm()
    readings = replace(RESTING, **broken)  # type: ignore[arg-type]
    status = hand.status(0.02, readings)
    assert (status.mode, status.faults) == (Mode.FAULT, fault)
    hand.status(0.04, RESTING)
    hand.status(0.06, RESTING)
    hand.say(Release())
    status = hand.status(0.08, RESTING)
    assert (status.mode, status.faults) == (Mode.DISARMED, Faults(0))


def test_a_clock_that_runs_backwards_is_a_fault(hand: Hand) -> None:
    hand.arm()
    hand.firmware.step(3600.0, RESTING)
    status = hand.status(1.0)
    assert (status.mode, status.faults, status.clock_us) == (Mode.FAULT, Faults.CLOCK, 1_000_000)


def test_a_silent_host_disarms_the_base(hand: Hand) -> None:
    hand.arm()
    assert hand.status(1.9).mode is Mode.READY
    assert hand.status(2.1).mode is Mode.DISARMED


def test_disarm_stops_at_once(hand: Hand) -> None:
    hand.arm()
    hand.say(WheelCommand(5.0, 5.0, LATER_US))
    hand.firmware.step(0.005, RESTING)
    hand.say(Disarm())
    assert is_stopped(hand.firmware.step(0.010, RESTING))


def test_statuses_come_fifty_times_a_second(hand: Hand) -> None:
    clocks_us = []
    for step in range(1, 201):
        hand.firmware.step(step * 0.005, RESTING)
        messages = [decode(frame) for frame in hand.parser.feed(hand.firmware.read())]
        clocks_us += [m.clock_us for m in messages if isinstance(m, Status)]
    assert clocks_us == list(range(0, 1_000_001, 20_000))


def test_a_host_that_does_not_read_loses_whole_frames_and_never_parts(hand: Hand) -> None:
    for step in range(1, 2001):
        hand.firmware.step(step * 0.005, RESTING)
    received = hand.firmware.read()
    assert len(received) <= 1024
    assert all(decode(frame) is not None for frame in hand.parser.feed(received))
    assert not hand.parser.rejected


@given(st.binary(max_size=400))
def test_random_bytes_never_move_an_armed_base(firmware_paths: FirmwarePaths, robot: RobotModel, noise: bytes) -> None:
    hand = Hand(LockstepFirmware(firmware_paths.library, robot))
    hand.arm()
    hand.firmware.write(noise + b"\0")
    assert is_stopped(hand.firmware.step(0.005, RESTING))


_D, _R, _G, _L, _F = Mode.DISARMED, Mode.READY, Mode.DRIVING, Mode.LATCHED, Mode.FAULT
MODES = {  # arm, disarm, release, command, expired, stop pressed, fault found, host lost
    _D: (_R, _D, _D, _D, _D, _L, _F, _D),
    _R: (_R, _D, _R, _G, _R, _L, _F, _D),
    _G: (_G, _D, _G, _G, _R, _L, _F, _D),
    _L: (_L, _L, _D, _L, _L, _L, _F, _L),
    _F: (_F, _F, _D, _F, _F, _F, _F, _F),
}


@pytest.mark.parametrize(("mode", "event"), itertools.product(Mode, range(8)))
def test_every_mode_and_event(firmware_paths: FirmwarePaths, mode: Mode, event: int) -> None:
    library = ctypes.CDLL(str(firmware_paths.library))
    assert library.fw_next_mode(int(mode), event) == MODES[mode][event]


def test_another_library_is_refused(robot: RobotModel) -> None:
    with pytest.raises(FirmwareError, match="is no firmware library"):
        LockstepFirmware(Path("libm.so.6"), robot)


def test_a_robot_without_limits_is_refused(firmware_paths: FirmwarePaths, robot: RobotModel) -> None:
    standing = msgspec.structs.replace(robot, limits=msgspec.structs.replace(robot.limits, speed_mps=0.0))
    with pytest.raises(FirmwareError, match="refuses the parameters of robot reference"):
        LockstepFirmware(firmware_paths.library, standing)


def test_the_same_inputs_give_the_same_bytes(firmware_paths: FirmwarePaths, robot: RobotModel) -> None:
    def visit() -> bytes:
        hand = Hand(LockstepFirmware(firmware_paths.library, robot))
        hand.arm()
        sent = b""
        for step in range(1, 200):
            hand.say(WheelCommand(step * 0.05, step * 0.03, LATER_US))
            outputs = hand.firmware.step(step * 0.005, replace(RESTING, ticks_left=step * 3))
            sent += hand.firmware.read() + repr(outputs).encode()
        return sent

    assert visit() == visit()


@pytest.mark.parametrize("lifted", [1, 2, 3])
def test_a_lifted_base_latches_and_a_charger_does_not(hand: Hand, lifted: int) -> None:
    hand.arm()
    assert hand.status(0.02, replace(RESTING, contacts=4)).mode is Mode.READY
    assert hand.status(0.04, replace(RESTING, contacts=4 | lifted)).mode is Mode.LATCHED


def test_drives_lose_their_supply_when_the_base_stands(hand: Hand) -> None:
    hand.arm()
    assert hand.firmware.step(0.005, RESTING).relay
    hand.say(Disarm())
    assert not hand.firmware.step(0.010, RESTING).relay


def test_drives_keep_their_supply_while_they_brake(hand: Hand) -> None:
    hand.arm()
    ticks = 0
    for step in range(1, 101):
        hand.say(WheelCommand(6.0, 6.0, LATER_US))
        ticks += 15
        hand.firmware.step(step * 0.005, replace(RESTING, ticks_left=ticks, ticks_right=ticks))
    pressed = replace(RESTING, emergency_stop=True)
    outputs = hand.firmware.step(0.505, replace(pressed, ticks_left=ticks + 15, ticks_right=ticks + 15))
    assert (outputs.brake, outputs.relay) == (True, True)
    for step in range(102, 402):
        outputs = hand.firmware.step(step * 0.005, replace(pressed, ticks_left=ticks + 15, ticks_right=ticks + 15))
    assert not outputs.relay


@pytest.mark.parametrize(
    ("fault", "broken", "after_s"),
    [
        (Faults.STOP_CHAIN, {"stuck_channels": 1}, 0.6),
        (Faults.RELAY_WELDED, {"relay_stuck": True}, 0.4),
        (Faults.POWER, {"relay_stuck": False}, 0.4),
        (Faults.MOTOR, {"motor_faults": 1}, 0.02),
        (Faults.MOTOR, {"motor_ma": (13_000, 0)}, 0.6),
    ],
)
def test_faults_of_the_drives_and_the_stop_chain(
    hand: Hand, fault: Faults, broken: dict[str, object], after_s: float
) -> None:
    if fault is not Faults.RELAY_WELDED:
        hand.arm()
    readings = replace(RESTING, **broken)  # type: ignore[arg-type]
    for step in range(1, round(after_s / 0.005)):
        hand.firmware.step(step * 0.005, readings)
        hand.firmware.read()
    assert fault in hand.status(after_s + 0.02, readings).faults


@pytest.mark.parametrize("cause", [ResetCause.BROWN_OUT, ResetCause.WATCHDOG, ResetCause.OTHER])
def test_a_base_that_restarted_by_itself_waits_for_staff(
    firmware_paths: FirmwarePaths, robot: RobotModel, cause: ResetCause
) -> None:
    hand = Hand(LockstepFirmware(firmware_paths.library, robot, reset_cause=cause))
    hand.arm()
    status = hand.status(0.02)
    assert (status.mode, status.faults) == (Mode.FAULT, Faults.RESET)
    hand.say(Release(), Arm())
    assert hand.status(0.04).mode is Mode.READY


def test_lights_are_shown(hand: Hand) -> None:
    hand.arm()
    hand.say(SetLights(1, 2, 10, 20, 30))
    assert hand.firmware.step(0.005, RESTING).lights == (2, 10, 20, 30)


def test_the_time_is_told_with_the_question(hand: Hand) -> None:
    hand.arm()
    hand.firmware.step(1.0, RESTING)
    hand.firmware.read()
    hand.say(TimeSync(123))
    [reply] = [decode(frame) for frame in hand.parser.feed(hand.firmware.read())]
    assert reply == TimeReply(123, 1_000_000, 1_000_000)
