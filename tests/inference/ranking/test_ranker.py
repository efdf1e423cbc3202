"""A ranking learnt from a made-up shop: it beats chance, answers as it must, and says when it cannot be learnt."""

from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.harness.queries import Task, all_queries, own_history
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.ranker import Ranker, TooLittleHistory, learn
from tests.inference.advice.shop import FAST, MONTH, purchases
from tests.inference.harness.worlds import DAY, assortment

PURCHASES = purchases()
QUERIES = all_queries(PURCHASES, assortment(), MONTH, seed=3)


@pytest.fixture(scope="module", params=list(Task), ids=lambda task: task.value)
def ranker(request: pytest.FixtureRequest) -> tuple[Task, Ranker]:
    """Return the ranking of each task in turn, learnt before the month."""
    return request.param, learn(request.param, Past.of(PURCHASES, assortment(), MONTH.start_d), FAST)


def test_no_answer_holds_what_was_given_or_what_the_task_does_not_ask_for(ranker: tuple[Task, Ranker]) -> None:
    task, ranking = ranker
    queries = QUERIES[task]
    for query, row in zip(queries, ranking.rank(queries, 10), strict=True):
        answer = row[row >= 0]
        assert len(np.unique(answer)) == len(answer)
        assert not np.isin(answer, query.given).any()
        if task is Task.NOVEL:
            assert not np.isin(answer, own_history(PURCHASES, query)).any()
        if task is Task.SHELF:
            assert (assortment().category[answer] == query.category).all()


# What is new to a household is drawn by chance in this shop, so there discover has nothing to find.
@pytest.mark.parametrize("ranker", [task for task in Task if task is not Task.NOVEL], indirect=True)
def test_it_finds_more_than_chance_does(ranker: tuple[Task, Ranker]) -> None:
    task, ranking = ranker
    queries = QUERIES[task]
    ranked = ranking.rank(queries, 3)
    found = np.mean([np.isin(row, query.truth).sum() for row, query in zip(ranked, queries, strict=True)])
    pools = [(assortment().category == query.category).sum() if query.category >= 0 else 24 for query in queries]
    chance = np.mean([3 * len(query.truth) / pool for query, pool in zip(queries, pools, strict=True)])
    assert found > 1.15 * chance


def test_no_questions_have_no_answers(ranker: tuple[Task, Ranker]) -> None:
    assert ranker[1].rank([], 10).shape == (0, 10)


def test_progress_names_what_is_done() -> None:
    told: list[str] = []
    learn(
        Task.COMPLETION,
        Past.of(PURCHASES, assortment(), MONTH.start_d),
        FAST,
        lambda what, _share: told.append(what),
    )
    assert told[0] == "looking back at month 1 of 2"
    assert told[-1] == "growing forest 1 of 1"


def test_a_short_history_is_said_to_be_too_short() -> None:
    with pytest.raises(TooLittleHistory, match="less than 50 days"):
        learn(Task.COMPLETION, Past.of(PURCHASES, assortment(), DAY + 20), FAST)
