from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_backend.recommendation import of_counts, recommendation

ANSWERS = st.lists(st.integers(0, 10), min_size=1, max_size=200)


def test_nobody_answered_is_not_zero() -> None:
    assert recommendation([]) is None


def test_nine_and_ten_count_up_and_zero_to_six_count_down() -> None:
    for answer, score in [(0, -1), (6, -1), (7, 0), (8, 0), (9, 1), (10, 1)]:
        given_once = recommendation([answer])
        assert given_once is not None
        assert given_once.score == score


def test_the_interval_is_that_of_the_formula_by_hand() -> None:
    """5 promoters, 3 passives, 2 detractors: 5.75 and 2.75 of 13, so 0.2308 +- 1.96 * sqrt((0.6538 - 0.0533) / 13)."""
    given_ten = of_counts(promoters=5, detractors=2, answers=10)
    assert given_ten is not None
    assert given_ten.n == 10
    assert given_ten.score == pytest.approx(0.3)
    assert given_ten.low == pytest.approx(0.23077 - 0.42127, abs=2e-4)
    assert given_ten.high == pytest.approx(0.23077 + 0.42127, abs=2e-4)


@given(ANSWERS)
def test_the_interval_lies_within_the_scale_and_has_a_width(answers: list[int]) -> None:
    given_all = recommendation(answers)
    assert given_all is not None
    assert -1.0 <= given_all.low < given_all.high <= 1.0


@given(ANSWERS, st.randoms())
def test_the_order_of_answers_does_not_matter(answers: list[int], chance: random.Random) -> None:
    assert recommendation(answers) == recommendation(chance.sample(answers, len(answers)))


def test_about_95_of_100_intervals_hold_the_true_score() -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(2000):
        answers = chance.choices([10, 7, 3], [0.5, 0.3, 0.2], k=40)
        one = recommendation(answers)
        assert one is not None
        held += one.low <= 0.3 <= one.high
    assert 0.935 < held / 2000 < 0.965
