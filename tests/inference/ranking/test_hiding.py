"""Hidden products are asked about as new ones: with nothing of their own, and counted as all misses would be."""

from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.harness.queries import Query, Task
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.forest import Examples
from aisle_inference.ranking.hiding import HidingSettings, newcomer_examples, with_newcomers
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.sources import SOURCES
from tests.inference.evaluation.worlds import MONTH, month, shop
from tests.inference.harness.worlds import assortment

LORE = LearntLore(Past.of(shop().purchases, assortment(), MONTH.start_d))
SETTINGS = HidingSettings(parts=3, misses=2, weight=0.5, seed=4)
FEWER = with_newcomers(LORE, SETTINGS)


def examples(queries: list[Query], miss_share: float = 0.25) -> list[Examples]:
    """Return the examples of hidden products in these questions."""
    source = SOURCES[queries[0].task](FEWER)
    return list(newcomer_examples(source, LORE.past, FEWER.is_new, queries, miss_share, SETTINGS))


def test_about_a_part_is_hidden_and_the_seed_decides_which() -> None:
    assert 0 < FEWER.is_new.sum() < 16
    assert np.array_equal(FEWER.is_new, with_newcomers(LORE, SETTINGS).is_new)
    assert not np.array_equal(FEWER.is_new, with_newcomers(LORE, HidingSettings(parts=3, seed=5)).is_new)


def test_known_products_keep_their_figures_beside_hidden_ones() -> None:
    known = ~FEWER.is_new
    assert np.array_equal(FEWER.sales.month[known], LORE.sales.month[known])
    assert np.array_equal(FEWER.tastes.wanted[known], LORE.tastes.wanted[known])


def test_a_kind_sells_what_its_known_products_do() -> None:
    kind, sold = LORE.assortment.kind, np.where(FEWER.is_new, 0, LORE.sales.quarter)
    for product in range(24):
        assert FEWER.sales.kind_quarter[product] == sold[kind == kind[product]].sum()


@pytest.mark.parametrize("task", [Task.NOVEL, Task.COMPLETION, Task.SHELF])
def test_every_hidden_product_that_was_bought_is_an_example(task: Task) -> None:
    queries = list(month().queries[task])[:40]
    hits = sum(int(part.hits.sum()) for part in examples(queries))
    assert hits == sum(int(FEWER.is_new[query.truth].sum()) for query in queries)


def test_the_few_misses_count_as_their_share_of_all() -> None:
    query = next(some for some in month().queries[Task.COMPLETION] if FEWER.is_new[some.truth].any())
    (found,) = examples([query])
    misses = FEWER.is_new.sum() - FEWER.is_new[query.truth].sum() - FEWER.is_new[query.given].sum()
    whole = 0.5 / len(query.truth)
    assert found.weights[found.hits] == pytest.approx(whole)
    assert found.weights[~found.hits].sum() == pytest.approx(whole * 0.25 * misses)
    assert len(found.hits) - found.hits.sum() == min(2, misses)
