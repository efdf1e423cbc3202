"""Wheels without a floor: they turn as their drives are told, for benchmarks and tests of the base alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.wheels import wheel_turn_radps
from sim.base.firmware_hardware import MotorOutputs, WheelInputs

NOISE_RADPS = 1e-5
"""Every gyro has noise; this one is small enough to change nothing else, and the same in every run."""


@dataclass
class IdealWheels:
    """Integrates set points into encoder counts and a yaw rate.

    `stuck` names sensors that stand still: left, right, gyro. The gyro reads `gyro_share` of the turn of the wheels,
    which slip for the rest. The wheels follow their set points with a time constant of `lag_s`.
    """

    robot: RobotModel
    stuck: frozenset[str] = frozenset()
    gyro_share: float = 1.0
    lag_s: float = 0.0
    _speeds_radps: dict[str, float] = field(default_factory=lambda: {"left": 0.0, "right": 0.0})
    _angles_rad: dict[str, float] = field(default_factory=lambda: {"left": 0.0, "right": 0.0})
    _yaw_rate_radps: float = 0.0
    _noise_radps: float = NOISE_RADPS

    def turn(self, outputs: MotorOutputs, dt_s: float, inputs: WheelInputs) -> WheelInputs:
        """Return the readings after a step with these outputs; all but wheels and gyro is taken from `inputs`."""
        follows = 1.0 if self.lag_s == 0.0 else min(1.0, dt_s / self.lag_s)
        for side, told_radps in (("left", outputs.left_radps), ("right", outputs.right_radps)):
            self._speeds_radps[side] += follows * (told_radps - self._speeds_radps[side])
            if side not in self.stuck:
                self._angles_rad[side] += self._speeds_radps[side] * dt_s
        if "gyro" not in self.stuck:
            turn_radps = wheel_turn_radps(self._speeds_radps["left"], self._speeds_radps["right"], self.robot)
            self._noise_radps = -self._noise_radps
            self._yaw_rate_radps = self.gyro_share * turn_radps + self._noise_radps
        left, right = (
            math.floor(angle / math.tau * self.robot.wheels.ticks_per_turn) for angle in self._angles_rad.values()
        )
        return replace(inputs, ticks_left=left, ticks_right=right, yaw_rate_radps=self._yaw_rate_radps)
