"""People's bodies in the physics: what bumpers and laser meet, and how it moves between two crowd steps.

What a camera sees of them is not here (`stage`), so that a run without pictures stays fast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import mujoco
import numpy as np
import numpy.typing as npt

from sim.people.body_cargo import add_cargo
from sim.people.crowd import Walker
from sim.people.figures import BUILDS, Posture, posture_with
from sim.people.population import PERIOD_S, Population
from sim.scene.mjcf import HIDDEN, LEGS

FloatArray = npt.NDArray[np.float64]

_HIP_WIDTH_SHARE, _LEG_SHARE = 0.058, 0.040
_LARGEST_SWING_RAD = 0.38


def add_people(spec: mujoco.MjSpec, walkers: Sequence[Walker]) -> None:
    """Add everybody to a store's model: three mocap bodies each, `person_n` and the two legs."""
    for number, walker in enumerate(walkers):
        _add_person(spec, number, walker)


class PeopleBodies:
    """Poses the mocap bodies of a model as the population says."""

    def __init__(self, data: mujoco.MjData, population: Population) -> None:
        self._data, self._population = data, population
        walkers = population.walkers
        self._hip_m = np.array([BUILDS[walker.figure].hip_m for walker in walkers])
        self._side_m = np.array([_HIP_WIDTH_SHARE * BUILDS[walker.figure].height_m for walker in walkers])
        self._stride_m = np.array([BUILDS[walker.figure].stride_m for walker in walkers])
        self._from: FloatArray = np.zeros_like(data.mocap_pos)
        self._move: FloatArray = np.zeros_like(data.mocap_pos)

    def prepare(self) -> None:
        """Take over how everybody moves until the next crowd step."""
        if not len(self._hip_m):
            return
        offsets, self._data.mocap_quat[:] = self._postures()
        self._from, self._move = offsets, np.zeros_like(offsets)
        self._from[:, :2] += np.repeat(self._population.positions(0.0), 3, axis=0)
        self._move[:, :2] = np.repeat(self._population.velocities() * PERIOD_S, 3, axis=0)

    def place(self, fraction: float) -> None:
        """Put the bodies where they are after that fraction of the period between two crowd steps."""
        self._data.mocap_pos[:] = self._from + fraction * self._move

    def _postures(self) -> tuple[FloatArray, FloatArray]:
        """Return offsets (3n, 3) and quaternions (3n, 4) of each person's body, left leg and right leg."""
        walkers = self._population.walkers
        yaw = np.array([walker.yaw_rad for walker in walkers])
        speed = np.array([walker.speed_mps for walker in walkers])
        cycles = self._population.walked_m / self._stride_m
        swing = _LARGEST_SWING_RAD * np.minimum(1.0, speed) * np.sin(math.tau * cycles)
        offsets = np.zeros((len(walkers), 3, 3))
        offsets[:, 1, 0], offsets[:, 1, 1] = -self._side_m * np.sin(yaw), self._side_m * np.cos(yaw)
        offsets[:, 2, :2] = -offsets[:, 1, :2]
        offsets[:, 1:, 2] = self._hip_m[:, None]
        pitch = np.stack((np.zeros_like(swing), swing, -swing), axis=1)
        return offsets.reshape(-1, 3), _turned(yaw[:, None], pitch).reshape(-1, 4)


def _turned(yaw_rad: FloatArray, pitch_rad: FloatArray) -> FloatArray:
    """Return quaternions (w, x, y, z) of a yaw followed by a pitch about the body's own y axis, shape (..., 4)."""
    cos_yaw, sin_yaw = np.cos(0.5 * yaw_rad), np.sin(0.5 * yaw_rad)
    cos_pitch, sin_pitch = np.cos(0.5 * pitch_rad), np.sin(0.5 * pitch_rad)
    return np.stack((cos_yaw * cos_pitch, -sin_yaw * sin_pitch, cos_yaw * sin_pitch, sin_yaw * cos_pitch), axis=-1)


def _add_person(spec: mujoco.MjSpec, number: int, walker: Walker) -> None:
    """Add a person: the disc that it and its cargo occupy, and two legs at the hips unless it sits."""
    build = BUILDS[walker.figure]
    person = spec.worldbody.add_body(name=f"person_{number}", mocap=True)
    person.add_geom(
        name=f"person_{number}", type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[walker.radius_m, 0.5 * build.height_m, 0.0], pos=[0.0, 0.0, 0.5 * build.height_m], group=HIDDEN,
    )  # fmt: skip
    add_cargo(person, walker.cargo)
    is_sitting = posture_with(walker.cargo) is Posture.SITTING
    radius_m = _LEG_SHARE * build.height_m
    for side in ("left", "right"):
        leg = spec.worldbody.add_body(name=f"person_{number}_{side}", mocap=True)
        if not is_sitting:
            leg.add_geom(
                type=mujoco.mjtGeom.mjGEOM_CAPSULE, size=[radius_m, 0.5 * build.hip_m - radius_m, 0.0],
                pos=[0.0, 0.0, -0.5 * build.hip_m], group=LEGS, contype=0, conaffinity=0,
            )  # fmt: skip
