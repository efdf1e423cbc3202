"""The real firmware process on a real pty, the real driver on pyserial, and a world that steps the hardware."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.events import BaseLost, BaseReport
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.protocol import Mode
from sim.base.firmware_hardware import FirmwareError
from tests.firmware_bridge.live_base import AHEAD, STOPPED, Live, run_live

pytestmark = pytest.mark.integration


@pytest.fixture
def live(firmware_paths: FirmwarePaths, robot: RobotModel, tmp_path: Path) -> Iterator[Live]:
    with run_live(firmware_paths.executable, robot, tmp_path) as rig:
        yield rig


def test_the_process_drives_and_ends_with_the_world(live: Live) -> None:
    live.bridge.request_arm()
    live.run_until(lambda: live.mode() is Mode.READY or live.mode() is Mode.DRIVING, 2.0)
    live.run(1.0, AHEAD)
    assert live.outputs.left_radps == pytest.approx(6.25)
    stamps_s = [event.odometry.stamp_s for event in live.events if isinstance(event, BaseReport)]
    assert len(stamps_s) >= 45
    assert stamps_s == sorted(set(stamps_s))


def test_a_host_that_is_gone_stops_the_motors_in_200_ms(live: Live) -> None:
    live.bridge.request_arm()
    live.run_until(lambda: live.mode() is Mode.DRIVING, 2.0, AHEAD)
    live.run(0.5, AHEAD)
    assert live.outputs.left_radps > 0.0
    live.run(0.2, host=False)
    assert live.outputs == STOPPED


def test_a_host_that_reconnects_needs_a_release(live: Live) -> None:
    live.bridge.request_arm()
    live.run_until(lambda: live.mode() is Mode.DRIVING, 2.0, AHEAD)
    live.driver.close()
    live.run(0.1, host=False)
    assert live.outputs == STOPPED
    live.run_until(lambda: live.mode() is Mode.DISARMED, 2.0, AHEAD)
    live.run(0.5, AHEAD)
    assert live.outputs == STOPPED
    live.bridge.request_release()
    live.run_until(lambda: live.outputs.left_radps > 0.0, 2.0, AHEAD)


def test_a_killed_firmware_is_noticed_and_found_again(live: Live) -> None:
    live.bridge.request_arm()
    live.run_until(lambda: live.mode() is Mode.DRIVING, 2.0, AHEAD)
    live.process.kill()
    live.process.communicate(timeout=5.0)
    with pytest.raises(FirmwareError, match="has gone"):
        live.run(0.1, AHEAD)
    live.process = live.start()
    live.hardware.accept(timeout_s=10.0)
    live.run_until(lambda: live.mode() is Mode.DISARMED, 2.0, AHEAD)
    assert any(isinstance(event, BaseLost) and "unplugged" in event.reason for event in live.events)
    live.run(0.5, AHEAD)
    assert live.outputs == STOPPED


def test_the_process_ends_when_told_to(live: Live) -> None:
    live.process.send_signal(signal.SIGTERM)
    assert live.process.wait(timeout=5.0) == 0


def test_an_unusable_robot_is_refused_at_the_start(firmware_paths: FirmwarePaths, tmp_path: Path) -> None:
    command = [str(firmware_paths.executable), "--link", str(tmp_path / "base"), "--hardware", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5.0)
    assert done.returncode == 2
    assert "must all be given" in done.stderr


def test_a_record_of_another_version_is_refused(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.base.firmware_hardware.RECORD_VERSION", 9)
    with pytest.raises(FirmwareError, match="has gone"):
        live.run(0.1)
    _, problem = live.process.communicate(timeout=5.0)
    assert "hardware record" in problem
    live.process = live.start()
    live.hardware.accept(timeout_s=10.0)
