"""The demo store, and a robot that drives in it in lockstep: production cores, without a mission and a screen."""

from __future__ import annotations

from dataclasses import dataclass

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import FirmwareBuildError, FirmwarePaths, build_firmware
from aisle_navigation.control.profiles import STORE, Profile
from aisle_navigation.driving.outcome import Progress
from apps.lockstep_cores import DrivingCores
from benchmarks.rows import BenchmarkProblem
from sim.base.firmware_hardware import LockstepFirmware
from sim.live import exchange
from sim.people.baskets import read_baskets
from sim.people.settings import PeopleSettings
from sim.scene.layout import Layout
from sim.scene.store_layout import layout_of
from sim.scoring import Recording
from sim.sensors.faults import SensorFaults, everyday_faults
from sim.world import STEP_S, USUAL_PEOPLE, World
from store_model.clearance import ClearanceMap, clearance_map
from store_model.geojson import PlanError
from store_model.maps import occupancy_grid
from store_model.plan import StorePlan, load_plan

_BRIDGE_STEPS, _GUARD_STEPS = round(0.02 / STEP_S), round(0.05 / STEP_S)


@dataclass(frozen=True, slots=True)
class Shop:
    """What does not change from run to run."""

    plan: StorePlan
    robot: RobotModel
    clearances: ClearanceMap
    layout: Layout
    faults: SensorFaults
    firmware: FirmwarePaths


def open_shop() -> Shop:
    """Load the demo store. Raises BenchmarkProblem when it, or the firmware, is not built."""
    try:
        plan = load_plan(paths.demo_store_dir())
        firmware = build_firmware(paths.REPOSITORY / "build" / "firmware")
    except (PlanError, FirmwareBuildError) as error:
        raise BenchmarkProblem(f"{error}; './run store build' builds the demo store") from error
    grid = occupancy_grid(plan)
    return Shop(
        plan,
        load(paths.reference_robot(), RobotModel),
        clearance_map(grid.cells, grid.resolution_m, grid.origin.x_m, grid.origin.y_m),
        layout_of(plan, (), read_baskets(paths.demo_store_dir())),
        load(everyday_faults(), SensorFaults),
        firmware,
    )


@dataclass(slots=True)
class Drive:
    """One robot among people, stepped by the simulator's clock."""

    world: World
    firmware: LockstepFirmware
    cores: DrivingCores
    recording: Recording
    _steps: int = 0

    def until(self, limit_s: float) -> Progress | None:
        """Step until the goal has ended or time is over; return the last progress, None when there was none."""
        last = None
        while self.world.now_s < limit_s:
            last = self.step() or last
            if last is not None and last.has_ended:
                break
        return last

    def step(self) -> Progress | None:
        """Advance by one physics step; return the progress when a scan came."""
        exchange(self.world, self.firmware)
        self._steps += 1
        now_s, progress = self.world.now_s, None
        if self._steps % _BRIDGE_STEPS == 0:
            self.firmware.write(self.cores.exchange(self.firmware.read(), now_s))
        for scan in self.world.scans():
            progress = self.cores.sense(scan)
        if self._steps % _GUARD_STEPS == 0:
            self.cores.check(now_s)
        self.recording.observe(self.world)
        return progress


def begin(
    shop: Shop, seed: int, people: int, profile: Profile = STORE, behaviour: PeopleSettings = USUAL_PEOPLE
) -> Drive:
    """Put a run together with the robot at home, among so many people who behave so."""
    world = World(shop.layout, shop.robot, people, seed, faults=shop.faults, people=behaviour)
    cores = DrivingCores(shop.robot, shop.clearances, shop.plan.home, seed, profile)
    return Drive(world, LockstepFirmware(shop.firmware.library, shop.robot), cores, Recording(shop.robot.base.radius_m))
