"""What the base's own sensors get wrong: wheels that slip and wear, encoders that miss counts, a gyro with a bias."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from msgspec import Meta

from aisle.config import Settings

_MISSED_TICKS = 3


class BaseFaults(Settings, frozen=True):
    """How far the base is from a perfect one; everything off by default, only the gyro's noise is always there.

    `wheel_difference` is the share by which the left wheel is larger and the right one smaller than they should be.
    `slip_share` is how much farther a wheel turns than it rolls, in the mean; the slip of each wheel changes slowly
    and at random by that much again. `missed_per_m` is how often for each metre of rolling an encoder misses a few
    counts. The gyro's bias is drawn once from `gyro_bias_radps` (one sigma) and then wanders by
    `gyro_walk_radps` a minute.
    """

    wheel_difference: Annotated[float, Meta(ge=0.0, le=0.05)] = 0.0
    slip_share: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.0
    missed_per_m: Annotated[float, Meta(ge=0.0, le=10.0)] = 0.0
    gyro_noise_radps: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.002
    gyro_bias_radps: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.0
    gyro_walk_radps: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.0


class WheelFaults:
    """Turns true wheel angles into what faulty wheels and encoders would count.

    Call `counted` once a physics step with the angles of the left and the right wheel in radians.
    """

    def __init__(self, faults: BaseFaults, wheel_radius_m: float, ticks_per_turn: int, seed: int) -> None:
        self._faults = faults
        self._radius_m = wheel_radius_m
        self._ticks_per_turn = ticks_per_turn
        self._rng = np.random.default_rng((seed, 0x511F))
        self._true_rad = [0.0, 0.0]
        self._extra_rad = [0.0, 0.0]
        self._slip = [faults.slip_share, faults.slip_share]

    def counted(self, angles_rad: tuple[float, float]) -> tuple[int, int]:
        """Return the encoder counts, left and right; quantized, and never the same twice after slip."""
        left, right = (self._count(side, angle) for side, angle in enumerate(angles_rad))
        return left, right

    def _count(self, side: int, angle_rad: float) -> int:
        turned_rad = angle_rad - self._true_rad[side]
        self._true_rad[side] = angle_rad
        if turned_rad != 0.0:
            self._extra_rad[side] += self._error_rad(side, turned_rad)
        return math.floor((angle_rad + self._extra_rad[side]) / math.tau * self._ticks_per_turn)

    def _error_rad(self, side: int, turned_rad: float) -> float:
        """Return how much more than the truth this movement of a wheel looks like."""
        faults, rolled_m = self._faults, abs(turned_rad) * self._radius_m
        error_rad = 0.0
        if faults.slip_share > 0.0:
            # The slip forgets itself over about a metre, so that patches of floor and not steps of time matter.
            pull = min(1.0, rolled_m)
            target = faults.slip_share * (1.0 + self._rng.normal())
            self._slip[side] += pull * (target - self._slip[side])
            error_rad += self._slip[side] * turned_rad
        if faults.wheel_difference > 0.0:
            # A wheel that is too large turns less than the way it rolls.
            error_rad -= (faults.wheel_difference if side == 0 else -faults.wheel_difference) * turned_rad
        if faults.missed_per_m > 0.0 and self._rng.random() < faults.missed_per_m * rolled_m:
            error_rad -= math.copysign(_MISSED_TICKS * math.tau / self._ticks_per_turn, turned_rad)
        return error_rad


class GyroFaults:
    """Turns a true yaw rate into a gyro's reading."""

    def __init__(self, faults: BaseFaults, step_s: float, seed: int) -> None:
        self._faults = faults
        self._rng = np.random.default_rng((seed, 0x6F20))
        self._bias_radps = 0.0
        if faults.gyro_bias_radps > 0.0:
            self._bias_radps = float(self._rng.normal(0.0, faults.gyro_bias_radps))
        self._walk_radps = faults.gyro_walk_radps * math.sqrt(step_s / 60.0)

    def read(self, yaw_rate_radps: float) -> float:
        """Return the reading of one step; call it once a step."""
        if self._walk_radps > 0.0:
            self._bias_radps += float(self._rng.normal(0.0, self._walk_radps))
        return yaw_rate_radps + self._bias_radps + float(self._rng.normal(0.0, self._faults.gyro_noise_radps))
