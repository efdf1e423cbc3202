from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.intent.answer import Answer, answer, event_contributions
from aisle_inference.intent.events import EventKind, EventProblem, Intent, Session, SessionEvent
from aisle_inference.intent.features import event_features
from aisle_inference.intent.vocabulary import fits_of
from tests.catalogue.samples import COOKIES, MILK
from tests.inference.intent.worlds import event, ground, model, search, session


def answered(*events: SessionEvent) -> Answer:
    return answer(session(*events), ground().vocabulary, model())


READS = (
    event(EventKind.PRESSED_KNOW, 1.0),
    search("cookies ingredients", 10.0),
    event(EventKind.PRODUCT_OPENED, 15.0, product_id=COOKIES),
    event(EventKind.DETAILS_READ, 40.0, product_id=COOKIES),
)
GOES = (
    event(EventKind.PRESSED_GO, 1.0),
    event(EventKind.CATEGORY_OPENED, 4.0, category_id="bread"),
    search("where is bread", 8.0),
    event(EventKind.TOUR_ASKED, 10.0),
)
BUYS = (
    event(EventKind.PRESSED_BUY, 1.0),
    search("need milk", 5.0),
    event(EventKind.PRODUCT_OPENED, 15.0, product_id=MILK),
    event(EventKind.SOLD_OUT, 22.0, product_id=MILK),
)
DOES = (
    search("return", 5.0),
    event(EventKind.NOTHING_FOUND, 12.0),
    event(EventKind.HELP_PRESSED, 20.0),
)


@pytest.mark.parametrize(
    ("events", "intent", "category_id"),
    [
        (READS, Intent.KNOW, "cookies"),
        (GOES, Intent.GO, "bread"),
        (BUYS, Intent.BUY, "milk"),
        (DOES, Intent.DO, None),
    ],
)
def test_a_plain_session_is_read(events: tuple[SessionEvent, ...], intent: Intent, category_id: str | None) -> None:
    found = answered(*events)
    assert (found.intent, found.category) == (intent, category_id)
    assert found.probability == max(found.probabilities.values())


def test_no_events_and_events_that_contradict_each_other_are_unknown() -> None:
    assert answered().intent is None
    assert answered().category is None
    pressed = [EventKind.PRESSED_KNOW, EventKind.PRESSED_GO, EventKind.PRESSED_BUY, EventKind.PRESSED_DO]
    assert answered(*map(event, pressed)).intent is None


def test_categories_come_best_first() -> None:
    shares = [share for _, share in answered(*BUYS).categories]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)


def test_causes_are_the_events_that_added_most_and_none_that_speaks_against_it() -> None:
    found = answered(*READS, event(EventKind.PRESSED_GO, 50.0))
    assert found.best is Intent.KNOW
    assert [cause.log_odds for cause in found.causes] == sorted((c.log_odds for c in found.causes), reverse=True)
    assert all(cause.log_odds > 0.0 and cause.kind is READS[cause.event].kind for cause in found.causes)
    assert "know_words" in next(cause.features for cause in found.causes if cause.kind is EventKind.SEARCHED)


@pytest.mark.parametrize("events", [READS, GOES, BUYS, DOES])
def test_what_the_events_added_and_the_bias_are_the_whole_log_odds(events: tuple[SessionEvent, ...]) -> None:
    vocabulary, linear, made = ground().vocabulary, model().linear, session(*events)
    table = event_features(made, fits_of(made, vocabulary), vocabulary)
    _, contributions = linear.score(table.sum(axis=0))
    for column in range(len(Intent)):
        added = event_contributions(table, contributions[:, column])
        assert added == pytest.approx(table * linear.weights[:, column])
        assert added.sum() + linear.bias[column] == pytest.approx(linear.logits(table.sum(axis=0))[column])


def test_without_its_first_cause_an_intent_is_less_likely() -> None:
    found = answered(*BUYS)
    rest = [one for place, one in enumerate(BUYS) if place != found.causes[0].event]
    assert answered(*rest).probabilities[Intent.BUY] < found.probability


def test_the_same_session_gets_the_same_answer_after_others() -> None:
    before = answered(*READS)
    for events in (GOES, BUYS, DOES):
        answered(*events)
    assert answered(*READS) == before


EVENTS = st.builds(
    SessionEvent,
    kind=st.sampled_from(EventKind),
    at_s=st.sampled_from([0.0, 1.0, 90.0, -1.0, math.nan, math.inf, 1e300]) | st.floats(0.0, 100.0),
    text=st.text(max_size=250),
    category_id=st.sampled_from(["", "milk", "moon"]),
    product_id=st.none() | st.just(MILK) | st.integers(),
    dwell_s=st.sampled_from([0.0, 5.0, 3600.0, -0.0, math.nan, -3.0]),
)


@settings(max_examples=150, deadline=None)
@given(events=st.lists(EVENTS, max_size=8), language=st.text(max_size=4))
def test_hostile_events_get_an_answer_or_a_named_problem(events: list[SessionEvent], language: str) -> None:
    made = Session(events=tuple(events), language=language)
    with contextlib.suppress(EventProblem):
        found = answer(made, ground().vocabulary, model())
        assert sum(found.probabilities.values()) == pytest.approx(1.0)
        assert all(np.isfinite(share) for _, share in found.categories)
