"""How fast the simulated world is: physics, people and laser, without the robot's software."""

from __future__ import annotations

import time
from collections.abc import Callable

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from benchmarks.rows import Row
from sim.base.firmware_hardware import MotorOutputs
from sim.scene.layout import Layout
from sim.scene.store_layout import layout_of
from sim.world import STEP_S, World
from store_model.plan import load_plan

SHOPPERS = 6
_SEED = 1
_DRIVING = MotorOutputs(2.0, 2.4, brake=False)


def run(quick: bool) -> list[Row]:
    """Measure the world in the demo store on one core; `quick` takes about 10 s, else about a minute."""
    robot = load(paths.reference_robot(), RobotModel)
    layout = layout_of(load_plan(paths.config_dir() / "stores" / "demo"))
    simulated_s = 60.0 if quick else 600.0
    scans = 200 if quick else 2000
    return [
        Row("real-time factor, 6 shoppers, laser", _real_time_factor(layout, robot, SHOPPERS, simulated_s), "x"),
        Row("real-time factor, no people, laser", _real_time_factor(layout, robot, 0, simulated_s), "x"),
        Row("laser sweep, 720 rays", 1e3 * _scan_s(layout, robot, scans), "ms"),
        Row("building the world", _seconds(lambda: World(layout, robot, SHOPPERS, _SEED)), "s"),
    ]


def _real_time_factor(layout: Layout, robot: RobotModel, shoppers: int, simulated_s: float) -> float:
    world = World(layout, robot, shoppers, _SEED)
    world.apply(_DRIVING)
    return simulated_s / _seconds(lambda: _advance(world, simulated_s))


def _advance(world: World, simulated_s: float) -> None:
    """Step as a lockstep run does: wheel sensors every step, the laser when it is due."""
    for _ in range(round(simulated_s / STEP_S)):
        world.wheel_inputs()
        world.step()
        if world.scan_is_due:
            world.scan()


def _scan_s(layout: Layout, robot: RobotModel, count: int) -> float:
    world = World(layout, robot, SHOPPERS, _SEED)
    world.scan()

    def sweep() -> None:
        for _ in range(count):
            world.scan()

    return _seconds(sweep) / count


def _seconds(work: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s
