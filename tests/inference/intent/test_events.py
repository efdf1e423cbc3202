from __future__ import annotations

import contextlib
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.intent.events import (
    MOST_EVENTS,
    MOST_SESSION_BYTES,
    MOST_TEXT_CHARACTERS,
    EventKind,
    EventProblem,
    Session,
    SessionEvent,
    check_session,
    read_session,
)
from tests.inference.intent.worlds import event, search, session

CATEGORIES = {"milk", "bread"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (event(EventKind.HELP_PRESSED, math.nan), "event 1: at_s is nan"),
        (event(EventKind.HELP_PRESSED, -1.0), "event 1: at_s is -1.0"),
        (event(EventKind.STOOD, category_id="milk", dwell_s=-0.5), "event 1: dwell_s is -0.5"),
        (event(EventKind.STOOD, category_id="milk", dwell_s=1e9), "must be from 0 to 14400"),
        (event(EventKind.STOOD, category_id="milk", dwell_s=math.inf), "dwell_s is inf"),
        (event(EventKind.CATEGORY_OPENED, category_id="moon"), "category_id 'moon' is not in the catalogue"),
        (event(EventKind.CATEGORY_OPENED), "category_id '' is not in the catalogue"),
        (search("a" * (MOST_TEXT_CHARACTERS + 1)), "limit is 200"),
    ],
)
def test_what_cannot_be_is_named(bad: SessionEvent, said: str) -> None:
    with pytest.raises(EventProblem, match=said.replace("(", r"\(")):
        check_session(session(bad), CATEGORIES)


def test_events_out_of_order_are_refused() -> None:
    with pytest.raises(EventProblem, match=r"event 2: at_s is 1\.0, before the event ahead of it \(2\.0\)"):
        check_session(session(search("milk", 2.0), search("milk", 1.0)), CATEGORIES)


def test_as_many_events_as_allowed_pass_and_one_more_does_not() -> None:
    check_session(session(*[search("milk")] * MOST_EVENTS), CATEGORIES)
    with pytest.raises(EventProblem, match=f"{MOST_EVENTS + 1} events, the limit is {MOST_EVENTS}"):
        check_session(session(*[search("milk")] * (MOST_EVENTS + 1)), CATEGORIES)


def test_a_session_comes_back_from_json() -> None:
    made = session(search("milk"), event(EventKind.STOOD, 9.0, category_id="milk", dwell_s=4.0), language="de")
    assert read_session(msgspec.json.encode(made), CATEGORIES) == made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"events": [{"kind": "danced", "at_s": 1}]}',
        b'{"events": [{"kind": "searched", "at_s": NaN}]}',
        b'{"events": [{"kind": "searched", "at_s": 1e999}]}',
        b'{"events": [{"kind": "searched", "at_s": 1, "text": 5}]}',
        b'{"events": [], "household": 7}',
    ],
)
def test_wrong_types_and_unknown_fields_are_refused(content: bytes) -> None:
    with pytest.raises(EventProblem, match="the session cannot be read"):
        read_session(content, CATEGORIES)


def test_bytes_past_the_limit_are_not_even_decoded() -> None:
    with pytest.raises(EventProblem, match="the limit is 500000"):
        read_session(b" " * (MOST_SESSION_BYTES + 1), CATEGORIES)


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_session_or_a_named_problem(content: bytes) -> None:
    with contextlib.suppress(EventProblem):
        assert isinstance(read_session(content, CATEGORIES), Session)
