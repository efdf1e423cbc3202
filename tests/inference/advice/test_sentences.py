from __future__ import annotations

import pytest

from aisle.messages.advice import Advice, Cause, RecommendRequest
from aisle_inference.advice import sentences


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "You bought this before"), (1, "every day"), (6, "every 6 days"), (7, "every week"), (13, "every 2 weeks"),
     (17, "every 17 days"), (24, "every 3 weeks")],
)  # fmt: skip
def test_a_rhythm_is_said_as_people_say_it(days: int, words: str) -> None:
    assert sentences.reason(Cause.OWN, (), days).endswith(words)


def test_a_name_that_two_labels_share_is_said_once() -> None:
    assert sentences.reason(Cause.BASKET, ("Milk", "Bread", "Milk"), 0) == "Often bought together with Milk and Bread"


def test_every_cause_has_words() -> None:
    assert len({sentences.reason(cause, ("Milk",), 0) for cause in Cause}) == len(Cause)


def test_an_empty_answer_says_what_helps() -> None:
    assert "free of nuts and milk" in sentences.nothing(RecommendRequest(avoid=("nuts", "milk")))
    assert "vegan" in sentences.nothing(RecommendRequest(diets=("vegan",)))
    assert "shelf" in sentences.nothing(RecommendRequest(advice=Advice.HERE, category="x"))
