"""Seeded scenes of people in the store before the robot's camera, each with its labels: an examination for detectors.

People stand and walk, push trolleys and prams, sit in wheelchairs and carry baskets, turned in every direction, 1 to
7 m before the camera and where the floor is free; the shelves behind them carry goods.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from sim.labels import Label, labels_of
from sim.people.bodies import add_people
from sim.people.crowd import Walker
from sim.people.figures import BUILDS, Cargo, Figure
from sim.people.stage import CAMERA, Stage
from sim.scene import mjcf
from sim.scene.decoration import decorate
from sim.scene.layout import Layout
from sim.scene.world_files import scene_of, world_texts
from sim.sensors.camera import CameraFrame, CameraSensor, Resolution
from sim.sensors.camera_faults import CameraFaults
from sim.sensors.camera_renderer import Renderer

NEAREST_M, FARTHEST_M = 1.0, 7.0
MOST_PEOPLE = 5
_ROBOT_CLEARANCE_M, _PERSON_CLEARANCE_M = 0.4, 0.3
_HALF_VIEW_RAD = math.radians(30.0)
_TRIES = 400
_AWAY = Pose2(-500.0, 0.0, 0.0)
_CHILDREN = (Figure.BOY, Figure.GIRL)


@dataclass(frozen=True, slots=True)
class Seen:
    """A label with what is known about the person: figure, cargo, walking or standing, and how it is turned."""

    label: Label
    figure: Figure
    cargo: Cargo
    is_walking: bool
    facing: str
    distance_m: float


@dataclass(slots=True)
class _Cast:
    """Everybody who may appear; a scene chooses some of them."""

    walkers: list[Walker]
    walked_m: npt.NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.walked_m = np.zeros(len(self.walkers))


class PosedStore:
    """Makes scenes one after the other; the same seed makes the same ones. Close it when done."""

    def __init__(self, layout: Layout, robot: RobotModel, size: Resolution, faults: CameraFaults, seed: int) -> None:
        self._layout, self._robot = layout, robot
        self._rng = np.random.default_rng((seed, 0x905E))
        self._cast = _Cast(_everybody(seed))
        spec = mjcf.world_spec(scene_of(world_texts(layout, robot, layout.home)))
        add_people(spec, self._cast.walkers)
        self._stage = Stage(spec, self._cast, lambda copy: decorate(copy, layout))
        self._renderer = Renderer(self._stage.model, CAMERA, size.width_px, size.height_px)
        self._sensor = CameraSensor(robot.camera, size, faults, seed)

    def scenes(self, count: int) -> Iterator[tuple[CameraFrame, list[Seen]]]:
        """Yield that many images with everybody who is to be seen in them."""
        for number in range(count):
            yield self._scene(number)

    def close(self) -> None:
        """Free the renderer."""
        self._renderer.close()

    def _scene(self, number: int) -> tuple[CameraFrame, list[Seen]]:
        robot = self._viewpoint()
        poses = self._places(robot)
        self._stage.place(poses)
        self._renderer.aim(self._stage.data, robot, self._robot.camera)
        labels = labels_of(self._stage, self._renderer)
        twist = Twist2(float(self._rng.uniform(0.0, 1.0)), float(self._rng.uniform(-0.5, 0.5)))
        frame = self._sensor.frame(lambda: self._renderer.render(self._stage.data), twist, float(number))
        return frame, [self._seen(label, robot, poses[label.number]) for label in labels]

    def _viewpoint(self) -> Pose2:
        """Return a place where the robot can be, from which the floor ahead is free for some metres."""
        width_m, height_m = self._layout.size_m
        floor = self._layout.floor
        for _ in range(_TRIES):
            x_m, y_m = float(self._rng.uniform(0.0, width_m)), float(self._rng.uniform(0.0, height_m))
            yaw_rad = float(self._rng.uniform(-math.pi, math.pi))
            ahead = (x_m + 4.0 * math.cos(yaw_rad), y_m + 4.0 * math.sin(yaw_rad))
            if floor.clearance(x_m, y_m) >= _ROBOT_CLEARANCE_M and floor.sees((x_m, y_m), ahead, _PERSON_CLEARANCE_M):
                return Pose2(x_m, y_m, yaw_rad)
        return self._layout.home

    def _places(self, robot: Pose2) -> list[Pose2]:
        """Choose a few of the cast and put them into the view; everybody else waits outside."""
        poses = [_AWAY] * len(self._cast.walkers)
        taken: list[Pose2] = []
        chosen = self._rng.choice(len(poses), size=int(self._rng.integers(1, MOST_PEOPLE + 1)), replace=False)
        for number in chosen.tolist():
            pose = self._place(robot, taken)
            if pose is None:
                continue
            poses[number] = pose
            taken.append(pose)
            walker = self._cast.walkers[number]
            walker.vx_mps = float(self._rng.choice([0.0, walker.preferred_speed_mps]))
            self._cast.walked_m[number] = self._rng.uniform(0.0, 10.0)
        return poses

    def _place(self, robot: Pose2, taken: list[Pose2]) -> Pose2 | None:
        floor = self._layout.floor
        for _ in range(_TRIES):
            bearing_rad = robot.yaw_rad + float(self._rng.uniform(-_HALF_VIEW_RAD, _HALF_VIEW_RAD))
            distance_m = float(self._rng.uniform(NEAREST_M, FARTHEST_M)) + self._robot.camera.x_m
            x_m = robot.x_m + distance_m * math.cos(bearing_rad)
            y_m = robot.y_m + distance_m * math.sin(bearing_rad)
            if floor.clearance(x_m, y_m) < _PERSON_CLEARANCE_M:
                continue
            pose = Pose2(x_m, y_m, float(self._rng.uniform(-math.pi, math.pi)))
            if all(pose.distance_to(other) > 0.7 for other in taken):
                return pose
        return None

    def _seen(self, label: Label, robot: Pose2, pose: Pose2) -> Seen:
        walker = self._cast.walkers[label.number]
        away_rad = abs(math.remainder(math.atan2(robot.y_m - pose.y_m, robot.x_m - pose.x_m) - pose.yaw_rad, math.tau))
        facing = "front" if away_rad < math.pi / 4 else "back" if away_rad > 3 * math.pi / 4 else "side"
        distance_m = robot.distance_to(pose) - self._robot.camera.x_m
        return Seen(label, walker.figure, walker.cargo, walker.speed_mps > 0.0, facing, distance_m)


def _everybody(seed: int) -> list[Walker]:
    """Return every figure three times with empty hands, and adults with every cargo."""
    adults = [figure for figure in Figure if figure not in _CHILDREN]
    cargoes = [cargo for cargo in Cargo if cargo is not Cargo.NONE]
    pairs = [(figure, Cargo.NONE) for figure in Figure for _ in range(3)]
    pairs += [(adults[(3 * k + j) % len(adults)], cargo) for k, cargo in enumerate(cargoes) for j in range(3)]
    return [
        Walker(100 * seed + number, 0.0, 0.0, BUILDS[figure].radius_m, 1.2, figure=figure, cargo=cargo)
        for number, (figure, cargo) in enumerate(pairs)
    ]
