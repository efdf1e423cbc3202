from __future__ import annotations

import pytest

from aisle.messages.care import Channel, Stage
from aisle.messages.staff import Rule
from store_backend.alerts import alerts_of_steps, is_angry, is_low, story
from store_backend.journey import Step


def steps(*outcomes: str) -> list[Step]:
    return [
        Step(100.0 + number, Stage.SELECTION, "search", Channel.KIOSK, outcome)
        for number, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize(("outcomes", "rules"), [
    ((), []),
    (("started", "chosen", "tour_started", "found"), []),
    (("nothing_found",), []),
    (("nothing_found", "chosen", "nothing_found"), [Rule.TWO_EMPTY_SEARCHES]),
    (("tour_started", "tour_cancelled"), [Rule.ABANDONED_TOUR]),
    (("tour_started", "tour_lost"), [Rule.ABANDONED_TOUR]),
    (("back", "back"), []),
    (("chosen", "back", "chosen", "back", "chosen", "back"), [Rule.REPEATED_BACK]),
    (("back", "chosen", "asked_similar", "back", "back"), []),
])  # fmt: skip
def test_a_visit_raises_what_its_steps_have_met(outcomes: tuple[str, ...], rules: list[Rule]) -> None:
    assert alerts_of_steps(steps(*outcomes)) == rules


def test_a_detractor_is_a_reason_to_look_after_the_visit() -> None:
    assert [score for score in range(11) if is_low(score)] == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("text", [
    "This is ridiculous, I will never come again", "Das ist eine Frechheit", "Ich bin wütend",
    "Es inaceptable", "C'est inadmissible", "WHERE IS MY MONEY GIVE IT BACK NOW", "Again nothing there!! !",
])  # fmt: skip
def test_an_angry_text_is_noticed_in_each_language(text: str) -> None:
    assert is_angry(text)


@pytest.mark.parametrize("text", [
    "Where is the oat milk?", "I am not angry, only surprised", "Ich bin nicht wütend", "DVD", "Great robot! Thanks!",
    "Merci beaucoup", "No estoy enfadado",
])  # fmt: skip
def test_a_calm_text_is_left_alone(text: str) -> None:
    assert not is_angry(text)


def test_the_story_tells_what_happened_when_and_says_what_it_left_out() -> None:
    told = story(steps("started", "nothing_found"))
    assert told == "0 s: started (selection, search, kiosk). 1 s: nothing found (selection, search, kiosk)."
    assert story([]) == ""
    long = story(steps(*["chosen"] * 50))
    assert long.startswith("30 earlier steps. ")
    assert len(long) < 2000
