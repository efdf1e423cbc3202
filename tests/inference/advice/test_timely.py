from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from aisle.messages.advice import Recommended, RecommendRequest
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.timely import TimelyAdviser
from tests.inference.advice.shop import NOW_D, catalogue, kit, numbers

REQUEST = RecommendRequest(given=numbers(0, 3))


class OddAdviser(Adviser):
    """An adviser that does something else first."""

    def __init__(self, first: Callable[[], object]) -> None:
        super().__init__(catalogue(), kit())
        self._first = first

    def recommend(self, request: RecommendRequest, time_d: float) -> Recommended:
        self._first()
        answer = super().recommend(request, time_d)
        assert isinstance(answer, Recommended)
        return answer


def test_an_answer_in_time_is_the_adviser_s_own() -> None:
    assert TimelyAdviser(Adviser(catalogue(), kit()), 30.0).recommend(REQUEST, NOW_D) == Adviser(
        catalogue(), kit()
    ).recommend(REQUEST, NOW_D)


def test_a_slow_ranking_is_not_waited_for_and_not_asked_again_meanwhile() -> None:
    go_on = threading.Event()
    adviser = TimelyAdviser(OddAdviser(lambda: go_on.wait(30.0)), 0.01)
    late, busy = adviser.recommend(REQUEST, NOW_D), adviser.recommend(REQUEST, NOW_D)
    go_on.set()
    assert isinstance(late, Recommended)
    assert isinstance(busy, Recommended)
    assert (late.fallback, late.note) == (True, "the ranking took longer than 0.01 s")
    assert (busy.fallback, busy.note) == (True, "the ranking is still busy with an earlier question")
    assert late.items == busy.items != ()
    adviser.close()


def test_a_ranking_that_fails_is_replaced_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ZeroDivisionError("of a broken table")

    answer = TimelyAdviser(OddAdviser(fail), 30.0).recommend(REQUEST, NOW_D)
    assert isinstance(answer, Recommended)
    assert (answer.fallback, answer.note) == (True, "the ranking failed; the log says why")
    assert "of a broken table" in caplog.text
