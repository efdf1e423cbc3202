"""People's bodies in the physics: what bumpers, laser and camera meet, and how it moves between two crowd steps."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco
import numpy as np
import numpy.typing as npt

from sim.people.population import HIP_HEIGHT_M, PERIOD_S, Population
from sim.scene.mjcf import HIDDEN, LEGS, Colour, add_picture

FloatArray = npt.NDArray[np.float64]

PERSON_HEIGHT_M = 1.72
LEG_RADIUS_M = 0.07
_SKIN: Colour = (0.87, 0.72, 0.60, 1.0)
_TROUSERS: Colour = (0.20, 0.22, 0.28, 1.0)
_SHIRTS: tuple[Colour, ...] = (
    (0.75, 0.30, 0.28, 1.0), (0.25, 0.45, 0.70, 1.0), (0.35, 0.60, 0.40, 1.0), (0.85, 0.65, 0.25, 1.0),
    (0.55, 0.40, 0.65, 1.0), (0.30, 0.62, 0.65, 1.0), (0.80, 0.50, 0.60, 1.0), (0.50, 0.50, 0.50, 1.0),
)  # fmt: skip


def add_people(spec: mujoco.MjSpec, radii_m: Sequence[float]) -> None:
    """Add one person of each radius to a store's model, as mocap bodies."""
    for number, radius_m in enumerate(radii_m):
        _add_person(spec, number, radius_m)


class PeopleBodies:
    """Poses the mocap bodies of a model as the population says."""

    def __init__(self, data: mujoco.MjData, population: Population) -> None:
        self._data, self._population = data, population
        self._from: FloatArray = np.zeros_like(data.mocap_pos)
        self._move: FloatArray = np.zeros_like(data.mocap_pos)

    def prepare(self) -> None:
        """Take over how everybody moves until the next crowd step."""
        offsets, self._data.mocap_quat[:] = self._population.postures()
        self._from, self._move = offsets, np.zeros_like(offsets)
        self._from[:, :2] += np.repeat(self._population.positions(0.0), 3, axis=0)
        self._move[:, :2] = np.repeat(self._population.velocities() * PERIOD_S, 3, axis=0)

    def place(self, fraction: float) -> None:
        """Put the bodies where they are after that fraction of the period between two crowd steps."""
        self._data.mocap_pos[:] = self._from + fraction * self._move


def _add_person(spec: mujoco.MjSpec, number: int, radius_m: float) -> None:
    """Add a person as three mocap bodies: the disc it occupies with head and torso, and two legs at the hips."""
    person = spec.worldbody.add_body(name=f"person_{number}", mocap=True)
    person.add_geom(
        name=f"person_{number}", type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[radius_m, 0.5 * PERSON_HEIGHT_M, 0.0], pos=[0.0, 0.0, 0.5 * PERSON_HEIGHT_M], group=HIDDEN,
    )  # fmt: skip
    shirt = _SHIRTS[number % len(_SHIRTS)]
    ellipsoid = mujoco.mjtGeom.mjGEOM_ELLIPSOID
    add_picture(person, ellipsoid, [0.14, radius_m, 0.34], [0.0, 0.0, 1.14], shirt)
    add_picture(person, ellipsoid, [0.10, 0.085, 0.125], [0.02, 0.0, 1.59], _SKIN)
    half_length = 0.5 * HIP_HEIGHT_M - LEG_RADIUS_M
    for side in ("left", "right"):
        leg = spec.worldbody.add_body(name=f"person_{number}_{side}", mocap=True)
        leg.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CAPSULE, size=[LEG_RADIUS_M, half_length, 0.0],
            pos=[0.0, 0.0, -0.5 * HIP_HEIGHT_M], rgba=_TROUSERS, group=LEGS, contype=0, conaffinity=0,
        )  # fmt: skip
