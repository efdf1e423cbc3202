"""Drive a robot with a laser through the store in PyBullet; run by `benchmarks.peer_simulators`.

Reads the task as JSON from standard input and prints the seconds that the simulation took. The robot is a cylinder on
two driven wheels and two smooth casters, like ours.
"""

import json
import math
import random
import sys
import time
from typing import Any

import pybullet as bullet

Task = dict[str, Any]

WHEEL_RADIUS_M, CASTER_RADIUS_M = 0.08, 0.03


def build(task: Task) -> int:
    """Build store and robot; return the robot."""
    bullet.connect(bullet.DIRECT)
    bullet.setGravity(0.0, 0.0, -9.81)
    bullet.setTimeStep(task["step_s"])
    bullet.createMultiBody(0.0, bullet.createCollisionShape(bullet.GEOM_PLANE))
    for box in task["boxes"]:
        half = [0.5 * box["length_m"], 0.5 * box["width_m"], 0.9]
        shape = bullet.createCollisionShape(bullet.GEOM_BOX, halfExtents=half)
        turn = bullet.getQuaternionFromEuler([0.0, 0.0, box["yaw_rad"]])
        bullet.createMultiBody(0.0, shape, basePosition=[box["x_m"], box["y_m"], 0.9], baseOrientation=turn)
    return add_robot(task)


def add_robot(task: Task) -> int:
    """Add a low cylinder on two wheels and two casters."""
    body = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=task["radius_m"], height=0.3)
    wheel = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=WHEEL_RADIUS_M, height=0.04)
    caster = bullet.createCollisionShape(bullet.GEOM_SPHERE, radius=CASTER_RADIUS_M)
    side, upright = 0.5 * task["track_m"], bullet.getQuaternionFromEuler([0.5 * math.pi, 0.0, 0.0])
    places = [[0.0, side, -0.12], [0.0, -side, -0.12], [0.19, 0.0, -0.17], [-0.19, 0.0, -0.17]]
    robot: int = bullet.createMultiBody(
        baseMass=42.0,
        baseCollisionShapeIndex=body,
        basePosition=[task["x_m"], task["y_m"], 0.2],
        baseOrientation=bullet.getQuaternionFromEuler([0.0, 0.0, task["yaw_rad"]]),
        linkMasses=[1.5, 1.5, 0.1, 0.1],
        linkCollisionShapeIndices=[wheel, wheel, caster, caster],
        linkVisualShapeIndices=[-1] * 4,
        linkPositions=places,
        linkOrientations=[upright, upright, [0, 0, 0, 1], [0, 0, 0, 1]],
        linkInertialFramePositions=[[0, 0, 0]] * 4,
        linkInertialFrameOrientations=[[0, 0, 0, 1]] * 4,
        linkParentIndices=[0] * 4,
        linkJointTypes=[bullet.JOINT_REVOLUTE, bullet.JOINT_REVOLUTE, bullet.JOINT_FIXED, bullet.JOINT_FIXED],
        linkJointAxis=[[0, 0, -1]] * 4,
    )
    for link in (2, 3):
        bullet.changeDynamics(robot, link, lateralFriction=0.0)
    return robot


def drive(task: Task, robot: int) -> None:
    """Set the wheels' speeds."""
    turn_mps = 0.5 * task["turn_radps"] * task["track_m"]
    for joint, speed_mps in ((0, task["speed_mps"] - turn_mps), (1, task["speed_mps"] + turn_mps)):
        bullet.setJointMotorControl2(
            robot, joint, bullet.VELOCITY_CONTROL, targetVelocity=speed_mps / WHEEL_RADIUS_M, force=6.0
        )


def scan(task: Task, robot: int) -> list[float]:
    """Return one sweep with noise, beginning outside the robot's own body."""
    (x, y, _), turn = bullet.getBasePositionAndOrientation(robot)
    yaw, first = bullet.getEulerFromQuaternion(turn)[2], task["radius_m"] + 0.02
    angles = [yaw + math.tau * k / task["rays"] for k in range(task["rays"])]
    rays = [(math.cos(angle), math.sin(angle)) for angle in angles]
    starts = [[x + first * dx, y + first * dy, 0.2] for dx, dy in rays]
    reach = task["range_max_m"]
    ends = [[x + reach * dx, y + reach * dy, 0.2] for dx, dy in rays]
    hits = bullet.rayTestBatch(starts, ends)
    return [first + hit[2] * (reach - first) + random.gauss(0.0, task["noise_m"]) for hit in hits]


def play(task: Task) -> dict[str, float]:
    """Return the wall seconds of the task, and how far the robot came, in m."""
    robot = build(task)
    every = round(1.0 / (task["scan_hz"] * task["step_s"]))
    started_s = time.perf_counter()
    for step in range(round(task["seconds"] / task["step_s"])):
        drive(task, robot)
        bullet.stepSimulation()
        if step % every == 0:
            scan(task, robot)
    wall_s = time.perf_counter() - started_s
    (x, y, z), _ = bullet.getBasePositionAndOrientation(robot)
    return {"wall_s": wall_s, "x_m": x, "y_m": y, "z_m": z}


if __name__ == "__main__":
    print(json.dumps(play(json.load(sys.stdin))))
