"""How fast the simulated world is without the robot's software, how well its people keep apart, and its peers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from benchmarks.machine import one_core
from benchmarks.peer_simulators import peer_rows
from benchmarks.rows import BenchmarkProblem, Request, Row
from sim.base.firmware_hardware import MotorOutputs
from sim.overlaps import OverlapCount
from sim.people.baskets import read_baskets
from sim.people.body_meshes import BodiesMissing
from sim.scene.layout import Layout
from sim.scene.store_layout import layout_of
from sim.sensors.camera import Resolution
from sim.sensors.camera_renderer import CameraProblem
from sim.startup_check import StartupCheckError, check_world
from sim.world import STEP_S, World
from store_model.plan import load_plan

PEOPLE = 20
SEEDS = (1, 2, 3)
CAMERA = Resolution(320, 240, 5.0)
_DRIVING = MotorOutputs(2.0, 2.4, brake=False)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long everything is measured: simulated seconds with people, without, with a camera, of a peer; sweeps."""

    people_s: float
    alone_s: float
    camera_s: float
    peer_s: float
    sweeps: int


QUICK = Lengths(people_s=20.0, alone_s=30.0, camera_s=10.0, peer_s=10.0, sweeps=200)
WHOLE = Lengths(people_s=120.0, alone_s=300.0, camera_s=60.0, peer_s=60.0, sweeps=2000)


def run(request: Request) -> list[Row]:
    """Measure the world in the demo store on one core. Raises BenchmarkProblem when people are not seen."""
    robot, lengths = load(paths.reference_robot(), RobotModel), QUICK if request.quick else WHOLE
    plan = load_plan(paths.config_dir() / "stores" / "demo")
    layout = layout_of(plan, (), read_baskets(paths.demo_store_dir()))
    with one_core():
        checked_s = _seconds(lambda: _check(robot))
        alone = _real_time_factor(layout, robot, 0, lengths.alone_s)
        return [
            *_people(layout, robot, lengths.people_s),
            *_camera(layout, robot, lengths.camera_s),
            Row("laser sweep, 720 rays, 20 people", 1e3 * _sweep_s(layout, robot, lengths.sweeps), "ms"),
            Row("building the world with 20 people", _seconds(lambda: World(layout, robot, PEOPLE, 1)), "s"),
            Row("start-up check", checked_s, "s", "1", "laser sees a person, a person walks around the robot"),
            Row("drive and laser, no people: ours", alone, "x", "", "steps of 5 ms, MuJoCo"),
            *peer_rows(layout, robot, STEP_S, lengths.peer_s, alone),
        ]


def _people(layout: Layout, robot: RobotModel, simulated_s: float) -> list[Row]:
    """Measure speed first and overlaps in runs of their own, so that counting costs no speed."""
    how = f"{PEOPLE} people of the usual mix, {len(SEEDS)} seeds of {simulated_s:.0f} s, one core"
    cpu_s = time.process_time()
    wall_s = sum(simulated_s / _real_time_factor(layout, robot, PEOPLE, simulated_s, seed) for seed in SEEDS)
    cpu_s = time.process_time() - cpu_s
    everything_s = len(SEEDS) * simulated_s
    return [
        Row("real-time factor, 20 people, laser", everything_s / wall_s, "x", "20", how),
        Row("the same by processor time", everything_s / cpu_s, "x", "", "with building the worlds"),
        *_overlap_rows([_overlaps(layout, robot, simulated_s, seed) for seed in SEEDS]),
    ]


def _camera(layout: Layout, robot: RobotModel, simulated_s: float) -> list[Row]:
    """Measure with a camera; where nothing can be rendered, say why."""
    name, how = "real-time factor, 20 people, laser and camera", "320 x 240 pixels at 5 Hz, colour and depth"
    world = World(layout, robot, PEOPLE, 1, camera=CAMERA)
    world.apply(_DRIVING)
    try:
        # The first image makes the bodies and opens the graphics library.
        started_s = _seconds(world.frames)
        factor = simulated_s / _seconds(lambda: _advance(world, simulated_s))
        checked_s = _seconds(lambda: check_world(robot, camera=CAMERA))
    except (CameraProblem, BodiesMissing, StartupCheckError) as problem:
        return [Row(name, math.nan, "x", "5", f"not measured: {problem}")]
    finally:
        world.close()
    return [
        Row(name, factor, "x", "5", how),
        Row("first image", started_s, "s"),
        Row("start-up check with camera", checked_s, "s", "2"),
    ]


def _overlap_rows(counts: list[OverlapCount]) -> list[Row]:
    minutes = sum(count.person_minutes for count in counts)
    pairs, fixtures = sum(count.pairs for count in counts), sum(count.fixtures for count in counts)
    deepest_cm = 100.0 * max(count.worst_pair_m for count in counts)
    deepest_in_fixture_cm = 100.0 * max(count.worst_fixture_m for count in counts)
    note = f"more than 1 cm, with what they push; {minutes:.0f} person-minutes"
    return [
        Row("people overlapping people", pairs / minutes, "per person-minute", "0", note),
        Row("deepest overlap of people", deepest_cm, "cm", "1"),
        Row("people overlapping fixtures", fixtures / minutes, "per person-minute", "0", note),
        Row("deepest overlap with a fixture", deepest_in_fixture_cm, "cm", "1"),
    ]


def _overlaps(layout: Layout, robot: RobotModel, simulated_s: float, seed: int) -> OverlapCount:
    world, count = _driving(layout, robot, PEOPLE, seed), OverlapCount(layout.solids)
    for _ in range(round(simulated_s / STEP_S)):
        world.step()
        count.observe(world)
    return count


def _check(robot: RobotModel) -> None:
    try:
        check_world(robot)
    except StartupCheckError as error:
        raise BenchmarkProblem(str(error)) from error


def _real_time_factor(layout: Layout, robot: RobotModel, people: int, simulated_s: float, seed: int = 1) -> float:
    world = _driving(layout, robot, people, seed)
    return simulated_s / _seconds(lambda: _advance(world, simulated_s))


def _driving(layout: Layout, robot: RobotModel, people: int, seed: int) -> World:
    world = World(layout, robot, people, seed)
    world.apply(_DRIVING)
    return world


def _advance(world: World, simulated_s: float) -> None:
    """Step as a lockstep run does: wheel sensors every step, the laser when it is due."""
    for _ in range(round(simulated_s / STEP_S)):
        world.wheel_inputs()
        world.step()
        world.scans()
        world.frames()


def _sweep_s(layout: Layout, robot: RobotModel, count: int) -> float:
    world = World(layout, robot, PEOPLE, 1)
    world.scan()

    def sweep() -> None:
        for _ in range(count):
            world.scan()

    return _seconds(sweep) / count


def _seconds(work: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s
