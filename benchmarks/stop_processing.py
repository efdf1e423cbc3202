"""How long the processor takes from a scan to the bytes for the base, in a fresh interpreter and at its slowest.

Run as a program it prints one JSON line. Each sample holds a whole garbage collection; the first of an interpreter is
also the first scan that its guard ever sees, so that whatever is compiled or loaded late falls into it.
"""

from __future__ import annotations

import gc
import math
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np

from aisle import paths
from aisle.config import load
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_firmware_bridge.bridge import Bridge
from aisle_navigation.collision_guard.guard import Guard
from benchmarks.rows import BenchmarkProblem
from benchmarks.timing import timed
from sim.base.firmware_hardware import LockstepFirmware, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

_TICK_S, _GREETING_TICKS = 0.02, 200
_HALL_M, _BODY_M, _BODY_RAYS = 4.0, 0.9, 40
_SESSION = 1
_WITHIN_S = 120.0


def measure(library: Path, samples: int) -> list[float]:
    """Return the milliseconds of each sample in a fresh interpreter. Raises BenchmarkProblem when that fails."""
    command = [sys.executable, "-m", "benchmarks.stop_processing", str(library), str(samples)]
    try:
        ended = subprocess.run(command, cwd=paths.REPOSITORY, capture_output=True, text=True, timeout=_WITHIN_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise BenchmarkProblem(f"the chain's processing time cannot be measured: {error}") from error
    if ended.returncode != 0:
        last = (ended.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise BenchmarkProblem(f"the chain's processing time cannot be measured: {last}")
    return msgspec.json.decode(ended.stdout, type=list[float])


class Host:
    """Guard and bridge of a robot that stands ready. Raises BenchmarkProblem when the base cannot be driven."""

    def __init__(self, robot: RobotModel, library: Path) -> None:
        self._firmware, self._bridge, self._guard = LockstepFirmware(library, robot), Bridge(robot), Guard(robot)
        self._robot, self._wheels = robot, IdealWheels(robot)
        self._outputs = MotorOutputs(0.0, 0.0, brake=True)
        self._ticks = 0
        self._bridge.connect(_SESSION)
        self._bridge.request_arm()
        while self._bridge.complaint and self._ticks < _GREETING_TICKS:
            self._bridge.receive(self._tick(), self._now_s)
            self._firmware.write(self._bridge.step(self._now_s, None))
        if self._bridge.complaint:
            raise BenchmarkProblem(f"after {self._now_s:.0f} s {self._bridge.complaint}")

    @property
    def sent_mps(self) -> float:
        """What the host limiter let through last."""
        return self._bridge.sent.sent.linear_mps

    def sample_ms(self, rng: np.random.Generator) -> float:
        """Return how long one scan took to become bytes, and a garbage collection with it."""
        received = self._tick()
        scan = _scan(self._robot, self._now_s, rng)
        self._guard.command(Twist2(1.0, 0.0), self._now_s)
        took_ms, sent = timed(self._react, scan, received)
        self._firmware.write(sent)
        return took_ms

    def _react(self, scan: LaserScan, received: bytes) -> bytes:
        gc.collect()
        self._guard.see(scan)
        decision = self._guard.step(self._now_s)
        self._bridge.receive(received, self._now_s)
        return self._bridge.step(self._now_s, decision.twist)

    @property
    def _now_s(self) -> float:
        return self._ticks * _TICK_S

    def _tick(self) -> bytes:
        self._ticks += 1
        readings = self._wheels.turn(self._outputs, _TICK_S, WheelInputs(0, 0, 0.0))
        self._outputs = self._firmware.step(self._now_s, readings)
        return self._firmware.read()


def _scan(robot: RobotModel, now_s: float, rng: np.random.Generator) -> LaserScan:
    """Return a sweep of a round hall with a body close ahead."""
    laser = robot.laser
    ranges_m = _HALL_M + rng.normal(0.0, laser.noise_m, laser.rays)
    ahead = laser.rays // 2
    ranges_m[ahead - _BODY_RAYS : ahead + _BODY_RAYS] = _BODY_M
    return LaserScan(now_s, -math.pi, math.tau / laser.rays, laser.range_min_m, laser.range_max_m, ranges_m)


def main() -> None:
    """Measure in this interpreter and print the samples."""
    host, rng = Host(load(paths.reference_robot(), RobotModel), Path(sys.argv[1])), np.random.default_rng(1)
    print(msgspec.json.encode([host.sample_ms(rng) for _ in range(int(sys.argv[2]))]).decode())


if __name__ == "__main__":
    main()
