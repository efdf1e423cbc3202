"""Products that nobody bought yet: what is hidden, what is asked, and how cold and warm are held together."""

from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.evaluation.cold import (
    ColdSettings,
    asked_of_hidden,
    chance_of_hit,
    cold_figures,
    hidden_products,
    pool_of,
    ranked_among,
    ranked_by,
    share_interval,
    without_past,
)
from aisle_inference.harness.queries import UNKNOWN, Task
from tests.inference.evaluation.worlds import MONTH, asked, course, month, rankers, shop
from tests.inference.harness.worlds import assortment

SETTINGS = ColdSettings(share=0.5, seed=3)
HIDDEN = hidden_products(24, SETTINGS)
BOUGHT = shop().purchases


def test_exactly_a_share_is_hidden_and_the_seed_decides_which() -> None:
    assert HIDDEN.sum() == 12
    assert np.array_equal(HIDDEN, hidden_products(24, SETTINGS))
    assert not np.array_equal(HIDDEN, hidden_products(24, ColdSettings(share=0.5, seed=4)))


def test_hidden_products_were_never_bought_before_the_month_and_are_in_it_as_ever() -> None:
    cold = without_past(BOUGHT, HIDDEN, MONTH.start_d)
    before, whole = cold.time_d < MONTH.start_d, BOUGHT.time_d >= MONTH.start_d
    assert not HIDDEN[cold.product[before]].any()
    assert np.array_equal(cold.product[~before], BOUGHT.product[whole])


def test_only_hidden_products_are_asked_for() -> None:
    queries = [asked(BOUGHT, UNKNOWN, 100, [product], [1]) for product in range(2, 24)]
    found = asked_of_hidden(queries, assortment(), HIDDEN, SETTINGS)
    assert {int(query.truth[0]) for query in found} == set(np.flatnonzero(HIDDEN).tolist()) - {0, 1}
    assert len(asked_of_hidden(queries, assortment(), HIDDEN, ColdSettings(most_queries=4))) == 4


def test_a_shelf_with_few_hidden_products_is_not_asked_about() -> None:
    few = np.zeros(24, dtype=np.bool_)
    few[:9] = True
    queries = month().queries[Task.SHELF]
    assert queries
    assert asked_of_hidden(queries, assortment(), few, SETTINGS) == []


def test_what_the_household_knows_and_what_is_given_is_no_answer() -> None:
    everything = np.ones(24, dtype=np.bool_)
    query = asked(BOUGHT, 0, 100, [5])
    owned = BOUGHT.product[: query.events_end]
    assert not np.isin(pool_of(query, BOUGHT, assortment(), everything), owned).any()
    given = pool_of(asked(BOUGHT, UNKNOWN, 100, [5], [7, 8]), BOUGHT, assortment(), everything)
    assert given.tolist() == [product for product in range(24) if product not in (7, 8)]


def test_a_ranking_of_the_pool_holds_the_pool_and_nothing_else() -> None:
    queries = month().queries[Task.COMPLETION][:5]
    pools = [np.array([1, 4, 9], dtype=np.int32)] * len(queries)
    for row in ranked_among(rankers()[Task.COMPLETION], queries, pools):
        assert sorted(row[row >= 0].tolist()) == [1, 4, 9]


def test_pools_are_ranked_by_falling_value() -> None:
    values = np.array([3.0, 1.0, 2.0, 9.0], dtype=np.float32)
    assert ranked_by(values, [np.array([0, 1, 2], dtype=np.int32)])[0, :4].tolist() == [0, 2, 1, -1]


def test_as_good_cold_as_warm_is_a_share_of_one() -> None:
    figures = np.random.default_rng(1).random(50)
    share = share_interval(figures, figures, seed=1, resamples=200)
    assert share is not None
    assert (share.low, share.mean, share.high) == pytest.approx((1.0, 1.0, 1.0))


def test_there_is_no_share_of_nothing() -> None:
    assert share_interval(np.ones(3), np.zeros(3), seed=1) is None


def test_cold_and_warm_stand_beside_each_other_for_each_task() -> None:
    figures = cold_figures(
        month(), rankers(), course(Task.COMPLETION, Task.SHELF), ColdSettings(share=0.2, seed=3), lambda *_: None
    )
    assert [(one.task, one.among) for one in figures[:2]] == [(Task.COMPLETION, "the hidden"), (Task.COMPLETION, "all")]
    alone, full = figures[:2]
    # Five products fit into a list of ten, in whatever order.
    assert alone.chance == alone.by_sales == alone.cold.mean == alone.warm.mean == 1.0
    assert full.chance is None
    assert full.cold.mean < full.warm.mean


def test_what_was_always_on_sale_is_as_good_as_known() -> None:
    settings = ColdSettings(share=0.2, seed=3, days_on_sale=365.0)
    figures = cold_figures(month(), rankers(), course(Task.COMPLETION, Task.SHELF), settings, lambda *_: None)
    assert all(one.cold.mean == one.warm.mean for one in figures)


@pytest.mark.parametrize(("pool", "truth", "chance"), [(4, 1, 0.75), (5, 2, 0.9), (3, 1, 1.0)])
def test_chance_of_a_hit_is_counted_without_putting_back(pool: int, truth: int, chance: float) -> None:
    assert chance_of_hit(pool, truth) == pytest.approx(chance)
