"""Before a run: in an empty room, with the same robot and sensors, people are seen and react as they should.

A simulator in which the laser looks over people's heads, or people walk through the robot, would let every test of
the robot pass for the wrong reason. The check takes well under a second, with a camera about one more.
"""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from sim.people.crowd import Crowd, Disc, Intent, Walker
from sim.people.population import PERIOD_S, ROBOT_COMFORT_M
from sim.people.proposals import walkable_area
from sim.people.settings import Mix, PeopleSettings
from sim.scene.floor import Floor
from sim.scene.layout import Layout
from sim.scene.solids import Solid
from sim.scene.spots import Spot
from sim.sensors.camera import CameraFrame, Resolution
from sim.sensors.faults import SensorFaults
from sim.world import PERFECT_SENSORS, STEP_S, World

ROOM_M = 8.0
_WALL_M, _CELL_M = 0.1, 0.05
_ROBOT = Pose2(4.0, 4.0, 0.4)
_PERSON_AHEAD_M, _PERSON_LEFT_M = 2.6, 1.0
_LEAST_RAYS = 3
_DEPTH_TOLERANCE_M = 0.3
_LEAST_HEIGHT_M, _MOST_HEIGHT_M = 1.0, 2.1
_FRAME_WITHIN_S = 2.0
_WALKS_FOR_S = 8.0
_GREY = (0.6, 0.6, 0.6, 1.0)
_ONE_PLAIN_PERSON = PeopleSettings(
    mix=Mix(
        staff=0.0, blocker=0.0, robot_follower=0.0, couple=0.0, parent_with_child=0.0, wheelchair=0.0, pram=0.0,
        trolley=0.0, basket=0.0, old=0.0, heavy=0.0, slim=0.0,
    )
)  # fmt: skip


class StartupCheckError(RuntimeError):
    """The simulated world is not fit for testing a robot; the sentence says what was expected and what was found."""


def check_world(robot: RobotModel, faults: SensorFaults = PERFECT_SENSORS, camera: Resolution | None = None) -> None:
    """Check laser, people and, with a size for its images, the camera.

    Raises StartupCheckError, or CameraProblem where no picture can be rendered.
    """
    room = _room()
    world = World(room, robot, 1, 0, start=_ROBOT, faults=faults, people=_ONE_PLAIN_PERSON, camera=camera)
    try:
        _check_laser(world, robot)
        if camera is not None:
            _check_camera(world, robot)
    finally:
        world.close()
    _check_reaction(room, robot)


def _check_laser(world: World, robot: RobotModel) -> None:
    """Look for the legs where the person stands: nearer than the wall, and not much nearer than the person."""
    scan = world.scan()
    x_m, y_m = _PERSON_AHEAD_M - robot.laser.x_m, _PERSON_LEFT_M
    distance_m, bearing_rad = math.hypot(x_m, y_m), math.atan2(y_m, x_m)
    off_rad = np.abs(np.remainder(scan.angles_rad() - bearing_rad + math.pi, math.tau) - math.pi)
    seen_m = scan.ranges_m[off_rad < math.atan2(0.3, distance_m)]
    legs = int((np.abs(seen_m - distance_m) < 0.25).sum())
    if legs < _LEAST_RAYS:
        raise StartupCheckError(
            f"the laser does not see people: of the rays to somebody {distance_m:.2f} m away at "
            f"{math.degrees(bearing_rad):.0f} degrees {legs} hit the legs, at least {_LEAST_RAYS} must; check the "
            f"laser's height ({robot.laser.z_m} m) and range in the robot's file, and the sensors' faults"
        )


def _check_camera(world: World, robot: RobotModel) -> None:
    """Look in the depth image, where the person stands, for something as far away and about as high as a person."""
    frame = _first_frame(world)
    pinhole, ahead_m = frame.intrinsics, _PERSON_AHEAD_M - robot.camera.x_m
    column = pinhole.centre_x_px - pinhole.focal_px * _PERSON_LEFT_M / ahead_m
    half_px = 0.15 * pinhole.focal_px / ahead_m
    strip = frame.depth_m[:, max(0, round(column - half_px)) : max(1, round(column + half_px) + 1)]
    # The strip is wider than the legs: a row counts when any of it is the person.
    rows = np.flatnonzero((np.abs(strip - ahead_m) < _DEPTH_TOLERANCE_M).any(axis=1))
    height_m = len(rows) * ahead_m / pinhole.focal_px
    if not _LEAST_HEIGHT_M <= height_m <= _MOST_HEIGHT_M:
        raise StartupCheckError(
            f"the camera does not see people: where somebody stands {ahead_m:.2f} m ahead it sees {height_m:.2f} m of "
            f"them, {_LEAST_HEIGHT_M} to {_MOST_HEIGHT_M} m expected; check the camera in the robot's file (place, "
            f"pitch, view) and the sensors' faults"
        )


def _first_frame(world: World) -> CameraFrame:
    for _ in range(round(_FRAME_WITHIN_S / STEP_S)):
        for frame in world.frames():
            return frame
        world.step()
    raise StartupCheckError(
        f"no image of the camera arrived within {_FRAME_WITHIN_S} s; check the camera's rate and the sensors' faults"
    )


def _check_reaction(room: Layout, robot: RobotModel) -> None:
    """Let somebody walk straight at the robot: they must get past it without touching it."""
    walker = Walker(1, 1.5, _ROBOT.y_m, 0.25, 1.2)
    goal_x_m = ROOM_M - 1.5
    area = walkable_area(room.size_m, room.solids, (_ROBOT.x_m, _ROBOT.y_m))
    crowd = Crowd([walker], area, room.floor, PERIOD_S)
    disc, nearest_m = Disc(_ROBOT.x_m, _ROBOT.y_m, robot.base.radius_m), math.inf
    for _ in range(round(_WALKS_FOR_S / PERIOD_S)):
        crowd.step([Intent(goal_x_m, _ROBOT.y_m, walker.preferred_speed_mps)], disc, ROBOT_COMFORT_M)
        apart_m = math.hypot(walker.x_m - disc.x_m, walker.y_m - disc.y_m)
        nearest_m = min(nearest_m, apart_m - walker.radius_m - disc.radius_m)
    left_m = math.hypot(goal_x_m - walker.x_m, _ROBOT.y_m - walker.y_m)
    if nearest_m <= 0.0 or left_m > 0.5:
        raise StartupCheckError(
            f"people do not walk around the robot: somebody who walked at it came as near as {nearest_m:.2f} m (more "
            f"than 0 expected) and was {left_m:.1f} m from their goal after {_WALKS_FOR_S:.0f} s (at most 0.5 expected)"
        )


def _room() -> Layout:
    """Return an empty room with the robot in the middle and a place to stand ahead of it on the left."""
    low, high = _WALL_M, ROOM_M - _WALL_M
    sides = ((0.0, 0.0, ROOM_M, low), (0.0, high, ROOM_M, ROOM_M), (0.0, 0.0, low, ROOM_M), (high, 0.0, ROOM_M, ROOM_M))
    walls = tuple(
        Solid(f"wall_{n}", ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), 2.6, _GREY)
        for n, (x0, y0, x1, y1) in enumerate(sides)
    )
    cells = np.zeros((round(ROOM_M / _CELL_M),) * 2, dtype=np.uint8)
    thick = round(_WALL_M / _CELL_M)
    cells[:thick] = cells[-thick:] = cells[:, :thick] = cells[:, -thick:] = 100
    # The person looks away from the robot, at a shelf that pictures show behind them.
    person = _ROBOT @ Pose2(_PERSON_AHEAD_M, _PERSON_LEFT_M, 0.0)
    # A shop has at least one place more than people; both are the same here, so that it is known where they stand.
    spots = (Spot(person.x_m, person.y_m, person.yaw_rad),) * 2
    return Layout((ROOM_M, ROOM_M), walls, Floor(cells, _CELL_M), spots, _ROBOT, (1.0, 1.0))
