"""How host and base get to know each other: what is refused by whom, and what the host sets."""

from __future__ import annotations

import msgspec
import pytest

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.dictionary import OWN_DICTIONARY
from aisle_firmware_bridge.events import ArmRefused, BaseRefused, Event, LimitReduced
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import Frame, encode_frame
from aisle_firmware_bridge.phase import Phase
from aisle_firmware_bridge.protocol import Mode, ResetCause
from sim.base.firmware_hardware import LockstepFirmware
from tests.firmware_bridge.conftest import STOPPED, Rig
from tests.firmware_bridge.introductions import identity_of, introduce

AHEAD = Twist2(0.5, 0.0)


def greeted(robot: RobotModel, dictionary: str = OWN_DICTIONARY, **wrong: object) -> tuple[Bridge, list[Event]]:
    """Return a bridge that was told an identity and a dictionary, and what it made of them."""
    bridge = Bridge(robot)
    bridge.connect(session=7)
    bridge.request_arm()
    bridge.step(0.0, None)
    introduction = introduce(identity_of(robot, dictionary), dictionary, **wrong)
    return bridge, bridge.receive(introduction, 0.01)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"protocol": 1}, "base other is not driven: it speaks protocol 1, this host 2: update the older one"),
        ({"ticks_per_turn": 1024}, "it counts 1024 ticks a turn, reference has 4096"),
        ({"forward_limit_radps": 25.0}, "its wheels reach 25.0 rad/s, reference allows 12.5"),
    ],
)
def test_a_base_that_does_not_fit_is_never_armed(robot: RobotModel, wrong: dict[str, object], sentence: str) -> None:
    bridge, events = greeted(robot, **wrong)  # type: ignore[arg-type]
    assert [type(event) for event in events] == [BaseRefused]
    assert sentence in events[0].sentence  # type: ignore[union-attr]
    assert bridge.phase is Phase.REFUSED
    assert all(bridge.step(0.02 * tick, AHEAD) == b"" for tick in range(1, 100))
    assert sentence in bridge.complaint


def test_a_base_with_another_dictionary_is_never_armed(robot: RobotModel) -> None:
    drifted = OWN_DICTIONARY.replace("deadline_us:u64:us", "deadline_ms:u32:ms")
    bridge, events = greeted(robot, drifted)
    assert bridge.phase is Phase.REFUSED
    assert "wheel_command has 'deadline_us' as u64 in us here and 'deadline_ms' as u32 in ms in" in bridge.complaint
    assert [type(event) for event in events] == [BaseRefused]


def test_a_base_of_an_older_layout_is_refused_by_its_version(robot: RobotModel) -> None:
    bridge = Bridge(robot)
    bridge.connect(session=7)
    [event] = bridge.receive(encode_frame(Frame(0x81, 1, b"\x01\x00" + bytes(33))), 0.01)
    assert isinstance(event, BaseRefused)
    assert "it speaks protocol 1, this host 2" in bridge.complaint


def test_an_identity_without_its_dictionary_is_not_enough(robot: RobotModel) -> None:
    bridge = Bridge(robot)
    bridge.connect(session=7)
    whole = introduce(identity_of(robot, OWN_DICTIONARY), OWN_DICTIONARY)
    bridge.receive(whole[:-300], 0.01)
    assert bridge.phase is Phase.GREETING


def test_an_answer_to_another_session_is_ignored(robot: RobotModel) -> None:
    bridge, events = greeted(robot, session=6)
    assert (bridge.phase, events) == (Phase.GREETING, [])


def test_another_board_on_the_same_line_is_refused(rig: Rig, firmware_paths: FirmwarePaths) -> None:
    rig.start()
    rig.bridge.disconnect("cable pulled")
    rig.firmware = LockstepFirmware(firmware_paths.library, rig.robot, board_id=0xB0B)
    rig.connect(session=8)
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    assert rig.outputs == STOPPED
    assert "it is board 0xb0b, this host drove 0x1" in rig.bridge.complaint


def test_a_base_that_restarted_by_itself_needs_staff(rig: Rig, firmware_paths: FirmwarePaths) -> None:
    rig.firmware = LockstepFirmware(firmware_paths.library, rig.robot, reset_cause=ResetCause.BROWN_OUT)
    rig.start()
    rig.run(2.5, AHEAD)
    assert rig.outputs == STOPPED
    assert ArmRefused(Mode.FAULT) in rig.events
    rig.bridge.request_release()
    rig.run(0.5, AHEAD)
    assert rig.outputs.left_radps > 0.0


def test_the_base_keeps_the_slower_limit_and_the_host_is_told(rig: Rig) -> None:
    limits = msgspec.structs.replace(rig.robot.limits, speed_mps=1.5)
    rig.bridge = Bridge(msgspec.structs.replace(rig.robot, limits=limits))
    rig.start()
    rig.run(3.0, Twist2(1.5, 0.0))
    [reduced] = [event for event in rig.events if isinstance(event, LimitReduced)]
    assert reduced.sentence == (
        "the base keeps forward_limit 12.5 rad/s, 18.75 rad/s was asked: it is more careful than the robot's file"
    )
    assert rig.bridge.sent.cut == ("wheels 18.75 rad/s forward over the base's 12.50",)
    assert rig.outputs.left_radps == pytest.approx(12.5, rel=2e-3)


def test_the_host_makes_the_base_as_slow_as_its_robot_is(rig: Rig, firmware_paths: FirmwarePaths) -> None:
    limits = msgspec.structs.replace(rig.robot.limits, turn_acceleration_radps2=0.5)
    rig.bridge = Bridge(msgspec.structs.replace(rig.robot, limits=limits))
    rig.start()
    rig.run(0.4, Twist2(0.0, 1.0))
    turn = (rig.outputs.right_radps - rig.outputs.left_radps) / 2.0
    half_track = rig.robot.wheels.track_m / 2.0 / rig.robot.wheels.radius_m
    assert turn <= 0.5 * half_track * 0.4 + 1e-3
