"""Queries about made-up shops, and a baseline's answers to them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aisle_inference.baselines.baseline import Score, ScoredBaseline
from aisle_inference.harness.queries import ANY_CATEGORY, NOTHING, UNKNOWN, Query, Task
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Purchases
from tests.inference.harness.worlds import SECOND_MONTH, assortment


def past_of(purchases: Purchases) -> Past:
    """Return what may be learnt before the second month."""
    return Past.of(purchases, assortment(), SECOND_MONTH.start_d)


def basket(*given: int, store: int = 0, task: Task = Task.COMPLETION, category: int = ANY_CATEGORY) -> Query:
    """Return a question about a basket in hand."""
    products = np.array(sorted(given), dtype=np.int32)
    return Query(task, UNKNOWN, store, SECOND_MONTH.start_d, 0, products, category, NOTHING)


def household(past: Past, number: int, task: Task = Task.NEXT_BASKET) -> Query:
    """Return a question about a household as it stands when the second month begins."""
    end = past.purchases.events_before(number, SECOND_MONTH.start_d)
    return Query(task, number, 0, SECOND_MONTH.start_d, end, NOTHING, ANY_CATEGORY, NOTHING)


def ranked(past: Past, score: Score, query: Query, limit: int = 24) -> list[int]:
    """Return the products of one answer, best first, without its empty places."""
    row = ScoredBaseline("asked", past, score).rank([query], limit)[0]
    return [int(product) for product in row if product >= 0]


def ease_of(rows: npt.NDArray[np.float64], ridge: float) -> npt.NDArray[np.float64]:
    """Return the matrix B of EASE as the paper writes it."""
    inverse = np.linalg.inv(rows.T @ rows + ridge * np.eye(rows.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights
