"""What completes a basket: candidates, what is known of them, and what may be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import UNKNOWN, UNKNOWN_CATEGORY, Query, Task
from aisle_inference.ranking.basket_source import BasketSource
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.lore import LearntLore
from tests.inference.baselines.worlds import basket, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# 0 goes with 1, 2 with 5; store 8 alone sells 9.
EARLIER = [bought_by(number, day, [0, 1, 20]) for number in range(6) for day in (1, 8)]
EARLIER += [bought_by(number, day, [2, 5, 20]) for number in range(6, 12) for day in (2, 9)]
EARLIER += [bought_by(number, 12, [9, 20], store=8) for number in range(4)]
LATER = [bought_by(number, 33, [0, 7, 8]) for number in range(6)]
PAST = past_of(purchases_of(*EARLIER))
SOURCE = BasketSource.of(LearntLore(PAST))


def asked(*queries: Query) -> Contexts:
    return Contexts.of(PAST.purchases, queries)


def column(name: str, query: Query) -> dict[int, float]:
    """Return a feature of each candidate of a query."""
    candidates = SOURCE.candidates(asked(query))
    values = SOURCE.features(asked(query), candidates)[:, SOURCE.names.index(name)]
    return dict(zip(candidates.product.tolist(), values.tolist(), strict=True))


def test_what_goes_with_the_basket_is_a_candidate_and_linked_most() -> None:
    together = column("together sum", basket(0))
    assert together[1] > together[20] > together.get(5, 0.0)


def test_the_given_products_are_no_candidates() -> None:
    assert not {0, 20} & column("basket size", basket(0, 20)).keys()


def test_what_this_store_sells_is_a_candidate_even_if_nothing_links_it() -> None:
    assert 9 in column("basket size", basket(0, store=1))


def test_a_shelf_has_all_of_its_category_and_nothing_else() -> None:
    query = basket(0, task=Task.SHELF, category=int(PAST.assortment.category[1]))
    candidates = SOURCE.candidates(asked(query))
    on_shelf = np.flatnonzero(PAST.assortment.category == query.category)
    assert candidates.product.tolist() == on_shelf.tolist()


def test_an_unknown_shelf_is_empty() -> None:
    query = basket(0, task=Task.SHELF, category=UNKNOWN_CATEGORY)
    assert len(SOURCE.candidates(asked(query)).product) == 0


def test_nothing_after_the_day_is_seen() -> None:
    queries = asked(basket(0), basket(2, 5), basket())
    candidates = SOURCE.candidates(queries)
    later = BasketSource.of(LearntLore(past_of(purchases_of(*EARLIER, *LATER))))
    assert np.array_equal(later.candidates(queries).product, candidates.product)
    features, changed = SOURCE.features(queries, candidates), later.features(queries, candidates)
    assert np.allclose(features, changed, equal_nan=True)


@pytest.mark.parametrize(
    "query",
    [
        basket(),
        basket(*range(24)),
        basket(0, store=UNKNOWN),
        replace(basket(0), time_d=1e6),
        replace(basket(0), time_d=-4000.5),
    ],
    ids=["empty", "everything", "unknown store", "far future", "long ago"],
)
def test_any_basket_has_features(query: Query) -> None:
    candidates = SOURCE.candidates(asked(query))
    features = SOURCE.features(asked(query), candidates)
    assert features.shape == (len(candidates.product), len(SOURCE.names))
    assert not np.isinf(features).any()


def test_every_feature_has_one_name() -> None:
    assert len(SOURCE.names) == len(set(SOURCE.names))
    assert SOURCE.features(asked(), SOURCE.candidates(asked())).shape == (0, len(SOURCE.names))
