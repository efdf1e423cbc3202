"""How fast a whole store runs in one process, where the time goes, and whether it repeats bit for bit."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aisle import paths
from aisle_behaviour.tree import Behaviours
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.firmware_build import FirmwareBuildError, FirmwarePaths, build_firmware
from aisle_navigation.collision_guard.guard import Guard
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.localization.particle_filter import ParticleFilter
from aisle_perception.perception import Perception
from apps.demo_report import Visit
from apps.lockstep import Screen, Store, build_store
from apps.processes import Site
from benchmarks.machine import one_core
from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.stopwatch import Method, timed_parts
from sim.base.firmware_hardware import LockstepFirmware
from sim.people.hand import Visitor
from sim.scoring import Recording
from sim.world import World
from store_model.geojson import PlanError
from store_model.plan import load_plan

SEED, SHOPPERS, WISH = 1, 6, "milk"
QUICK_S, WHOLE_S, REPEAT_S = 45.0, 180.0, 30.0
WARM_UP_S = 3.0

PARTS: dict[str, tuple[Method, ...]] = {
    "physics and people": ((World, "apply"), (World, "wheel_inputs"), (World, "step")),
    "laser": ((World, "scan"),),
    "firmware in C": ((LockstepFirmware, "step"), (LockstepFirmware, "read"), (LockstepFirmware, "write")),
    "firmware bridge": ((Bridge, "receive"), (Bridge, "step")),
    "localization": ((ParticleFilter, "update"),),
    "perception": ((Perception, "step"),),
    "navigator": ((Navigator, "step"),),
    "collision guard": ((Guard, "see"), (Guard, "step")),
    "behaviour": ((Behaviours, "step"),),
    "screen, desk and backend": ((Screen, "step"),),
    "customer and scoring": ((Visitor, "look"), (Recording, "observe")),
}


def run(request: Request) -> list[Row]:
    """Measure on one core. Raises BenchmarkProblem when the store or the firmware is not built."""
    with _site() as site, one_core():
        _play(site, WARM_UP_S)
        return [*_speed(site, QUICK_S if request.quick else WHOLE_S), _repeat(site)]


def _speed(site: Site, limit_s: float) -> list[Row]:
    store, wall_s, cpu_s = _play(site, limit_s)
    simulated_s = store.world.now_s
    with timed_parts(PARTS) as stopwatch:
        timed, _, timed_cpu_s = _play(site, limit_s)
    how = f"{simulated_s:.0f} s of a visit, seed {SEED}, {SHOPPERS} shoppers and the customer, one core"
    rest_s = timed_cpu_s - sum(stopwatch.spent_s.values())
    return [
        Row("real-time factor, whole robot with laser", simulated_s / wall_s, "x", "4", how),
        Row("the same by processor time", simulated_s / cpu_s, "x", "", "what other programs took is left out"),
        *(_part(part, stopwatch.spent_s.get(part, 0.0), timed.world.now_s) for part in PARTS),
        _part("everything else", rest_s, timed.world.now_s),
    ]


def _part(part: str, spent_s: float, simulated_s: float) -> Row:
    return Row(part, 1e3 * spent_s / simulated_s, "ms per simulated s", "", "processor time")


def _repeat(site: Site) -> Row:
    first, again = (_play(site, REPEAT_S)[0].fingerprint() for _ in range(2))
    equal = 2.0 if first == again else 1.0
    return Row("runs of one seed that are equal bit for bit", equal, "of 2", "2", f"first {REPEAT_S:.0f} s of a visit")


def _play(site: Site, limit_s: float) -> tuple[Store, float, float]:
    """Play a visit from its start; return the store, wall seconds and processor seconds."""
    store = build_store(site, _firmware(), WISH)
    started_s = time.process_time()
    wall_s = store.run(Visit(), limit_s)
    return store, wall_s, time.process_time() - started_s


def _firmware() -> FirmwarePaths:
    try:
        return build_firmware(paths.REPOSITORY / "build" / "firmware")
    except FirmwareBuildError as error:
        raise BenchmarkProblem(str(error)) from error


@contextmanager
def _site() -> Iterator[Site]:
    store_dir = paths.demo_store_dir()
    try:
        plan = load_plan(store_dir)
    except PlanError as error:
        raise BenchmarkProblem(f"{error}; build the demo store first: ./run store build") from error
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as run_dir:
        yield Site(
            store_dir=store_dir,
            keys_dir=Path(run_dir),
            run_dir=Path(run_dir),
            home=plan.home,
            dock=plan.dock,
            robot_config=paths.reference_robot(),
            model_dir=paths.var_dir() / "models" / "adviser",
            seed=SEED,
            shoppers=SHOPPERS,
            scripted=True,
            script_product=WISH,
        )
