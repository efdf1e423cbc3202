"""Whole visits in lockstep: the production cores in the demo store, with faults put in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from aisle import paths
from aisle.bus import Unreachable
from aisle.geometry import Pose2
from aisle.messages.visit import Screen, VisitState
from aisle_firmware_bridge.firmware_build import build_firmware
from apps.demo_report import DemoReport, Played, Visit, report_of
from apps.lockstep import Store, build_store
from apps.processes import Site
from sim.scenario import Obstacle, Scenario
from store_backend.tables import assistance, feedback, journey_events
from store_model.plan import load_plan

pytestmark = pytest.mark.integration
LIMIT_S = 300.0


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    store_dir = paths.demo_store_dir()

    def make(seed: int, wish: str = "milk") -> Site:
        return Site(
            store_dir=store_dir,
            keys_dir=tmp_path,
            run_dir=tmp_path,
            home=load_plan(store_dir).home,
            dock=load_plan(store_dir).dock,
            robot_config=paths.reference_robot(),
            model_dir=paths.var_dir() / "models" / "associations",
            seed=seed,
            scripted=True,
            script_product=wish,
        )

    return make


def built(site: Site, scenario: Scenario | None = None) -> Store:
    if scenario is not None:
        path = site.run_dir / "scenario.yaml"
        path.write_bytes(msgspec.yaml.encode(scenario))
        site = replace(site, scenario=path)
    return build_store(site, build_firmware(paths.REPOSITORY / "build" / "firmware"), site.script_product)


def played(site: Site, store: Store) -> DemoReport:
    visit = Visit()
    wall_s = store.run(visit, LIMIT_S)
    return report_of(site, Played("lockstep", store.recording, visit.product_id, wall_s, store.fingerprint()))


def count(store: Store, table: Any) -> int:
    with store.screen.backend.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize(("seed", "wish"), [(1, "milk"), (2, "choclate"), (3, "toilet paper")])
def test_a_visit_ends_at_the_right_shelf(site: Callable[..., Site], seed: int, wish: str) -> None:
    here = site(seed, wish)
    store = built(here)
    report = played(here, store)
    assert report.why_not == ""
    assert report.score.contacts_by_robot == 0
    assert count(store, journey_events) > 3
    assert count(store, feedback) == 1


def test_the_same_seed_gives_the_same_visit_bit_for_bit(site: Callable[..., Site]) -> None:
    def play(seed: int) -> tuple[str, dict[str, Any]]:
        here = site(seed)
        report = played(here, built(here))
        figures = msgspec.to_builtins(report.score)
        for wall in ("wall_time_s", "real_time_factor"):
            del figures[wall]
        assert report.fingerprint is not None
        return report.fingerprint, figures

    first = play(5)
    assert play(5) == first
    assert play(6)[0] != first[0]


@dataclass
class LostBackend:
    """Stands between the kiosk and the backend; while lost nothing arrives."""

    backend: Any
    lost: bool = False

    @property
    def engine(self) -> Any:
        return self.backend.engine

    def answer(self, role: str, command: Any) -> Any:
        return (
            Unreachable("store_backend did not answer; is it running?")
            if self.lost
            else self.backend.answer(role, command)
        )


def test_a_backend_lost_in_the_middle_changes_nothing_for_the_shopper_and_loses_nothing(
    site: Callable[..., Site],
) -> None:
    here = site(4)
    store = built(here)
    undisturbed = built(here)
    played(here, undisturbed)
    line = LostBackend(store.screen.backend)
    store.screen.backend = line  # type: ignore[assignment]
    visit = Visit()
    while store.world.now_s < LIMIT_S and not visit.is_over(store.world.now_s):
        store.step()
        if store.state is not None:
            visit.see(store.state, store.world.now_s)
            line.lost = store.state.screen in (Screen.PRODUCT, Screen.GUIDING)
    for _ in range(4000):
        store.step()
    report = report_of(here, Played("lockstep", store.recording, visit.product_id, 1.0, None))
    assert report.why_not == ""
    assert count(store, journey_events) == count(undisturbed, journey_events)


def test_a_blocked_aisle_ends_with_a_call_for_a_person_and_no_touch(site: Callable[..., Site]) -> None:
    here = site(1)
    bay = load_plan(here.store_dir).bays
    free = built(here)
    goal = played(here, free)
    assert goal.bay_id is not None
    front = bay[goal.bay_id]
    crates = tuple(_crate(front.front_x_m + dx, front.front_y_m + dy) for dx, dy in _ring(1.45))
    store = built(here, Scenario(obstacles=crates))
    visit = Visit()
    called = False
    while store.world.now_s < LIMIT_S and not called:
        store.step()
        called = store.robot.orders is not None and store.robot.orders.visit is VisitState.CALLING
        if store.state is not None:
            visit.see(store.state, store.world.now_s)
    for _ in range(1000):
        store.step()
    report = report_of(here, Played("lockstep", store.recording, visit.product_id, 1.0, None))
    assert called
    assert report.score.contacts_by_robot == 0
    assert count(store, assistance) == 1


CELL_MAP = Pose2(29.5, 3.5, 0.0)
"""Where nobody drives in these visits; crates around it hide most of the map."""


@dataclass
class Carried:
    """A visit of whose tour the robot is carried off; time goes on only by `run_until`."""

    store: Store
    visit: Visit

    @property
    def doing(self) -> VisitState | None:
        return self.store.robot.orders.visit if self.store.robot.orders is not None else None

    @property
    def robot(self) -> Pose2:
        return self.store.recording.moments[-1].robot

    def run_until(self, is_so: Callable[[], bool]) -> None:
        ends_s = self.store.world.now_s + LIMIT_S
        while self.store.world.now_s < ends_s and not is_so():
            self.store.step()
            if self.store.state is not None:
                self.visit.see(self.store.state, self.store.world.now_s)
        assert is_so()


def on_the_way(here: Site, scenario: Scenario | None = None) -> Carried:
    """Play a visit until the robot has led the shopper for some metres."""
    carried = Carried(built(here, scenario), Visit())
    carried.run_until(lambda: carried.doing is VisitState.GUIDING and carried.robot.distance_to(here.home) > 2.0)
    return carried


def test_a_robot_that_is_carried_off_stands_calls_a_person_and_goes_on_when_it_is_shown_its_place(
    site: Callable[..., Site],
) -> None:
    cell = tuple(_crate(CELL_MAP.x_m + dx, CELL_MAP.y_m + dy) for dx, dy in _ring(1.3)[:19])
    carried = on_the_way(site(1), Scenario(obstacles=cell))
    store, taken_from = carried.store, carried.robot
    store.world.place_robot(CELL_MAP)
    carried.run_until(lambda: carried.doing is VisitState.ASTRAY)
    stands = carried.robot
    for _ in range(1000):
        store.step()
    assert carried.doing is VisitState.ASTRAY
    assert stands.distance_to(carried.robot) < 0.02
    with store.screen.backend.engine.connect() as connection:
        (story,) = connection.scalars(select(assistance.c.story))
    assert "does not know where it is" in story
    store.world.place_robot(taken_from)
    store.robot.driving.show_place(taken_from)
    carried.run_until(lambda: carried.doing is VisitState.ARRIVED)
    assert count(store, assistance) == 1


def test_a_robot_that_is_carried_off_to_where_it_sees_the_map_finds_its_place_by_itself_and_calls_nobody(
    site: Callable[..., Site],
) -> None:
    carried = on_the_way(site(1))
    carried.store.world.place_robot(Pose2(14.5, 3.5, 2.0))
    carried.run_until(lambda: carried.doing is VisitState.STOPPED)
    carried.run_until(lambda: carried.doing is not VisitState.STOPPED)
    estimate = carried.store.robot.driving.estimate
    assert estimate is not None
    assert estimate.map_from_base.distance_to(carried.robot) < 0.2
    assert carried.doing in (VisitState.GUIDING, VisitState.PAUSED)
    assert count(carried.store, assistance) == 0


def _ring(radius_m: float) -> list[tuple[float, float]]:
    import math

    return [(radius_m * math.cos(k * math.tau / 24), radius_m * math.sin(k * math.tau / 24)) for k in range(24)]


def _crate(x_m: float, y_m: float, half_m: float = 0.22) -> Obstacle:
    return Obstacle(x_m=x_m - half_m, y_m=y_m - half_m, width_m=2 * half_m, depth_m=2 * half_m)
