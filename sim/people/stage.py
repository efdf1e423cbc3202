"""The world as a camera sees it: a decorated copy of the model with people's bodies, which only follows the world."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2
from sim.people.body_cargo import draw_cargo
from sim.people.body_pictures import Appearance, Gait, PeoplePictures, dress_people
from sim.people.crowd import Walker

CAMERA = "camera"


class Cast(Protocol):
    """Who is seen on a stage, and how far each has walked, in metres."""

    walkers: list[Walker]
    walked_m: npt.NDArray[np.float64]


class Stage:
    """A model that is looked at and never stepped.

    `decorate` may add what is only seen. The model has one free camera, called `CAMERA`, which whoever looks places.
    """

    def __init__(self, spec: mujoco.MjSpec, cast: Cast, decorate: Callable[[mujoco.MjSpec], None]) -> None:
        self._cast = cast
        people = [_appearance(walker) for walker in cast.walkers]
        copy = spec.copy()
        decorate(copy)
        dress_people(copy, people)
        for number, person in enumerate(people):
            draw_cargo(copy, copy.body(f"person_{number}"), person.cargo)
        copy.worldbody.add_camera(name=CAMERA)
        self.model: mujoco.MjModel = copy.compile()
        self.data = mujoco.MjData(self.model)
        self._pictures = PeoplePictures(self.model, people)

    def follow(self, world: mujoco.MjData) -> None:
        """Take over where everything is and how everybody walks now."""
        self.data.qpos[:] = world.qpos
        self.data.mocap_pos[:], self.data.mocap_quat[:] = world.mocap_pos, world.mocap_quat
        self._show()

    def place(self, poses: Sequence[Pose2]) -> None:
        """Put everybody somewhere; without a world to follow."""
        for number, pose in enumerate(poses):
            body = int(self.model.body(f"person_{number}").mocapid[0])
            self.data.mocap_pos[body] = (pose.x_m, pose.y_m, 0.0)
            self.data.mocap_quat[body] = (math.cos(0.5 * pose.yaw_rad), 0.0, 0.0, math.sin(0.5 * pose.yaw_rad))
        self._show()

    def _show(self) -> None:
        pairs = zip(self._cast.walkers, self._cast.walked_m, strict=True)
        self._pictures.show([Gait(float(walked_m), walker.speed_mps) for walker, walked_m in pairs])
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def people_of_geoms(self) -> dict[int, int]:
        """Return the walker's number of each geom that shows a person's body, without what they push."""
        return {geom: number for number, geom in enumerate(self._pictures.geoms)}


def _appearance(walker: Walker) -> Appearance:
    return Appearance(walker.person_id, walker.figure, walker.cargo)
