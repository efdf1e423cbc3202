"""A made-up shop of four months and a course that is learnt in a moment."""

from __future__ import annotations

from functools import cache

import numpy as np

from aisle_inference.evaluation.contenders import NoNotebook, ours
from aisle_inference.evaluation.judged import Judged, judged
from aisle_inference.harness.queries import ANY_CATEGORY, NOTHING, UNKNOWN, Month, Query, Task
from aisle_inference.purchases.table import Purchases
from aisle_inference.ranking.forest import ForestSettings
from aisle_inference.ranking.ranker import Ranker, RankerSettings
from aisle_inference.ranking.windows import WindowSettings
from aisle_inference.training.course import Course
from aisle_inference.training.shop import Shop
from tests.inference.harness.worlds import DAY, assortment, bought_by, purchases_of
from tests.inference.purchases.rows import Bought

_FAST = RankerSettings(
    WindowSettings(windows=1, least_before_d=20.0),
    ForestSettings(trees=10, leaves=7, least_in_leaf=5, feature_share=1.0, miss_share=1.0, threads=1),
    seeds=1,
)
END_D = float(np.floor(DAY)) + 120
MONTH = Month(END_D - 30, END_D)


def course(*tasks: Task) -> Course:
    """Return a course of these tasks, or of all."""
    return Course(dict.fromkeys(tasks or tuple(Task), _FAST), is_measured=False)


def trips(households: int) -> list[list[Bought]]:
    """Return trips in which a third of the products is bought by a third of the households, now and then others."""
    rng = np.random.default_rng(7)
    found = []
    for number in range(households):
        own = np.arange(24)[np.arange(24) % 3 == number % 3]
        for day in range(number % 7, 120, 6):
            some = set(rng.choice(own, 7, replace=False).tolist()) | set(rng.integers(24, size=2).tolist())
            found.append(bought_by(number, day, sorted(some)))
    return found


@cache
def shop(households: int = 24) -> Shop:
    """Return a shop with such trips."""
    return Shop(purchases_of(*trips(households)), assortment(), END_D)


@cache
def month() -> Judged:
    """Return the last month of the shop."""
    return judged(shop(), MONTH)


@cache
def rankers() -> dict[Task, Ranker]:
    """Return what is learnt before that month for the tasks of the cold start."""
    return ours(month().shop, course(Task.COMPLETION, Task.SHELF), NoNotebook(), lambda _what, _share: None)


def asked(bought: Purchases, household: int, day: float, truth: list[int], given: list[int] | None = None) -> Query:
    """Return a question `day` days after the first morning, about a household or (-1) a basket."""
    time_d = DAY + day
    return Query(
        Task.COMPLETION if household == UNKNOWN else Task.NEXT_BASKET,
        household,
        0,
        time_d,
        0 if household == UNKNOWN else bought.events_before(household, time_d),
        np.array(given, dtype=np.int32) if given else NOTHING,
        ANY_CATEGORY,
        np.array(truth, dtype=np.int32),
    )


def lists(*rows: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return lists of ten, -1 after their end."""
    return np.array([row + [-1] * (10 - len(row)) for row in rows], dtype=np.int32)
