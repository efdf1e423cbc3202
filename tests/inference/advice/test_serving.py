"""What the robot serves is what was learnt: the same products in the same order."""

from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.advice.question import Question
from aisle_inference.harness.queries import Task, all_queries
from tests.inference.advice.shop import MONTH, kit, purchases, rankers
from tests.inference.harness.worlds import assortment

EVERYTHING = np.ones(24, dtype=np.bool_)


@pytest.mark.parametrize("task", [Task.COMPLETION, Task.SHELF])
def test_baskets_are_ranked_as_in_training(task: Task) -> None:
    queries = all_queries(purchases(), assortment(), MONTH, seed=3)[task][:20]
    learnt = rankers()[task].rank(queries, 5)
    for query, row in zip(queries, learnt, strict=True):
        asked = Question(task, query.time_d, query.store, query.given, category=query.category).contexts(24)
        assert kit().rankings[task].top(asked, EVERYTHING, 5).product.tolist() == row[row >= 0].tolist()


@pytest.mark.parametrize("task", list(Task))
def test_what_is_not_allowed_is_never_ranked(task: Task) -> None:
    query = all_queries(purchases(), assortment(), MONTH, seed=3)[task][0]
    allowed = np.arange(24) % 2 == 0
    asked = Question(task, query.time_d, query.store, query.given, category=query.category).contexts(24)
    top = kit().rankings[task].top(asked, allowed, 24)
    assert (top.product % 2 == 0).all()
    assert (np.diff(top.score) <= 0).all()
