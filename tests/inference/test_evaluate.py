from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.evaluate import hit_rate

BASKETS = sparse.csr_matrix(np.array([[1] * 6 + [0] * 4, [0] * 4 + [1] * 6, [1] * 5 + [0] * 5], dtype=np.float32))


@dataclass
class Fixed:
    """Always answers the same, and notes what it was asked."""

    answer: tuple[int, ...]
    asked: list[list[int]]

    def best(self, given: npt.NDArray[np.int64], limit: int) -> Sequence[int]:
        self.asked.append(sorted(given.tolist()))
        return self.answer[:limit]


def rate(*answer: int, limit: int = 5) -> float:
    return hit_rate(BASKETS, Fixed(answer, []), limit, queries=100, seed=1)


def test_a_ranker_that_names_everything_always_hits_and_one_that_names_nothing_never() -> None:
    assert rate(*range(10), limit=10) == 1.0
    assert rate() == 0.0


def test_only_the_first_few_count() -> None:
    assert rate(*[20, 21, 22, 23, 24], *range(10)) == 0.0


def test_small_baskets_are_left_out_and_half_of_a_basket_is_given() -> None:
    ranker = Fixed((), [])
    hit_rate(BASKETS, ranker, 5, queries=100, seed=1)
    assert sorted(len(asked) for asked in ranker.asked) == [3, 3]


def test_the_same_seed_asks_the_same() -> None:
    first, second, other = Fixed((), []), Fixed((), []), Fixed((), [])
    for ranker, seed in ((first, 1), (second, 1), (other, 2)):
        hit_rate(BASKETS, ranker, 5, queries=100, seed=seed)
    assert first.asked == second.asked != other.asked


def test_no_basket_that_is_large_enough_is_no_hit() -> None:
    assert hit_rate(BASKETS[2:], Fixed((0,), []), 5, queries=10, seed=1) == 0.0
