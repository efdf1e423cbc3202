"""People shop, keep apart, belong together, push things, and are the same for the same seed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from aisle.config import ConfigError
from sim.people.companions import Companion
from sim.people.crowd import Disc
from sim.people.curious import Curious
from sim.people.errands import Doing, Errands
from sim.people.figures import Cargo, Figure
from sim.people.population import PERIOD_S
from sim.people.settings import Mix, PeopleSettings, Robots, load_people, people_file
from tests.sim.crowds import live, population_of, smallest_gaps
from tests.sim.rooms import small_shop

SHOP = small_shop()
SOLIDS = shapely.union_all([shapely.Polygon(solid.outline) for solid in SHOP.solids])
HOME = Disc(SHOP.home.x_m, SHOP.home.y_m, 0.25)
PLAIN = PeopleSettings(mix=Mix(staff=0.0, blocker=0.0, robot_follower=0.0, couple=0.0, parent_with_child=0.0))
FAMILIES = PeopleSettings(mix=Mix(staff=0.0, couple=0.6, parent_with_child=0.8, trolley=0.0))


@pytest.mark.parametrize("settings", [PeopleSettings(), FAMILIES], ids=["usual", "families"])
def test_people_never_overlap_fixtures_each_other_or_a_standing_robot(settings: PeopleSettings) -> None:
    gaps = smallest_gaps(live(population_of(SHOP, 7, 3, settings), SHOP, 40.0), SOLIDS, HOME)
    assert min(gaps) > 0.0


def test_shoppers_both_walk_and_stand() -> None:
    discs = live(population_of(SHOP, 6, 4, PLAIN), SHOP, 60.0)
    bodies = discs[:, np.unique(discs[0, :, 3], return_index=True)[1], :2]
    speeds = np.linalg.norm(np.diff(bodies, axis=0), axis=-1) / PERIOD_S
    walking = (speeds > 0.3).mean(axis=0)
    assert (walking > 0.05).all()
    assert (walking < 0.9).all()
    assert 0.6 < speeds.max() <= 1.9


def test_the_same_seed_gives_the_same_people_and_walks_and_another_does_not() -> None:
    first = live(population_of(SHOP, 6, 5), SHOP, 10.0)
    assert live(population_of(SHOP, 6, 5), SHOP, 10.0).tobytes() == first.tobytes()
    assert live(population_of(SHOP, 6, 6), SHOP, 10.0).tobytes() != first.tobytes()


def test_companions_stay_near_their_leader() -> None:
    people = population_of(SHOP, 6, 1, FAMILIES)
    pairs = [
        (before.walker, role.walker) for before, role in zip(people.roles, people.roles[1:], strict=False)
        if isinstance(role, Companion)
    ]  # fmt: skip
    assert pairs
    apart = []
    for step in range(600):
        people.step(step * PERIOD_S, SHOP.home, HOME)
        apart.append([math.dist(leader.centre, other.centre) for leader, other in pairs])
    assert np.median(apart) < 1.5
    assert np.max(apart) < 6.0


def test_the_mix_is_followed() -> None:
    only = Mix(staff=0.0, blocker=0.0, robot_follower=1.0, couple=0.0, parent_with_child=0.0, wheelchair=0.0, pram=0.0)
    people = population_of(SHOP, 5, 1, PeopleSettings(mix=only, robot=Robots(ignoring=1.0)))
    assert all(isinstance(role, Curious) and role.walker.ignores_robot for role in people.roles)
    children = population_of(SHOP, 6, 1, FAMILIES)
    assert {Figure.BOY, Figure.GIRL} & {role.walker.figure for role in children.roles}


def test_who_finds_no_room_for_a_trolley_comes_without() -> None:
    everybody = PeopleSettings(mix=Mix(trolley=1.0, wheelchair=0.0, pram=0.0, staff=0.0))
    narrow = replace(SHOP, spots=tuple(spot for spot in SHOP.spots if 11.0 < spot.x_m < 12.0))
    assert {role.walker.cargo for role in population_of(narrow, 3, 1, everybody).roles} == {Cargo.NONE}
    assert Cargo.TROLLEY in {role.walker.cargo for role in population_of(SHOP, 6, 1, everybody).roles}


def test_too_many_people_are_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match=r"no free place for shopper \d+: ask for fewer"):
        population_of(SHOP, 50, 1, PLAIN)


def test_somebody_who_browses_lets_a_waiting_robot_pass() -> None:
    people = population_of(SHOP, 1, 2, PLAIN)
    role = people.roles[0]
    assert isinstance(role, Errands)
    role.doing, role._until_s = Doing.BROWSING, math.inf
    place = (role.walker.x_m + 0.9, role.walker.y_m)
    live(people, SHOP, 4.0, Disc(*place, 0.25))
    assert role.doing is Doing.WALKING


def test_the_usual_people_stand_in_the_file() -> None:
    assert load_people(people_file()) == PeopleSettings()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("mix: {staff: 1.5}", "mix.staff"),
        ("browsing_s: {least: 9.0, most: 2.0}", r"most \(2.0\) must not be below least \(9.0\)"),
        ("second_shopper: {during: dancing}", "second_shopper.during"),
        ("dwarfs: 7", "dwarfs"),
    ],
)
def test_a_wrong_mix_is_refused_with_its_key(text: str, complaint: str, tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "people.yaml"  # type: ignore[operator]
    path.write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        load_people(path)
