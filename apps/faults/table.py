"""The sturdiness list: every fault, what is expected, and how it is played."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from aisle.messages.store import StockCounted
from aisle.messages.visit import Screen, VisitState
from apps.faults import lockstep, outcome, staff
from apps.faults.live import Kill
from apps.faults.lockstep import Upset
from apps.faults.outcome import Judge
from apps.lockstep import Store
from apps.processes import PROCESSES, Site
from catalogue.products import Product
from catalogue.replica import open_replica
from catalogue.search import SearchIndex
from sim.people.customer import Phase
from sim.people.settings import CustomerScript, PeopleSettings, SecondShopper
from sim.scenario import Action, Happening, Obstacle, Scenario
from store_backend.tables import journey_events, sessions
from store_model.manifest import CATALOGUE_FILE
from store_model.plan import load_plan
from store_model.planogram import load_planogram

LOST_FROM_S, LOST_FOR_S = 20.0, 600.0
_GOES_ON = "the visit goes on to the shelf"
_POLITE = "the visit goes on or ends politely; the robot never moves blind"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table. `plan` gives what is played: a kill in a live run, or an upset in lockstep."""

    name: str
    what: str
    expected: str
    judge: Judge
    plan: Callable[[Site], Kill | Upset]

    @property
    def is_live(self) -> bool:
        return self.name.startswith("restart-")


def faults() -> tuple[Fault, ...]:
    """Return the whole list, lockstep runs first because they are short."""
    return (*_WORLD, *(_restart(process.name) for process in PROCESSES if process.respawn))


def _restart(process: str) -> Fault:
    screen = Screen.SEARCH if process == "inference" else Screen.GUIDING
    when = "while the shopper searches" if screen is Screen.SEARCH else "in the middle of the tour"
    expected = _POLITE if process in ("behaviour", "firmware") else _GOES_ON
    judge = outcome.goes_on_or_ends_politely if expected is _POLITE else outcome.goes_on
    return Fault(
        f"restart-{process}", f"{process} is killed {when}", expected, judge, lambda _site: Kill(process, screen)
    )


def _upset(upset: Upset) -> Callable[[Site], Upset]:
    return lambda _site: upset


def _on_tour(action: Action, after_s: float, fraction: float = 0.0) -> Happening:
    return Happening(do=action, phase=Phase.FOLLOWING, after_s=after_s, fraction=fraction)


def _customer(**script: float) -> PeopleSettings:
    return PeopleSettings(customer=CustomerScript(**script))


def _blocked(site: Site) -> Upset:
    """Put crates in a ring around the place before the shelf."""
    placement = load_planogram(site.store_dir).placement(_first_hit(site).product_id)
    if placement is None:
        raise ValueError(f"{site.script_product!r} has no shelf, so its aisle cannot be blocked: choose another seed")
    bay = load_plan(site.store_dir).bays[placement.bay_id]
    crates = tuple(
        Obstacle(
            x_m=max(0.0, bay.front_x_m + dx - 0.22), y_m=max(0.0, bay.front_y_m + dy - 0.22), width_m=0.44, depth_m=0.44
        )
        for dx, dy in ((1.45 * math.cos(k * math.tau / 24), 1.45 * math.sin(k * math.tau / 24)) for k in range(24))
    )
    return Upset("crates stand around the shelf", Scenario(obstacles=crates))


def _sold_out(site: Site) -> Upset:
    """Count what the shopper will find first, and find none of it on the shelf."""
    product = _first_hit(site)

    def count(store: Store) -> None:
        store.screen.backend.answer("admin", StockCounted(product_id=product.product_id, count=0))

    def choice(store: Store) -> str:
        chose = any(step.name.startswith("touch alternative") for step in store.recording.steps)
        return f"the shopper {'chose' if chose else 'was not offered'} something else than {product.name}"

    return Upset(f"{product.name} was counted as 0", prepare=count, notes=(choice,))


def _first_hit(site: Site) -> Product:
    with open_replica(site.store_dir / CATALOGUE_FILE) as replica:
        index = SearchIndex(replica.products(), replica.categories(), replica.synonyms())
        return index.find(site.script_product, site.language)[0].product


def _chose_another(result: outcome.Outcome) -> bool:
    arrived = Screen.ARRIVAL in result.screens
    return arrived and result.contacts == 0 and any(note.startswith("the shopper chose") for note in result.notes)


def _delivered(store: Store) -> str:
    events, visits = (lockstep.rows_in(store, table) for table in (journey_events, sessions))
    waiting = store.screen.kiosk.outbox.waiting
    return f"{events} events of {visits} visits in the backend afterwards, {waiting} still waiting"


def _charging(store: Store) -> str:
    is_charging = store.robot.orders is not None and store.robot.orders.visit is VisitState.CHARGING
    return "the robot charges at its dock" if is_charging else "the robot is not charging"


def _all_delivered(result: outcome.Outcome) -> bool:
    return outcome.goes_on(result) and any(note.endswith(", 0 still waiting") for note in result.notes)


def _charges(result: outcome.Outcome) -> bool:
    led = Screen.GUIDING in result.screens
    return result.contacts == 0 and not led and "the robot charges at its dock" in result.notes


_STRANGER = PeopleSettings(second_shopper=SecondShopper(during=Phase.FOLLOWING.value, after_s=5.0))

# fmt: off
_WORLD = (
    Fault("backend-lost", "the backend is lost for ten minutes from the start of the visit",
          "the visit goes on from the replica; afterwards every event is in the backend",
          _all_delivered,
          _upset(Upset("no answer from the backend for 600 s", backend_lost_s=(LOST_FROM_S, LOST_FROM_S + LOST_FOR_S),
                       runs_until_s=LOST_FROM_S + LOST_FOR_S + 40.0, notes=(_delivered,)))),
    Fault("blocked", "crates stand around the shelf, so that no way leads there",
          "the robot stops, says so and calls a person", outcome.ends_with_person, _blocked),
    Fault("battery-empty", "the battery runs out in the middle of the tour",
          "the robot stands, says so and calls a person", outcome.stands_and_ends_with_person,
          _upset(Upset("the battery fell to 1 percent",
                       Scenario(happenings=(_on_tour(Action.RUN_BATTERY_DOWN, 5.0, 0.01),)),
                       begins=Action.RUN_BATTERY_DOWN.value, is_measured=True))),
    Fault("battery-low", "the battery is low when the shopper comes",
          "no tour is started, the screen says why; the robot charges", _charges,
          _upset(Upset("the battery was at 10 percent",
                       Scenario(happenings=(Happening(do=Action.RUN_BATTERY_DOWN, fraction=0.10),)),
                       runs_until_s=240.0, notes=(_charging,)))),
    Fault("laser-unplugged", "the laser is unplugged for 15 s in the middle of the tour",
          "the robot stands while it is blind, then goes on to the shelf", outcome.stands_and_goes_on,
          _upset(Upset("the laser was silent for 15 s",
                       Scenario(happenings=(_on_tour(Action.UNPLUG_LASER, 5.0), _on_tour(Action.PLUG_LASER, 20.0))),
                       begins=Action.UNPLUG_LASER.value, is_measured=True, ends=Action.PLUG_LASER.value))),
    Fault("laser-gone", "the laser is unplugged for good in the middle of the tour",
          "the robot stands from then on; the visit ends politely", outcome.stands_and_ends_politely,
          _upset(Upset("the laser was silent for good",
                       Scenario(happenings=(_on_tour(Action.UNPLUG_LASER, 5.0),)),
                       begins=Action.UNPLUG_LASER.value, is_measured=True))),
    Fault("stop-pressed", "somebody presses the emergency stop in the middle of the tour",
          "the robot stands until staff release it; the visit ends politely", outcome.stands_and_ends_politely,
          _upset(Upset("the stop was pressed",
                       Scenario(happenings=(_on_tour(Action.PRESS_STOP, 5.0),)),
                       begins=Action.PRESS_STOP.value, is_measured=True))),
    Fault("store-stop", "staff stop all robots from the store for 15 s in the middle of the tour",
          "the robot stands until they release it, then goes on to the shelf", outcome.stands_and_goes_on,
          lambda _site: Upset("the staff stopped all robots", begins=staff.STOPS, ends=staff.RELEASES, is_measured=True,
                              meanwhile=staff.Staff(holds_s=15.0).look)),
    Fault("store-stop-silent", "staff stop all robots from the store, which is lost a second later",
          "the robot stands from then on; the visit ends politely", outcome.stands_and_ends_politely,
          lambda _site: Upset("the staff stopped all robots, then the store was silent", begins=staff.STOPS,
                              is_measured=True, meanwhile=staff.Staff(falls_silent=True).look)),
    Fault("sold-out", "what the shopper wants is sold out",
          "the screen says so and offers what is on the shelf; the robot leads there", _chose_another, _sold_out),
    Fault("walks-away", "the shopper walks away in the middle of the tour",
          "the robot waits, then ends the visit", outcome.ends_without_shelf,
          _upset(Upset("the shopper walked away", people=_customer(walks_away_after_s=8.0),
                       begins=Phase.WALKED_AWAY.value))),
    Fault("comes-back", "the shopper walks away for 20 s and comes back", _GOES_ON, outcome.goes_on,
          _upset(Upset("the shopper was away for 20 s",
                       people=_customer(walks_away_after_s=8.0, stays_away_s=20.0), begins=Phase.WALKED_AWAY.value))),
    Fault("second-shopper", "a second shopper touches the screen during the tour",
          "the tour is not taken over; it goes on to the shelf", outcome.goes_on,
          _upset(Upset("a stranger touched the screen", people=_STRANGER, begins="second shopper touches"))),
)
# fmt: on
