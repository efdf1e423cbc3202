"""The live loop paces, publishes and drives; the node as a whole runs with the real firmware process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from aisle.paths import REPOSITORY
from aisle.sensing import LaserScan
from aisle_firmware_bridge.firmware_build import build_firmware, firmware_command
from aisle_firmware_bridge.wheels import firmware_parameters
from sim.base.firmware_hardware import MotorOutputs, WheelInputs
from sim.live import Pacer, run
from sim.scenario import Scenario, Script
from sim.scene.world_files import load_scene
from sim.scoring import Recording, read_recording
from sim.world import CARGO_IDS, World
from tests.sim.rooms import empty_room, reference_robot

ROBOT = reference_robot()
SECONDS_TO_READY = 30.0
_PAUSE = threading.Event()


class Ahead:
    """A firmware that always drives straight on."""

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        return MotorOutputs(4.0, 4.0, brake=False)


class Heard:
    """Keeps what was published."""

    def __init__(self) -> None:
        self.clocks: list[float] = []
        self.scans: list[LaserScan] = []

    def clock(self, now_s: float) -> None:
        self.clocks.append(now_s)

    def scan(self, scan: LaserScan) -> None:
        self.scans.append(scan)


class Wall:
    """A wall clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def sleep(self, duration_s: float) -> None:
        self.now_s += duration_s


def test_one_simulated_second_publishes_fifty_clocks_and_ten_scans() -> None:
    world, heard, wall = World(empty_room(), ROBOT, 0, 1), Heard(), Wall()
    recording = Recording(ROBOT.base.radius_m)
    pacer = Pacer(1.0, lambda: wall.now_s, wall.sleep)
    run(world, Ahead(), heard, lambda: None, None, recording, pacer, lambda: world.now_s >= 1.0, Script(Scenario()))
    assert heard.clocks == pytest.approx([0.02 * k for k in range(1, 51)])
    assert [scan.stamp_s for scan in heard.scans] == pytest.approx([0.1 * k for k in range(1, 11)])
    assert recording.moments[-1].x_m > recording.moments[0].x_m + 0.2


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_the_pacer_holds_the_speed_factor(speed: float) -> None:
    wall = Wall()
    pacer = Pacer(speed, lambda: wall.now_s, wall.sleep)
    for step in range(101):
        pacer.wait(step * 0.01)
    assert wall.now_s - 100.0 == pytest.approx(1.0 / speed)


def test_the_pacer_does_not_race_after_falling_behind() -> None:
    wall = Wall()
    pacer = Pacer(1.0, lambda: wall.now_s, wall.sleep)
    pacer.wait(0.0)
    wall.now_s += 5.0
    pacer.wait(0.01)
    before_s = wall.now_s
    pacer.wait(0.51)
    assert wall.now_s - before_s == pytest.approx(0.5)


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pacer(0.0, time.monotonic, time.sleep)


@pytest.mark.integration
@pytest.mark.timeout(120)
def test_the_node_runs_with_the_firmware_process_and_stops_cleanly(tmp_path: Path) -> None:
    environment = {**os.environ, "ROS_DOMAIN_ID": "87", "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    hardware, out = tmp_path / "hardware", tmp_path / "out"
    sim = subprocess.Popen(
        [sys.executable, "-m", "sim.sim_node", "--store", str(REPOSITORY / "config/stores/demo"),
         "--hardware", str(hardware), "--out", str(out), "--seed", "3", "--speed", "2", "--customer",
         "--script", "milk"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    executable = build_firmware(REPOSITORY / "build" / "firmware").executable
    command = firmware_command(executable, tmp_path / "base", hardware, firmware_parameters(ROBOT))
    _wait_for(hardware)
    firmware = subprocess.Popen(command)
    try:
        scans = subprocess.run(
            [sys.executable, "-c", COUNT_SCANS], env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        assert scans.stdout.split() == ["20", "720", "laser_link"]
    finally:
        sim.send_signal(signal.SIGTERM)
        _, log = sim.communicate(timeout=20)
        firmware.wait(timeout=10)
    assert sim.returncode == 0, log
    assert load_scene(out / "world").robot.name == "robot"
    recording = read_recording(out / "truth.jsonl")
    assert len({person.person_id % CARGO_IDS for person in recording.moments[-1].people}) == 7
    assert [step.name for step in recording.steps][:1] == ["approaching"]
    assert not hardware.exists()


COUNT_SCANS = """
import rclpy
from rclpy.qos import qos_profile_sensor_data
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan
rclpy.init()
node = rclpy.create_node("listener")
scans, clocks = [], []
node.create_subscription(LaserScan, "/scan", scans.append, qos_profile_sensor_data)
node.create_subscription(Clock, "/clock", clocks.append, qos_profile_sensor_data)
while len(scans) < 20 or not clocks:
    rclpy.spin_once(node, timeout_sec=1.0)
print(len(scans), len(scans[0].ranges), scans[0].header.frame_id)
"""


def _wait_for(path: Path) -> None:
    deadline_s = time.monotonic() + SECONDS_TO_READY
    while not path.exists():
        assert time.monotonic() < deadline_s, f"{path} did not appear"
        _PAUSE.wait(0.05)
