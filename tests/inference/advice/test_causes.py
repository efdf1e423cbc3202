"""Causes named of a ranking whose true causes are known, because it only adds up links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from aisle.messages.advice import Cause
from aisle_inference.advice.causes import NamedCause, causes_of
from aisle_inference.advice.question import OwnEvents, Question
from aisle_inference.advice.ranking import ServedRanking
from aisle_inference.advice.removal import without_given
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.named import Features
from tests.inference.harness.worlds import assortment

PRODUCTS = 24
EVERYTHING = np.ones(PRODUCTS, dtype=np.bool_)


@dataclass(frozen=True)
class Added:
    """A source whose two features are what the basket or the history adds, and how well a product sells."""

    links: Floats
    sales: Floats
    names: tuple[str, ...] = ("added", "sold ever")

    @property
    def assortment(self) -> Assortment:
        return assortment()

    def candidates(self, asked: Contexts) -> Candidates:
        return Candidates.of([np.setdiff1d(np.arange(PRODUCTS), given) for given in asked.given])

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        added = np.zeros((asked.queries, PRODUCTS), dtype=np.float32)
        for query, given in enumerate(asked.given):
            own = asked.product[asked.start[query] : asked.start[query + 1]]
            added[query] = self.links[[*given, *np.unique(own)]].sum(axis=0)
        columns = added[candidates.query, candidates.product], self.sales[candidates.product]
        return np.stack(columns, axis=1).astype(np.float32)


class Sum:
    """Scores by the sum of the features."""

    def best(self, features: Features, limit: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
        scores = features.sum(axis=1)
        return np.argsort(-scores, kind="stable")[:limit], scores


def ranking(links: dict[tuple[int, int], float], sales: dict[int, float] | None = None) -> ServedRanking:
    table, sold = np.zeros((PRODUCTS, PRODUCTS), dtype=np.float32), np.zeros(PRODUCTS, dtype=np.float32)
    for (given, product), strength in links.items():
        table[given, product] = strength
    for product, number in (sales or {}).items():
        sold[product] = number
    return ServedRanking.of(Added(table, sold), Sum())


def basket(*given: int) -> Question:
    return Question(Task.COMPLETION, 0.0, 0, np.array(given, dtype=np.int32))


def shopper(task: Task, *bought: int) -> Question:
    products = np.array(bought, dtype=np.int32)
    own = OwnEvents(products, np.arange(len(bought), 0, -1.0), np.ones(len(bought)))
    return Question(task, 50.5, 0, np.empty(0, dtype=np.int32), own)


def cause_of_first(served: ServedRanking, question: Question) -> NamedCause:
    asked = question.contexts(PRODUCTS)
    top = served.top(asked, EVERYTHING, 20)
    first = int(top.product[0])
    brought: Indices = question.given if len(question.given) else question.own.product
    return causes_of(
        served, question, asked, top, [first], lambda _question, products: [tuple(brought.tolist())] * len(products)
    )[0]


def test_the_one_product_that_pulls_it_up_is_named() -> None:
    served = ranking({(1, 5): 3.0, (2, 5): 0.1, (1, 6): 0.5, (2, 6): 1.0})
    assert cause_of_first(served, basket(1, 2)) == NamedCause(Cause.BASKET, (1,))


def test_two_that_only_together_keep_it_up_are_named_together() -> None:
    served = ranking({(1, 5): 3.0, (2, 5): 3.0, (3, 6): 1.0})
    assert cause_of_first(served, basket(1, 2, 3)) == NamedCause(Cause.BASKET, (1, 2))


def test_where_only_all_together_matter_the_whole_basket_is_named() -> None:
    served = ranking({(given, 5): 3.0 for given in (1, 2, 3, 4)}, {6: 1.0})
    assert cause_of_first(served, basket(1, 2, 3, 4)) == NamedCause(Cause.WHOLE_BASKET)


def test_what_stands_there_by_its_sales_says_so() -> None:
    assert cause_of_first(ranking({(1, 5): 0.1}, {6: 9.0}), basket(1, 2)) == NamedCause(Cause.STORE)


def test_nothing_is_named_when_nothing_by_itself_matters() -> None:
    served = ranking({(1, 5): 9.0, (2, 5): 0.0}, {5: 9.0})
    assert cause_of_first(served, basket(1, 2)) == NamedCause(Cause.NO_SINGLE)


def test_own_purchases_of_a_product_bring_it_back() -> None:
    served = ranking({(4, 4): 2.0, (7, 7): 1.0})
    assert cause_of_first(served, shopper(Task.NEXT_BASKET, 4, 7, 4)) == NamedCause(Cause.OWN)


def test_a_popular_product_that_was_never_bought_is_not_called_bought_before() -> None:
    served = ranking({(4, 4): 2.0}, {9: 5.0})
    assert cause_of_first(served, shopper(Task.NEXT_BASKET, 4)) == NamedCause(Cause.STORE)


def test_something_new_is_explained_by_what_was_bought() -> None:
    served = ranking({(4, 9): 2.0, (7, 8): 1.0})
    assert cause_of_first(served, shopper(Task.NOVEL, 7, 4)) == NamedCause(Cause.TASTE, (4,))


@pytest.mark.parametrize("seed", range(20))
def test_without_a_named_cause_the_product_falls(seed: int) -> None:
    rng = np.random.default_rng(seed)
    links = {(given, product): float(rng.random() ** 3) for given in range(6) for product in range(6, PRODUCTS)}
    sales = {product: float(rng.random()) / 100 for product in range(PRODUCTS)}
    served, question = ranking(links, sales), basket(*range(6))
    asked = question.contexts(PRODUCTS)
    top = served.top(asked, EVERYTHING, 20)
    chosen = top.product[:5].tolist()
    named = causes_of(
        served, question, asked, top, chosen, lambda one, products: [tuple(one.given.tolist())] * len(products)
    )
    for place, (product, cause) in enumerate(zip(chosen, named, strict=True)):
        removed = cause.because or tuple(range(6))
        assert cause.cause in (Cause.BASKET, Cause.WHOLE_BASKET)
        after = served.top(without_given(asked, [removed]), EVERYTHING, PRODUCTS).product.tolist()
        assert after.index(product) > place
