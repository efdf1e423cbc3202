from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.messages import ProblemCode, care
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.tables import feedback, journey_events, robots, sessions
from tests.store_backend.steps import NOW_S, answer, opening, refused, rows, status, step


@contextmanager
def fresh_backend(catalogue: CatalogueFile) -> Iterator[Backend]:
    """A backend for one example of a property."""
    engine = open_database("sqlite://")
    yield Backend(engine, catalogue, lambda: NOW_S)
    engine.dispose()


def test_a_session_is_noted_with_the_time_it_was_opened(backend: Backend) -> None:
    assert answer(backend, opening()) == care.SessionOpened(session_id="s1")
    (row,) = rows(backend, sessions)
    assert (row["session_id"], row["robot_id"], row["opened_unix_s"]) == ("s1", "robot-1", NOW_S)


def test_opening_a_session_again_changes_nothing(backend: Backend) -> None:
    answer(backend, opening())
    before = rows(backend, sessions)
    again = care.OpenSession(session_id="s1", robot_id="robot-2", language="de")
    assert answer(backend, again) == care.SessionOpened(session_id="s1")
    assert rows(backend, sessions) == before


def test_an_event_keeps_everything_it_was_sent_with(backend: Backend) -> None:
    answer(backend, opening())
    answer(backend, step("e1", product_id=101, taps=3, seconds=4.5, metres=6.0))
    (row,) = rows(backend, journey_events)
    assert dict(row) == {
        "event_id": 1, "event_key": "e1", "session_id": "s1", "recorded_unix_s": NOW_S, "stage": "selection",
        "touch_point": "search", "outcome": "found", "product_id": 101, "taps": 3, "seconds": 4.5, "metres": 6.0,
        "channel": "kiosk", "happened_unix_s": NOW_S,
    }  # fmt: skip


def test_an_event_of_a_session_that_was_never_opened_is_refused(backend: Backend) -> None:
    code, sentence = refused(backend, step("e1", "nobody"))
    assert code is ProblemCode.UNKNOWN_SESSION
    assert "nobody" in sentence
    assert "open it first" in sentence
    assert rows(backend, journey_events) == []


@settings(max_examples=20)
@given(keys=st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_however_often_events_are_repeated_each_key_is_stored_once(catalogue: CatalogueFile, keys: list[str]) -> None:
    with fresh_backend(catalogue) as backend:
        answer(backend, opening())
        ids = [answer(backend, step(key)).event_id for key in keys]
        stored = rows(backend, journey_events)
    assert sorted(row["event_key"] for row in stored) == sorted(set(keys))
    assert ids == [next(row["event_id"] for row in stored if row["event_key"] == key) for key in keys]


def test_a_second_answer_to_the_one_question_replaces_the_first(backend: Backend) -> None:
    answer(backend, opening())
    first = answer(backend, care.Feedback(session_id="s1", score=3))
    assert answer(backend, care.Feedback(session_id="s1", score=9)) == first
    assert [row["score"] for row in rows(backend, feedback)] == [9]


def test_two_visits_keep_their_own_answers(backend: Backend) -> None:
    for session_id, score in (("s1", 0), ("s2", 10)):
        answer(backend, opening(session_id))
        answer(backend, care.Feedback(session_id=session_id, score=score))
    assert {row["session_id"]: row["score"] for row in rows(backend, feedback)} == {"s1": 0, "s2": 10}


def test_feedback_without_a_session_is_refused(backend: Backend) -> None:
    assert refused(backend, care.Feedback(session_id="nobody", score=5))[0] is ProblemCode.UNKNOWN_SESSION


@settings(max_examples=20)
@given(ages_s=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=8))
def test_in_whatever_order_statuses_come_the_newest_is_known(catalogue: CatalogueFile, ages_s: list[float]) -> None:
    with fresh_backend(catalogue) as backend:
        for age_s in ages_s:
            answer(backend, status(NOW_S - age_s))
        (row,) = rows(backend, robots)
    assert row["sent_unix_s"] == NOW_S - min(ages_s)


def test_a_status_that_was_overtaken_is_dropped(backend: Backend) -> None:
    answer(backend, status(NOW_S, x_m=2.0))
    answer(backend, status(NOW_S - 1.0, x_m=1.0))
    assert [row["x_m"] for row in rows(backend, robots)] == [2.0]


def test_robots_do_not_overwrite_each_other(backend: Backend) -> None:
    answer(backend, status(NOW_S, "robot-1", x_m=1.0))
    answer(backend, status(NOW_S - 9.0, "robot-2", x_m=2.0))
    assert {row["robot_id"]: row["x_m"] for row in rows(backend, robots)} == {"robot-1": 1.0, "robot-2": 2.0}


def test_a_status_from_a_clock_that_ran_ahead_does_not_hide_what_follows(backend: Backend) -> None:
    answer(backend, status(NOW_S + 3600.0, x_m=1.0))
    answer(backend, status(NOW_S, x_m=2.0))
    assert [row["x_m"] for row in rows(backend, robots)] == [2.0]
