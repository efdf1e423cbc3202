"""Everything is compiled before the robot may move: nothing compiles while it drives."""

from __future__ import annotations

import math
import subprocess
import sys

from aisle.geometry import Pose2
from aisle.sensing import LaserScan, Person
from aisle_navigation.collision_guard.guard import Guard
from aisle_navigation.driving.follow import FollowPath
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.localization.particle_filter import FilterSettings, ParticleFilter
from tests.navigation.driving.ideal_base import drive_task
from tests.navigation.rooms import ROBOT, grid, room, scan_of, with_box

CELLS = with_box(room(), 4.0, 2.5, 5.0, 8.0)
START = Pose2(2.0, 5.0, 0.0)


def compiled() -> dict[str, int]:
    """How many signatures each kernel of navigation has."""
    from numba.core.registry import CPUDispatcher

    modules = [module for name, module in sys.modules.items() if name.startswith("aisle_navigation")]
    kernels = [kernel for module in modules for kernel in vars(module).values() if isinstance(kernel, CPUDispatcher)]
    return {f"{kernel.__module__}.{kernel.__name__}": len(kernel.signatures) for kernel in kernels}


def play() -> None:
    """Drive among people, with things that no map has, lost and found again, along a path, behind the guard."""
    people = (
        Person(1, 6.0, 4.0, -0.3, 0.2, 0.25),
        Person(2, 3.0, 3.0, 0.0, 0.0, 0.3),
        Person(3, 3.2, 3.1, 0.0, 0.0, 0.3),
    )
    navigator = Navigator(grid(CELLS), ROBOT, seed=1)
    navigator.go_to(Pose2(7.0, 6.0, 1.0))
    drive_task(navigator, CELLS, START, people, limit_s=5.0)
    drive_task(navigator, with_box(CELLS, 3.0, 2.0, 3.2, 5.5), START, (), limit_s=5.0)
    navigator.start(FollowPath((START, Pose2(2.0, 2.0, 0.0)), navigator.means))
    drive_task(navigator, CELLS, START, people[:1], limit_s=3.0)
    filter_ = ParticleFilter(grid(CELLS), ROBOT, FilterSettings(), seed=1)
    filter_.start_at(START)
    for tick in range(30):
        pose = Pose2(START.x_m, START.y_m - 0.05 * tick, -0.5 * math.pi)
        scan = scan_of(CELLS, pose, 0.1 * tick)
        filter_.update(scan, Pose2(0.05 * tick, 0.0, 0.0))
    kidnapped = scan_of(CELLS, Pose2(8.0, 6.0, 1.0))
    for tick in range(30, 60):
        filter_.update(LaserScan(0.1 * tick, *_geometry(kidnapped), kidnapped.ranges_m), Pose2(1.45, 0.0, 0.0))
    guard = Guard(ROBOT)
    guard.see(kidnapped)
    guard.step(0.0)


def _geometry(scan: LaserScan) -> tuple[float, float, float, float]:
    return scan.angle_min_rad, scan.angle_increment_rad, scan.range_min_m, scan.range_max_m


def in_a_new_process(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script where nothing is compiled or loaded yet."""
    beginning = (
        "from aisle_navigation.warm_up import warm_up\n"
        "from tests.navigation.test_warm_up import ROBOT, compiled, play\n"
    )
    return subprocess.run(
        [sys.executable, "-c", beginning + script], capture_output=True, text=True, check=False, timeout=240
    )


def test_nothing_compiles_after_the_warm_up() -> None:
    done = in_a_new_process("warm_up(ROBOT); before = compiled(); play(); assert compiled() == before, compiled()")
    assert done.returncode == 0, done.stderr[-2000:]


def test_without_the_warm_up_kernels_would_compile_while_driving() -> None:
    done = in_a_new_process("before = compiled(); play(); assert compiled() != before")
    assert done.returncode == 0, done.stderr[-2000:]
