"""Puts people's bodies into a model made for pictures, and turns the pages of their walk.

The physics never holds these meshes: a picture's model is a copy of the world's, dressed here. Each person is one geom
whose mesh is exchanged (`geom_dataid`) as the walk goes on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from sim.people.body_looks import SIDE_PX, look
from sim.people.body_meshes import PHASES, FigureMesh, figure_mesh, frame_of, frames_of
from sim.people.figures import BUILDS, Cargo, Figure, posture_with
from sim.scene.mjcf import PICTURE

STANDING_BELOW_MPS = 0.12
# The laser's legs swing from the middle of a step, the baked walk starts with the left heel on the floor.
_PHASE_SHIFT = 0.18
# What a ceiling of lamps leaves under somebody: a soft dark patch on the floor.
_SHADOW, _SHADOW_PX, _SHADOW_DARK, _SHADOW_REACH = "shadow", 64, 110.0, 2.2


@dataclass(frozen=True, slots=True)
class Appearance:
    """Who a body is; a picture's model is dressed for these once."""

    person_id: int
    figure: Figure
    cargo: Cargo


@dataclass(frozen=True, slots=True)
class Gait:
    """How far somebody has walked, in metres, and how fast they are."""

    walked_m: float
    speed_mps: float


def dress_people(spec: mujoco.MjSpec, people: Sequence[Appearance]) -> None:
    """Add everybody's visible body to the spec of a picture; person n is the mocap body `person_n`."""
    for figure, posture in sorted({(p.figure, posture_with(p.cargo)) for p in people}):
        mesh = figure_mesh(figure)
        for frame in frames_of(posture):
            _add_mesh(spec, _mesh_name(figure, frame), mesh, frame)
    if people:
        _add_shadow(spec)
    for number, person in enumerate(people):
        _add_body(spec, number, person)


class PeoplePictures:
    """Shows the right frame of everybody's walk in a dressed model."""

    def __init__(self, model: mujoco.MjModel, people: Sequence[Appearance]) -> None:
        self._model, self._people = model, people
        self.geoms = [int(model.geom(_geom_name(number)).id) for number in range(len(people))]

    def show(self, gaits: Sequence[Gait]) -> None:
        """Exchange the meshes for those of everybody's present step."""
        for person, geom, gait in zip(self._people, self.geoms, gaits, strict=True):
            frame = frame_of(posture_with(person.cargo), _phase(person.figure, gait))
            mesh = int(self._model.mesh(_mesh_name(person.figure, frame)).id)
            # The compiler moves every mesh into its principal axes; the geom has to undo that.
            self._model.geom_dataid[geom] = mesh
            self._model.geom_pos[geom] = self._model.mesh_pos[mesh]
            self._model.geom_quat[geom] = self._model.mesh_quat[mesh]


def _phase(figure: Figure, gait: Gait) -> int | None:
    if gait.speed_mps < STANDING_BELOW_MPS:
        return None
    return int(PHASES * (gait.walked_m / BUILDS[figure].stride_m + _PHASE_SHIFT)) % PHASES


def _mesh_name(figure: Figure, frame: int) -> str:
    return f"{figure}_{frame}"


def _geom_name(number: int) -> str:
    return f"person_{number}_body"


def _add_mesh(spec: mujoco.MjSpec, name: str, mesh: FigureMesh, frame: int) -> None:
    spec.add_mesh(
        name=name,
        uservert=mesh.vertices_m[frame].ravel().tolist(),
        userface=mesh.faces.ravel().tolist(),
        usertexcoord=mesh.places.ravel().tolist(),
        userfacetexcoord=mesh.corners.ravel().tolist(),
        # Clothes are open surfaces, without a volume.
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
        smoothnormal=True,
    )


def _add_shadow(spec: mujoco.MjSpec) -> None:
    across = np.linspace(-1.0, 1.0, _SHADOW_PX)
    away = np.minimum(np.hypot(across[:, None], across), 1.0)
    picture = np.zeros((_SHADOW_PX, _SHADOW_PX, 4), dtype=np.uint8)
    picture[:, :, 3] = _SHADOW_DARK * (0.5 + 0.5 * np.cos(math.pi * away))
    texture = spec.add_texture(
        name=_SHADOW, type=mujoco.mjtTexture.mjTEXTURE_2D, width=_SHADOW_PX, height=_SHADOW_PX, nchannel=4
    )
    texture.data = picture.tobytes()
    # Only what is not quite opaque is blended with what is behind.
    material = spec.add_material(name=_SHADOW, rgba=[1.0, 1.0, 1.0, 0.99], specular=0.0)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = _SHADOW


def _add_body(spec: mujoco.MjSpec, number: int, person: Appearance) -> None:
    name = _geom_name(number)
    texture = spec.add_texture(
        name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=SIDE_PX, height=SIDE_PX, nchannel=3
    )
    texture.data = look(person.person_id, person.figure, figure_mesh(person.figure).face_marks).tobytes()
    material = spec.add_material(name=name, specular=0.08, shininess=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name
    mesh = _mesh_name(person.figure, frames_of(posture_with(person.cargo))[-1])
    body = spec.body(f"person_{number}")
    radius_m = BUILDS[person.figure].radius_m
    half_m = _SHADOW_REACH * radius_m
    body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX, size=[half_m, half_m, 0.001], pos=[0.0, 0.0, 0.004], material=_SHADOW,
        group=PICTURE, contype=0, conaffinity=0, mass=0.0,
    )  # fmt: skip
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_MESH, meshname=mesh, material=name, group=PICTURE,
        contype=0, conaffinity=0, mass=0.0,
    )  # fmt: skip
