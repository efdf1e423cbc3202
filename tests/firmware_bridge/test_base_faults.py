"""What goes wrong around a base, against the real firmware process: the motors are at zero in time, and stay there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.events import BaseAccepted, BaseLost
from aisle_firmware_bridge.firmware_build import SOURCES, FirmwarePaths
from aisle_firmware_bridge.link import LinkError, SerialLink
from aisle_firmware_bridge.phase import Phase
from aisle_firmware_bridge.protocol import Faults, Mode
from sim.base.firmware_hardware import FirmwareError
from tests.firmware_bridge.cable import Cable
from tests.firmware_bridge.live_base import AHEAD, RESTING, STEP_S, STOPPED, STOPS_WITHIN_S, Live, run_live

pytestmark = pytest.mark.integration

REATTACHED_WITHIN_S = 2.0
# The firmware's 0.3 s, a step, and what the wheel still seems to turn because its speed is smoothed.
STALL_FOUND_WITHIN_S = 0.36
# 0.3 s from when the wheels turn the robot noticeably, which the acceleration limit takes a moment for.
GYRO_FOUND_WITHIN_S = 0.5
SPEEDS = [Twist2(v, w) for v in (0.05, 0.25, 0.5, 0.75, 1.0, -0.25) for w in (0.0, 1.0)]


@pytest.fixture
def live(firmware_paths: FirmwarePaths, robot: RobotModel, tmp_path: Path) -> Iterator[Live]:
    with run_live(firmware_paths.executable, robot, tmp_path) as rig:
        yield rig


@pytest.fixture
def host(live: Live, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A host in a process of its own that has the base driving."""
    command = [sys.executable, "-m", "tests.firmware_bridge.host_process", str(tmp_path / "base")]
    with subprocess.Popen(command) as process:
        live.paced(lambda: live.outputs.left_radps == pytest.approx(6.25), within_s=60.0)
        yield process
        process.kill()


def stays_stopped(live: Live, duration_s: float = 1.0) -> bool:
    """Command motion for a while; return whether nothing moved."""
    steps = round(duration_s / (4 * STEP_S))
    moved = []
    for _ in range(steps):
        live.run(4 * STEP_S, AHEAD)
        moved.append(live.outputs != STOPPED)
    return not any(moved)


def test_a_killed_host_stops_the_motors_in_200_ms(live: Live, host: subprocess.Popen[bytes]) -> None:
    host.kill()
    host.wait()
    assert live.until_stopped_s() <= STOPS_WITHIN_S + STEP_S


def test_a_host_that_hangs_stops_the_motors_in_200_ms_and_a_long_hang_disarms(
    live: Live, host: subprocess.Popen[bytes]
) -> None:
    host.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, host.pid, os.WSTOPPED | os.WNOWAIT)
    assert live.until_stopped_s() <= STOPS_WITHIN_S + STEP_S
    ends_s = live.now_s + 2.2
    live.paced(lambda: live.now_s > ends_s, within_s=3.0)
    host.send_signal(signal.SIGCONT)
    ends_s = live.now_s + 1.0
    moved = []
    live.paced(lambda: moved.append(live.outputs != STOPPED) or live.now_s > ends_s, within_s=2.0)  # type: ignore[func-returns-value]
    assert not any(moved)


def test_a_pulled_cable_stops_the_motors_and_the_host_reattaches_unarmed(
    firmware_paths: FirmwarePaths, robot: RobotModel, tmp_path: Path
) -> None:
    device = tmp_path / "aisle_base"
    with (
        run_live(firmware_paths.executable, robot, tmp_path, device) as live,
        Cable(tmp_path / "base", device) as cable,
    ):
        live.drive()
        cable.pull()
        assert live.until_stopped_s() <= STOPS_WITHIN_S + STEP_S
        live.run(1.0, AHEAD)
        assert any(isinstance(event, BaseLost) for event in live.events)
        cable.plug()
        live.run_until(lambda: live.bridge.phase is Phase.ONLINE, REATTACHED_WITHIN_S, AHEAD)
        assert stays_stopped(live)
        live.drive()


def test_a_firmware_reset_in_motion_is_found_again_and_stays_unarmed(live: Live) -> None:
    live.drive()
    live.process.kill()
    live.process.communicate(timeout=5.0)
    with pytest.raises(FirmwareError, match="has gone"):
        live.run(0.1, AHEAD)
    live.process = live.start()
    live.hardware.accept(timeout_s=10.0)
    accepted = sum(isinstance(event, BaseAccepted) for event in live.events)
    live.run_until(
        lambda: sum(isinstance(event, BaseAccepted) for event in live.events) > accepted, REATTACHED_WITHIN_S, AHEAD
    )
    assert stays_stopped(live)
    live.drive()


def test_a_busy_port_is_said_to_be_busy_and_taken_when_it_is_free(live: Live, tmp_path: Path) -> None:
    with SerialLink(str(tmp_path / "base")):
        live.run(1.0, AHEAD)
        assert live.bridge.phase is Phase.OFFLINE
        with pytest.raises(LinkError, match="another program holds the line"):
            SerialLink(str(tmp_path / "base")).open()
    live.run_until(lambda: live.bridge.phase is Phase.ONLINE, REATTACHED_WITHIN_S, AHEAD)


@contextmanager
def no_privileges() -> Iterator[None]:
    """Be nobody for a while, where this process may change that."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_line_without_permission_is_said_to_be_so(live: Live, tmp_path: Path) -> None:
    device = (tmp_path / "base").resolve()
    device.chmod(0o000)
    try:
        with no_privileges(), pytest.raises(LinkError, match="no permission: add this user to the group"):
            SerialLink(str(device)).open()
    finally:
        device.chmod(0o600)


def other_firmware(folder: Path, *, define: str = "", change: tuple[str, str] | None = None) -> Path:
    """Build a firmware that differs from ours in one definition or one line of its message table."""
    sources, build = folder / "sources", folder / "build"
    build.mkdir()
    subprocess.run(["cp", "-r", str(SOURCES), str(sources)], check=True)
    if change is not None:
        table = sources / "messages.h"
        assert change[0] in table.read_text()
        table.write_text(table.read_text().replace(*change, 1))
    settings = [f"BUILD={build}", f"CFLAGS=-O1 {define}"]
    subprocess.run(["make", "--silent", "-C", str(sources), *settings, str(build / "aisle_firmware")], check=True)
    return build / "aisle_firmware"


def test_a_firmware_of_another_version_is_refused_by_name(robot: RobotModel, tmp_path: Path) -> None:
    executable = other_firmware(tmp_path, define="-DFW_PROTOCOL_VERSION=3u")
    with run_live(executable, robot, tmp_path) as live:
        live.bridge.request_arm()
        live.run_until(lambda: live.bridge.phase is Phase.REFUSED, 2.0, AHEAD)
        assert "it speaks protocol 3, this host 2: update the older one" in live.bridge.complaint
        assert stays_stopped(live)


def test_a_firmware_whose_messages_drifted_is_refused_with_the_difference(robot: RobotModel, tmp_path: Path) -> None:
    executable = other_firmware(tmp_path, change=('F(u16, battery_mv, "mV")', 'F(u32, battery_mv, "mV")'))
    with run_live(executable, robot, tmp_path) as live:
        live.bridge.request_arm()
        live.run_until(lambda: live.bridge.phase is Phase.REFUSED, 2.0, AHEAD)
        assert "message status has 'battery_mv' as u16 in mV here" in live.bridge.complaint
        assert stays_stopped(live)


@pytest.mark.parametrize("jump_s", [-3600.0, 3600.0])
def test_a_host_clock_that_jumps_an_hour_never_moves_the_base_faster_or_longer(live: Live, jump_s: float) -> None:
    live.drive()
    behind_s = jump_s
    for _ in range(100):
        for _ in range(4):
            live.step()
            assert abs(live.outputs.left_radps) <= 6.26
        live.driver.tick(live.now_s + behind_s, AHEAD)
    assert live.until_stopped_s() <= STOPS_WITHIN_S + STEP_S


def test_a_base_clock_that_jumps_back_an_hour_is_a_fault(live: Live) -> None:
    live.now_s = 3700.0
    live.drive()
    live.now_s -= 3600.0
    live.step()
    assert live.outputs == STOPPED
    live.run_until(lambda: live.mode() is Mode.FAULT, 2.0, AHEAD)
    assert stays_stopped(live)


def test_a_base_clock_that_jumps_ahead_an_hour_stops_the_base(live: Live) -> None:
    live.drive()
    live.now_s += 3600.0
    live.step()
    assert live.outputs == STOPPED
    assert stays_stopped(live)


def test_a_critical_battery_stops_the_base_until_staff_release_it(live: Live) -> None:
    live.drive()
    live.inputs = replace(RESTING, battery_mv=20_500)
    live.step()
    assert live.outputs == STOPPED
    live.run(0.2, AHEAD)
    assert live.bridge.status is not None
    assert live.bridge.status.faults is Faults.BATTERY
    live.inputs = replace(RESTING, battery_mv=23_000)
    live.bridge.request_release()
    assert stays_stopped(live)
    assert "charge it to 23.1 V" in live.bridge.complaint
    live.inputs = RESTING
    assert stays_stopped(live)
    live.drive()


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_encoder_that_stands_stops_the_motors_at_every_speed(live: Live, side: str) -> None:
    for twist in SPEEDS:
        live.drive(twist)
        live.wheels.stuck = frozenset({side})
        assert live.until_stopped_s(twist) <= STALL_FOUND_WITHIN_S, twist
        live.run(0.1, twist)
        assert live.bridge.status is not None
        assert Faults.STALLED in live.bridge.status.faults, twist
        live.wheels.stuck = frozenset()
        assert stays_stopped(live, 0.2)


def test_a_gyro_that_stands_stops_the_motors_when_the_base_turns(live: Live) -> None:
    live.drive()
    live.wheels.stuck = frozenset({"gyro"})
    live.run(1.0, AHEAD)
    assert live.outputs != STOPPED
    assert live.until_stopped_s(Twist2(0.5, 0.5)) <= GYRO_FOUND_WITHIN_S
    live.run(0.1, AHEAD)
    assert live.bridge.status is not None
    assert live.bridge.status.faults is Faults.GYRO
    live.wheels.stuck = frozenset()
    assert stays_stopped(live)
    live.drive()


@pytest.mark.parametrize(
    "pressed",
    [{"emergency_stop": True}, {"bumpers": 2}, {"cliffs": 1}, {"contacts": 1}, {"stuck_channels": 1}],
    ids=lambda pressed: next(iter(pressed)),
)
def test_a_stop_at_every_speed_is_in_the_next_step_and_stays(live: Live, pressed: dict[str, int]) -> None:
    for twist in SPEEDS:
        live.drive(twist)
        live.inputs = replace(RESTING, **pressed)  # type: ignore[arg-type]
        live.step()
        assert live.outputs == STOPPED, twist
        live.run(0.1, twist)
        live.inputs = RESTING
        assert stays_stopped(live, 0.2)
