"""Other simulators on drive and laser in the same store: ir-sim and PyBullet, each in a program of its own.

They are installed once, with pinned versions, into an environment under `var/bench/peers`, so that the project does
not depend on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import msgspec
import shapely

from aisle import paths
from aisle.robot_model import RobotModel
from benchmarks.peer_environment import PeerProblem, installed, peer_program, run_program
from benchmarks.rows import Row
from sim.scene.layout import Layout

REQUIREMENTS = ("ir-sim==2.12.0", "pybullet==3.2.7", "numpy==2.4.6", "pyyaml==6.0.3")
SPEED_MPS, TURN_RADPS = 0.18, 0.09


@dataclass(frozen=True, slots=True)
class Peer:
    """One other simulator: its name and version, the program that plays the task, and what it does otherwise."""

    name: str
    program: str
    how: str


PEERS = (
    Peer("ir-sim 2.12.0", "irsim_task.py", "kinematic, a step of 0.1 s for each sweep"),
    Peer("pybullet 3.2.7", "pybullet_task.py", "rigid bodies, steps of 5 ms like ours, rayTestBatch"),
)


class Box(msgspec.Struct, frozen=True):
    """A fixture as the rectangle around it, in the map frame."""

    x_m: float
    y_m: float
    length_m: float
    width_m: float
    yaw_rad: float


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What every simulator plays: one robot drives a curve for a time and scans; nobody else is there."""

    seconds: float
    step_s: float
    size_m: tuple[float, float]
    boxes: tuple[Box, ...]
    x_m: float
    y_m: float
    yaw_rad: float
    speed_mps: float
    turn_radps: float
    radius_m: float
    track_m: float
    rays: int
    scan_hz: float
    range_min_m: float
    range_max_m: float
    noise_m: float


class Answer(msgspec.Struct, frozen=True):
    """What a peer's program prints; it may print more."""

    wall_s: float


def peer_rows(layout: Layout, robot: RobotModel, step_s: float, seconds: float, ours: float) -> list[Row]:
    """Return a row for each peer; one that cannot run here has no figure and says why."""
    task = task_of(layout, robot, step_s, seconds)
    try:
        python = install(paths.var_dir() / "bench" / "peers")
    except PeerProblem as problem:
        return [_missing(peer, problem) for peer in PEERS]
    return [_row(peer, python, task, ours) for peer in PEERS]


def task_of(layout: Layout, robot: RobotModel, step_s: float, seconds: float) -> Task:
    """Return the task in the store of a layout."""
    laser, home = robot.laser, layout.home
    return Task(
        seconds=seconds, step_s=step_s, size_m=layout.size_m,
        boxes=tuple(box_around(solid.outline) for solid in layout.solids),
        x_m=home.x_m, y_m=home.y_m, yaw_rad=home.yaw_rad, speed_mps=SPEED_MPS, turn_radps=TURN_RADPS,
        radius_m=robot.base.radius_m, track_m=robot.wheels.track_m, rays=laser.rays, scan_hz=laser.rate_hz,
        range_min_m=laser.range_min_m, range_max_m=laser.range_max_m, noise_m=laser.noise_m,
    )  # fmt: skip


def box_around(outline: tuple[tuple[float, float], ...]) -> Box:
    """Return the smallest rectangle around an outline."""
    rectangle = shapely.minimum_rotated_rectangle(shapely.Polygon(outline))
    a, b, _, d, *_ = shapely.get_coordinates(rectangle).tolist()
    yaw_rad = math.atan2(b[1] - a[1], b[0] - a[0])
    return Box(rectangle.centroid.x, rectangle.centroid.y, math.dist(a, b), math.dist(a, d), yaw_rad)


def install(folder: Path) -> Path:
    """Install the peers once and return their Python. Raises PeerProblem."""
    return installed(folder, REQUIREMENTS)


def _row(peer: Peer, python: Path, task: Task, ours: float) -> Row:
    try:
        printed = run_program([str(python), peer_program(peer.program)], msgspec.json.encode(task))
        answer = msgspec.json.decode(printed.splitlines()[-1], type=Answer)
    except (PeerProblem, msgspec.DecodeError, IndexError) as problem:
        return _missing(peer, problem)
    factor = task.seconds / answer.wall_s
    note = f"{peer.how}; ours is {ours / factor:.1f} times as fast"
    return Row(f"drive and laser, no people: {peer.name}", factor, "x", "", note)


def _missing(peer: Peer, problem: Exception) -> Row:
    return Row(f"drive and laser, no people: {peer.name}", math.nan, "x", "", f"not measured: {problem}")
