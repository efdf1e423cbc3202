from __future__ import annotations

from aisle.messages.care import JourneyEvent, Stage
from aisle_inference.intent.events import EventKind
from aisle_inference.intent.journey import session_of_steps


def step(outcome: str, seconds: float, product_id: int | None = None) -> JourneyEvent:
    return JourneyEvent(
        event_key=f"k-{outcome}",
        session_id="s",
        stage=Stage.SELECTION,
        touch_point="search",
        outcome=outcome,
        product_id=product_id,
        seconds=seconds,
    )


def test_steps_of_the_screen_become_events_at_the_time_since_the_visit_began() -> None:
    made = session_of_steps([step("asked_know", 2.0), step("chosen", 3.5, 101), step("tour_refused", 4.0, 101)], "fr")
    assert [(one.kind, one.at_s, one.product_id) for one in made.events] == [
        (EventKind.PRESSED_KNOW, 2.0, None),
        (EventKind.PRODUCT_OPENED, 5.5, 101),
        (EventKind.TOUR_ASKED, 9.5, 101),
    ]
    assert made.language == "fr"


def test_a_step_that_says_nothing_of_the_intent_only_takes_time() -> None:
    made = session_of_steps([step("started", 2.0), step("person_called", 1.0)], "en")
    assert [(one.kind, one.at_s) for one in made.events] == [(EventKind.HELP_PRESSED, 3.0)]
