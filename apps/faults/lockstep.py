"""Lockstep runs in which something of the world goes wrong: hardware, the shop floor, people, the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from rich.console import Console
from sqlalchemy import func, select

from aisle import paths
from aisle.messages.visit import Screen
from aisle_firmware_bridge.firmware_build import build_firmware
from apps.demo_report import DemoReport, Played, Visit, write_report
from apps.faults.outcome import Outcome
from apps.lockstep import Store, build_store
from apps.processes import Site
from sim.people.settings import PeopleSettings
from sim.scenario import Scenario
from sim.scoring import distance_driven_between_m
from store_backend.tables import assistance

LIMIT_S = 420.0
_LOOK_STEPS = 20
_SETTLE_S = 1.0

Note = Callable[[Store], str]


@dataclass(frozen=True, slots=True)
class Upset:
    """A run in lockstep in which something goes wrong.

    `done` says what it is, and `begins` how the step of the recording that starts it is called. With `is_measured` the
    robot's way is measured from a second later until the step `ends`, or until the end. `runs_until_s` keeps the store
    going after the visit. `prepare` touches the store before it opens, `meanwhile` several times a second, `notes` look
    at it at the end.
    """

    done: str
    scenario: Scenario = field(default_factory=Scenario)
    people: PeopleSettings | None = None
    begins: str = ""
    ends: str = ""
    is_measured: bool = False
    backend_lost_s: tuple[float, float] = (0.0, 0.0)
    runs_until_s: float = 0.0
    notes: tuple[Note, ...] = ()
    prepare: Callable[[Store], None] = lambda _store: None
    meanwhile: Callable[[Store], None] = lambda _store: None


@dataclass(slots=True)
class Watch:
    """What is noted of a run while it goes on."""

    visit: Visit = field(default_factory=Visit)
    screens: list[Screen] = field(default_factory=list)

    def look(self, store: Store) -> None:
        """Take in the screen as it is now."""
        if store.state is None:
            return
        self.visit.see(store.state, store.world.now_s)
        if not self.screens or self.screens[-1] is not store.state.screen:
            self.screens.append(store.state.screen)


def play(site: Site, upset: Upset, console: Console) -> Outcome:
    """Play a visit with the upset."""
    firmware = build_firmware(paths.REPOSITORY / "build" / "firmware")
    store = build_store(with_files(site, upset), firmware, site.script_product)
    lost_from_s, lost_until_s = upset.backend_lost_s
    store.screen.backend_is_lost = lambda now_s: lost_from_s <= now_s < lost_until_s
    upset.prepare(store)
    watch = Watch()
    with console.status(f"in lockstep: {upset.done}"):
        _run(store, watch, upset)
    played = Played("lockstep", store.recording, watch.visit.product_id, 1.0, store.fingerprint())
    return _outcome(write_report(site, played, console), store, watch, upset)


def with_files(site: Site, upset: Upset) -> Site:
    """Return the site with the upset's scenario and people as files in the folder of the run."""
    scenario, people = site.run_dir / "scenario.yaml", site.run_dir / "people.yaml"
    scenario.write_bytes(msgspec.yaml.encode(upset.scenario))
    if upset.people is None:
        return replace(site, scenario=scenario)
    people.write_bytes(msgspec.yaml.encode(upset.people))
    return replace(site, scenario=scenario, people=people)


def _run(store: Store, watch: Watch, upset: Upset) -> None:
    steps, runs_until_s = 0, upset.runs_until_s
    while store.world.now_s < max(LIMIT_S, runs_until_s):
        store.step()
        steps += 1
        if steps % _LOOK_STEPS == 0:
            watch.look(store)
            upset.meanwhile(store)
            if watch.visit.is_over(store.world.now_s) and store.world.now_s >= runs_until_s:
                return


def _outcome(report: DemoReport, store: Store, watch: Watch, upset: Upset) -> Outcome:
    marks = {step.name for step in store.recording.steps}
    happened = any(mark.startswith(upset.begins) for mark in marks)
    drove_m = None
    if upset.is_measured:
        drove_m = distance_driven_between_m(store.recording, upset.begins, upset.ends, _SETTLE_S)
    return Outcome(
        report=report,
        screens=tuple(watch.screens),
        calls=rows_in(store, assistance),
        done=upset.done if happened else "",
        drove_after_m=drove_m,
        notes=tuple(note(store) for note in upset.notes),
    )


def rows_in(store: Store, table: Any) -> int:
    """Return how many rows the backend has in a table."""
    with store.screen.backend.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)
