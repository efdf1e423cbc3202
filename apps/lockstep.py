"""The lockstep runner: one process, production cores, the firmware as a library, and the simulator's clock.

Everything is called in a fixed order with simulated time, so the same seed gives the same visit bit for bit.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from aisle.config import load
from aisle.messages.robot import RobotStatus
from aisle.messages.visit import Control, ScreenState
from aisle.robot_model import RobotModel
from aisle_behaviour.energy import budget_of
from aisle_behaviour.world import MissionSettings
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_gateway.desk import Desk
from aisle_gateway.shelves import load_shelves
from aisle_gateway.store_line import StoreLine
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.carry import load_adviser
from aisle_inference.advice.rules import Rules
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import PUBLIC_KEY_FILE
from apps.demo_report import Visit
from apps.lockstep_robot import RobotCores
from apps.processes import Site
from catalogue.replica import open_replica
from kiosk_ui.shop import load_shop
from kiosk_ui.state import Kiosk
from sim.base.firmware_hardware import LockstepFirmware
from sim.live import exchange
from sim.people.baskets import read_baskets
from sim.people.hand import Hand, Visitor
from sim.people.settings import load_people, people_file
from sim.scenario import Scenario, Script
from sim.scene.store_layout import layout_of
from sim.scoring import Recording
from sim.sensors.faults import SensorFaults
from sim.world import PERFECT_SENSORS, STEP_S, World
from store_backend.backend import Backend
from store_backend.catalogue_file import open_catalogue
from store_backend.database import open_database
from store_model.clearance import clearance_map
from store_model.maps import occupancy_grid

_BRIDGE_STEPS = round(0.02 / STEP_S)
_GUARD_STEPS = round(0.05 / STEP_S)
_SCREEN_STEPS = round(0.1 / STEP_S)
_STATUS_PERIOD_S = 1.0


@dataclass(slots=True)
class Screen:
    """The kiosk's core with its two partners in the same process: the gateway's desk and the backend."""

    kiosk: Kiosk
    desk: Desk
    backend: Backend
    line: StoreLine
    robot_id: str
    backend_is_lost: Callable[[float], bool] = lambda _now_s: False
    _told_s: float = float("-inf")

    def step(self, robot: RobotCores, now_s: float) -> ScreenState:
        """Show what the robot says, carry requests to whom they are for, and return what is on the screen."""
        self.kiosk.hear(robot.view(), now_s)
        self.kiosk.tick(now_s)
        for outgoing in self.kiosk.take_requests():
            self.kiosk.answered(outgoing.token, self._carry(outgoing.channel, outgoing.message, now_s), now_s)
        return self.kiosk.screen_state(now_s)

    def talk_to_store(self, robot: RobotCores, now_s: float) -> None:
        """Do what the gateway's thread does: tell the store how the robot is, ask what it wants, and obey."""
        for key, message in self.line.turn(now_s, robot.report()):
            if not self.backend_is_lost(now_s):
                self.line.hear(key, self.backend.answer("gateway", message))
        if not self.backend_is_lost(now_s) and now_s - self._told_s >= _STATUS_PERIOD_S:
            self._told_s = now_s
            self._tell_status(robot, now_s)
        robot.obey(self.line.word())

    def _tell_status(self, robot: RobotCores, now_s: float) -> None:
        view, charge = robot.view(), robot.driving.battery_fraction
        if view is None:
            return
        status = RobotStatus(
            robot_id=self.robot_id,
            sent_unix_s=now_s,
            visit=view.visit,
            x_m=view.x_m,
            y_m=view.y_m,
            yaw_rad=view.yaw_rad,
            battery_fraction=charge if math.isfinite(charge) else None,
            localized=True,
            lease_number=self.line.word().lease_number,
        )
        self.backend.answer("gateway", status)

    def _carry(self, channel: str, message: msgspec.Struct, now_s: float) -> Any:
        if channel != "gateway" and self.backend_is_lost(now_s):
            return TimeoutError("the backend is lost")
        answer = self.desk.answer if channel == "gateway" else self.backend.answer
        return answer("kiosk_ui", message)


@dataclass(slots=True)
class Store:
    """A whole store in one process."""

    site: Site
    world: World
    firmware: LockstepFirmware
    robot: RobotCores
    screen: Screen
    recording: Recording
    script: Script
    visitor: Visitor | None = None
    state: ScreenState | None = None
    _steps: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def step(self) -> None:
        """Advance by one physics step and let everything run whose period is over."""
        for happening in self.script.step(self.world):
            self.recording.mark(happening, self.world.now_s)
        exchange(self.world, self.firmware)
        self._steps += 1
        now_s = self.world.now_s
        if self._steps % _BRIDGE_STEPS == 0:
            self.firmware.write(self.robot.exchange(self.firmware.read(), now_s))
        for scan in self.world.scans():
            self.robot.sense(scan)
        if self._steps % _GUARD_STEPS == 0:
            self.robot.check(now_s)
        if self._steps % _SCREEN_STEPS == 0:
            self._look(now_s)
        self.recording.observe(self.world)

    def _look(self, now_s: float) -> None:
        self.state = self.screen.step(self.robot, now_s)
        self.robot.look(self.state)
        self.screen.line.meet(self.state.session_id)
        self.screen.talk_to_store(self.robot, now_s)
        if self.visitor is not None:
            self.visitor.look(self.world, self.state, self.recording)
        self._digest.update(self.world.fingerprint().encode())

    def fingerprint(self) -> str:
        """Return a hash over the world's states so far: equal for runs that were equal bit for bit."""
        return str(self._digest.hexdigest())

    def run(self, visit: Visit, limit_s: float, tell: Callable[[float, str], None] = lambda _s, _t: None) -> float:
        """Step until the visit is over or out of time; return the wall time in seconds."""
        started_s = time.perf_counter()
        while self.world.now_s < limit_s:
            self.step()
            if self._steps % 200 == 0:
                tell(self.world.now_s, self.robot.orders.visit.value if self.robot.orders else "starting")
            if self.state is not None and self._steps % _SCREEN_STEPS == 0:
                visit.see(self.state, self.world.now_s)
            if visit.is_over(self.world.now_s):
                break
        return time.perf_counter() - started_s


def build_store(site: Site, firmware: FirmwarePaths, wish: str | None) -> Store:
    """Put a store together; with a wish there is a scripted customer who has it."""
    scenario = load(site.scenario, Scenario) if site.scenario else Scenario()
    people = load_people(site.people or people_file())
    robot_model = load(site.robot_config, RobotModel)
    shelves = load_shelves(site.store_dir)
    grid = occupancy_grid(shelves.plan)
    clearances = clearance_map(grid.cells, grid.resolution_m, grid.origin.x_m, grid.origin.y_m)
    layout = layout_of(shelves.plan, scenario.solids(), read_baskets(site.store_dir))
    faults = load(site.sensors, SensorFaults) if site.sensors else PERFECT_SENSORS
    world = World(
        layout,
        robot_model,
        site.shoppers,
        site.seed,
        with_customer=wish is not None,
        faults=faults,
        people=people,
    )
    mission = MissionSettings(site.home, site.dock, energy=budget_of(robot_model.battery))
    robot = RobotCores(robot_model, clearances, mission, _adviser(site), site.seed)
    backend = Backend(open_database("sqlite://"), open_catalogue(site.store_dir), lambda: world.now_s)
    numbers = itertools.count(1)
    line = StoreLine(site.robot_id, "lockstep", new_key=lambda: f"gateway-{next(numbers)}")
    kiosk = _kiosk(site, lambda: world.now_s)
    screen = Screen(kiosk, Desk(shelves, robot, line), backend, line, site.robot_id)
    store = Store(
        site,
        world,
        LockstepFirmware(firmware.library, robot_model),
        robot,
        screen,
        Recording(robot_model.base.radius_m),
        Script(scenario),
    )
    if wish is not None:
        store.visitor = Visitor(Hand(wish), lambda box: _press(store, box))
    return store


def _press(store: Store, control: Control) -> None:
    store.screen.kiosk.touch(control.name, store.world.now_s)


def _kiosk(site: Site, unix_s: Callable[[], float]) -> Kiosk:
    numbers = itertools.count(1)
    shop = load_shop(site.store_dir)
    return Kiosk(shop, lambda: f"visit-{site.seed}-{next(numbers)}", site.robot_id, site.language, unix_s=unix_s)


def _adviser(site: Site) -> Adviser:
    with open_replica(site.store_dir / "catalogue.sqlite") as replica:
        products = {product.product_id: product for product in replica.products()}
    rules = load(site.rules, Rules) if site.rules is not None else Rules()
    try:
        carried = load_adviser(site.model_dir, site.model_dir.parent / PUBLIC_KEY_FILE)
    except ModelProblem as problem:
        return Adviser(products, None, rules, str(problem))
    return Adviser(products, carried.kit, rules)
