"""Each cost term by itself, and that it is added for the right plans."""

import numpy as np
import pytest

from aisle.sensing import Person
from aisle_navigation.control.kernels import (
    between_cost,
    closeness_cost,
    contact_cost,
    intrusion_cost,
    pace,
    wall_cost,
)
from aisle_navigation.control.scene import Costs
from tests.navigation.control.scenes import NO_COSTS, crowd, price

STEPS = 10
STAND = np.zeros((STEPS, 2))


def number(value: float) -> np.float32:
    return np.float32(value)


def only(**terms: float) -> Costs:
    """Costs that are nothing but these."""
    return NO_COSTS._replace(**{name: number(value) for name, value in terms.items()})  # type: ignore[arg-type]


def onwards(x_mps: float, y_mps: float) -> np.ndarray:
    return np.tile(np.array([x_mps, y_mps]), (STEPS, 1))


def somebody(x_m: float, y_m: float, vx_mps: float = 0.0, vy_mps: float = 0.0, track_id: int = 1) -> Person:
    return Person(track_id, x_m, y_m, vx_mps, vy_mps, 0.25)


def test_contact_costs_nothing_above_the_margin_and_jumps_below() -> None:
    margin, step, weight = number(0.1), number(0.2), number(10.0)
    assert contact_cost(number(0.11), margin, step, weight) == 0.0
    assert contact_cost(number(0.09), margin, step, weight) == pytest.approx(2.1, rel=1e-3)
    assert contact_cost(number(-0.2), margin, step, weight) == pytest.approx(5.0, rel=1e-3)


def test_closeness_grows_from_its_reach_to_the_surface_and_no_further() -> None:
    costs = [closeness_cost(number(gap), number(0.5), number(8.0)) for gap in (0.6, 0.5, 0.25, 0.0, -0.1)]
    assert costs == pytest.approx([0.0, 0.0, 2.0, 8.0, 8.0])


def test_intrusion_is_only_the_robots_own_coming_nearer_within_personal_space() -> None:
    def cost(gap: float, approach: float) -> float:
        return float(intrusion_cost(number(gap), number(approach), number(0.05), number(0.5), number(10.0)))

    assert cost(0.6, 1.0) == 0.0
    assert cost(0.3, 0.05) == 0.0
    assert cost(0.3, -1.0) == 0.0
    assert cost(0.1, 0.5) > cost(0.3, 0.5) > cost(0.3, 0.2) > 0.0


def test_between_costs_most_on_the_line() -> None:
    assert between_cost(number(0.0), number(0.5), number(4.0)) == pytest.approx(4.0)
    assert between_cost(number(0.25), number(0.5), number(4.0)) == pytest.approx(2.0)
    assert between_cost(number(0.6), number(0.5), number(4.0)) == 0.0


def test_walls_cost_softly_and_below_the_margin_as_contact() -> None:
    def cost(free: float) -> float:
        return float(wall_cost(*map(number, (free, 0.05, 0.25, 1.0, 100.0, 0.2))))

    assert cost(0.4) == 0.0
    assert 0.0 < cost(0.1) < 1.0
    assert cost(0.04) > 20.0


def test_standing_counts_less_than_driving() -> None:
    assert pace(number(0.0), number(0.25)) == pytest.approx(0.25)
    assert pace(number(0.5), number(0.25)) == pytest.approx(1.0)


@pytest.mark.parametrize("terms", [{"contact": 10.0, "contact_margin_m": 0.1}, {"closeness": 4.0}])
def test_somebody_ahead_costs_and_somebody_behind_does_not(terms: dict[str, float]) -> None:
    costs = only(standing_share=1.0, **terms)
    ahead, behind = crowd((somebody(1.2, 0.0),), STEPS), crowd((somebody(-1.6, 0.0),), STEPS)
    assert price(onwards(1.0, 0.0), costs, ahead) > 0.0
    assert price(onwards(1.0, 0.0), costs, behind) == 0.0


def test_somebody_who_walks_away_as_fast_costs_nothing() -> None:
    costs = only(closeness=4.0, standing_share=1.0)
    assert price(onwards(1.0, 0.0), costs, crowd((somebody(1.6, 0.0, 1.0),), STEPS)) == 0.0
    assert price(onwards(1.0, 0.0), costs, crowd((somebody(1.6, 0.0, 0.2),), STEPS)) > 0.0


def test_nobody_is_passed_through_between_two_steps() -> None:
    costs = only(contact=10.0, contact_step_m=0.2, standing_share=1.0)
    oncoming = crowd((somebody(1.0, 0.0, -4.0),), 1, step_s=0.5)
    assert price(np.zeros((1, 2)), costs, oncoming, step_s=0.5) > 0.0


def test_whoever_is_less_sure_is_kept_away_from_farther() -> None:
    costs = only(contact=10.0, contact_step_m=0.2, standing_share=1.0)
    people = crowd((somebody(0.7, 0.0),), STEPS)
    unsure = people._replace(spread_m=np.full_like(people.spread_m, 0.3))
    assert price(STAND, costs, people) == 0.0
    assert price(STAND, costs, unsure) > 0.0


def test_going_between_two_who_belong_together_costs_and_going_round_them_does_not() -> None:
    costs = only(between=10.0)
    pair = (somebody(0.5, 0.7), somebody(0.5, -0.7, track_id=2))
    together = crowd(pair, STEPS, pairs=frozenset({(1, 2)}))
    assert price(onwards(1.0, 0.0), costs, together) > 0.0
    assert price(onwards(-1.0, 0.0), costs, together) == 0.0
    assert price(onwards(1.0, 0.0), costs, crowd(pair, STEPS)) == 0.0


def test_the_served_shopper_may_be_approached_slowly() -> None:
    costs = only(intrusion=10.0)
    stranger, served = crowd((somebody(0.8, 0.0),), STEPS), crowd((somebody(0.8, 0.0),), STEPS, free_mps=0.2)
    assert price(onwards(0.15, 0.0), costs, stranger) > 0.0
    assert price(onwards(0.15, 0.0), costs, served) == 0.0
    assert price(onwards(0.4, 0.0), costs, served) > 0.0


def test_the_way_that_is_left_costs_and_so_does_restlessness() -> None:
    nobody = crowd((), STEPS)
    to_goal = only(goal_end=1.0)
    assert price(onwards(1.0, 0.0), to_goal, nobody, goal=(3.0, 0.0)) == pytest.approx(2.0, abs=1e-4)
    assert price(STAND, to_goal, nobody, goal=(3.0, 0.0)) == pytest.approx(3.0, abs=1e-4)
    restless = onwards(1.0, 0.0) * np.array([[1.0], [0.0]]).repeat(STEPS // 2, axis=1).T.reshape(-1, 1)
    assert price(restless, only(change=1.0), nobody) > price(onwards(1.0, 0.0), only(change=1.0), nobody)
