"""Roles: each state answers each event as its table says, and the person does what the state is about."""

from __future__ import annotations

import itertools
import math
from enum import Enum

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, ScreenState
from sim.people import companions, curious, customer, errands, second_shopper
from sim.people.crowd import Disc, Walker
from sim.people.curious import BLOCKER, FOLLOWER, Curious, Whim
from sim.people.customer import Customer, Phase
from sim.people.destinations import Destinations
from sim.people.errands import Errands, Manner
from sim.people.population import PERIOD_S, Population
from sim.people.roles import Patience, next_state
from sim.people.second_shopper import SecondShopper, Step
from sim.people.settings import CustomerScript, Range, Robots
from sim.people.settings import SecondShopper as SecondSettings
from tests.sim.crowds import area_of, view
from tests.sim.rooms import empty_room, small_shop

SHOP, ROOM = small_shop(), empty_room(12.0, 12.0)
QUICK = Robots(
    blocker_rests_s=Range(least=0.5, most=1.0), follower_rests_s=Range(least=0.5, most=1.0),
    blocker_stands_s=Range(least=2.0, most=3.0), follower_follows_s=Range(least=3.0, most=4.0),
)  # fmt: skip

Table = dict[tuple[Enum, Enum], Enum]
TABLES: list[tuple[Table, type[Enum], type[Enum]]] = [
    (errands.TRANSITIONS, errands.Doing, errands.Event),  # type: ignore[list-item]
    (companions.TRANSITIONS, companions.Tie, companions.Event),  # type: ignore[list-item]
    (curious.BLOCKER, curious.Whim, curious.Event),  # type: ignore[list-item]
    (curious.FOLLOWER, curious.Whim, curious.Event),  # type: ignore[list-item]
    (second_shopper.TRANSITIONS, second_shopper.Step, second_shopper.Event),  # type: ignore[list-item]
    (customer.TRANSITIONS, customer.Phase, customer.Event),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("table", "states", "events"), TABLES)
def test_every_state_answers_every_event(table: Table, states: type[Enum], events: type[Enum]) -> None:
    for state, event in itertools.product(states, events):
        assert next_state(table, state, event) is table.get((state, event), state)
    # Nobody is caught: from every state that can be reached there is a way on, but for those who are gone.
    left = {state for state, _ in table}
    assert {following.value for following in table.values() if following not in left} <= {"gone"}


def in_room(role: Curious | Customer | SecondShopper, *others: object) -> Population:
    return Population([], [role, *others], area_of(ROOM), ROOM.floor)  # type: ignore[list-item]


def curious_person(table: curious.Table, x_m: float, y_m: float) -> Curious:
    walker = Walker(1, x_m, y_m, 0.25, 1.2)
    destinations = Destinations(SHOP.spots, (), SHOP.floor)
    span = Range(least=1.0, most=2.0)
    rng = np.random.default_rng(1)
    errand = Errands(walker, Manner(lambda _rng: [], span, span, 1.5), destinations, ROOM.floor, rng)
    errand._stops = []
    errand._manner = Manner(destinations.shopping_list, span, span, 1.5)
    return Curious(errand, table, QUICK, math.pi, ROOM.floor, rng)


def whims_of(person: Curious, robot: Pose2, seconds: float) -> tuple[list[Whim], list[float]]:
    """Return the whims in their order, and the smallest bearing seen from the robot in each blocking step."""
    people, whims, bearings = in_room(person), [person.whim], []
    for step in range(round(seconds / PERIOD_S)):
        people.step(step * PERIOD_S, robot, Disc(robot.x_m, robot.y_m, 0.25))
        if person.whim is not whims[-1]:
            whims.append(person.whim)
        if person.whim is Whim.BLOCKING:
            bearings.append(abs(robot.bearing_to(person.walker.x_m, person.walker.y_m)))
    return whims, bearings


def test_a_blocker_stands_right_before_the_robot_for_a_while_and_goes_on() -> None:
    whims, bearings = whims_of(curious_person(BLOCKER, 3.0, 3.0), Pose2(6.0, 6.0, 0.5), 14.0)
    assert whims[:4] == [Whim.SHOPPING, Whim.GOING_BEFORE, Whim.BLOCKING, Whim.SHOPPING]
    assert np.median(bearings) < math.radians(20)


def test_a_follower_follows_stops_turns_off_comes_back_asks_and_leaves() -> None:
    whims, _ = whims_of(curious_person(FOLLOWER, 4.0, 5.0), Pose2(6.0, 6.0, 0.0), 45.0)
    assert whims[:7] == [
        Whim.SHOPPING, Whim.FOLLOWING, Whim.STOPPED, Whim.TURNED_OFF, Whim.RETURNING, Whim.ASKING, Whim.SHOPPING,
    ]  # fmt: skip


def shopper_at(x_m: float, y_m: float, script: CustomerScript) -> Customer:
    return Customer(Walker(0, x_m, y_m, 0.22, 1.2), (1.0, 1.0), 0.25, math.pi, ROOM.floor, script)


def guided(person: Customer, seconds: float) -> list[tuple[float, Phase]]:
    """Lead somebody by a robot that drives slowly ahead; return when each phase began."""
    person.observe(ScreenState(screen=Screen.GUIDING, session_id="visit", idle_s=0.0))
    people, phases = in_room(person), []
    for step in range(round(seconds / PERIOD_S)):
        now_s = step * PERIOD_S
        robot = Pose2(4.0 + min(0.25 * now_s, 5.0), 6.0, 0.0)
        people.step(now_s, robot, Disc(robot.x_m, robot.y_m, 0.25, 0.25))
        if not phases or person.phase is not phases[-1][1]:
            phases.append((now_s, person.phase))
    return phases


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (CustomerScript(), [Phase.FOLLOWING]),
        (CustomerScript(walks_away_after_s=3.0), [Phase.FOLLOWING, Phase.WALKED_AWAY, Phase.GONE]),
        (
            CustomerScript(walks_away_after_s=3.0, stays_away_s=2.0),
            [Phase.FOLLOWING, Phase.WALKED_AWAY, Phase.RETURNING, Phase.FOLLOWING],
        ),
        (
            CustomerScript(stops_after_s=2.0, stops_for_s=3.0),
            [Phase.FOLLOWING, Phase.PAUSING, Phase.RETURNING, Phase.FOLLOWING],
        ),
    ],
)
def test_the_customer_keeps_to_the_script(script: CustomerScript, expected: list[Phase]) -> None:
    phases = guided(shopper_at(3.0, 6.0, script), 16.0)
    assert [phase for _, phase in phases] == expected


def test_the_script_counts_from_the_start_of_the_tour() -> None:
    phases = guided(shopper_at(3.0, 6.0, CustomerScript(walks_away_after_s=3.0)), 5.0)
    assert phases[1] == (pytest.approx(3.0, abs=0.06), Phase.WALKED_AWAY)


def test_a_slow_customer_falls_behind() -> None:
    usual, slow = shopper_at(3.0, 6.0, CustomerScript()), shopper_at(3.0, 6.0, CustomerScript(pace_factor=0.1))
    guided(usual, 10.0)
    guided(slow, 10.0)
    assert slow.walker.x_m < usual.walker.x_m - 0.5


def test_a_second_shopper_comes_beside_the_first_touches_and_goes() -> None:
    first = shopper_at(2.0, 6.0, CustomerScript())
    walker = Walker(999, 1.5, 8.0, 0.22, 1.2)
    second = SecondShopper(walker, first, SecondSettings(after_s=1.0, touches=2), 0.25, math.pi, ROOM.floor)
    people, steps, touched_at = in_room(second, first), [second.step], []
    for step in range(round(25.0 / PERIOD_S)):
        people.step(step * PERIOD_S, Pose2(5.0, 6.0, 0.0), Disc(5.0, 6.0, 0.25))
        if second.step is not steps[-1]:
            steps.append(second.step)
        if second.takes_a_touch(step * PERIOD_S):
            touched_at.append(math.hypot(walker.x_m - 5.0, walker.y_m - 6.0))
    assert steps == list(Step)
    assert second.touched == len(touched_at) == 2
    assert max(touched_at) < 1.3
    assert math.hypot(walker.x_m - 1.5, walker.y_m - 8.0) < 0.3


def test_baskets_are_walked_in_the_order_of_the_planogram_or_backwards_and_end_at_a_till() -> None:
    basket = SHOP.spots[2:9:2]
    destinations = Destinations(SHOP.spots, (basket, ()), SHOP.floor)
    lists = [destinations.shopping_list(np.random.default_rng(seed)) for seed in range(12)]
    assert all(stops[-1].is_till for stops in lists)
    assert {tuple(stops[:-1]) for stops in lists} == {tuple(basket), tuple(reversed(basket))}


def test_a_place_is_free_again_when_its_person_goes_elsewhere() -> None:
    destinations = Destinations(SHOP.spots, (), SHOP.floor)
    here, there = SHOP.spots[0], SHOP.spots[20]
    destinations.claim(here, 1)
    assert destinations.is_free(here, 1)
    assert not destinations.is_free(here, 2)
    destinations.claim(there, 1)
    assert destinations.is_free(here, 2)


def test_patience_ends_only_when_it_went_on_all_the_time() -> None:
    patience = Patience(2.0)
    assert [patience.is_over(True, now_s) for now_s in (0.0, 1.9, 2.0)] == [False, False, True]
    assert not patience.is_over(False, 2.1)
    assert not patience.is_over(True, 2.2)
    assert not patience.is_over(True, 4.1)
    assert patience.is_over(True, 4.2)


def test_nobody_thinks_about_a_robot_they_cannot_see() -> None:
    person = curious_person(FOLLOWER, 1.0, 1.0)
    for tick in range(40):
        person.think(view(0.25 * tick, Pose2(90.0, 90.0, 0.0)))
    assert person.whim is Whim.SHOPPING
