from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.evaluation.figures import compared
from aisle_inference.harness.judge import HIT_3, RECALL, figures_of
from tests.inference.evaluation.worlds import asked, lists
from tests.inference.harness.worlds import bought_by, purchases_of

BOUGHT = purchases_of(bought_by(1, 0, [1]))
QUERIES = [asked(BOUGHT, 0, 5, [1, 2]), asked(BOUGHT, 0, 6, [3])]


def test_every_figure_is_taken_query_by_query() -> None:
    figures = figures_of(lists([9, 8, 7, 1], [3]), [query.truth for query in QUERIES])
    assert figures[RECALL].tolist() == [0.5, 1.0]
    assert figures[HIT_3].tolist() == [0.0, 1.0]


def test_the_difference_is_ours_less_theirs() -> None:
    both = compared(lists([1, 2], [3]), lists([], []), lists([1], [3]), QUERIES)[RECALL]
    assert (both.ours.mean, both.popularity.mean, both.strongest.mean) == (1.0, 0.0, 0.75)
    assert both.over_popularity.mean == 1.0
    assert both.over_strongest.mean == pytest.approx(0.25)
    assert not both.over_strongest.is_above_zero


def test_equal_lists_differ_by_nothing() -> None:
    ranked = lists([1, 5], [4])
    both = compared(ranked, ranked, ranked, QUERIES)
    assert all(np.array_equal((one.over_strongest.low, one.over_strongest.high), (0, 0)) for one in both.values())
