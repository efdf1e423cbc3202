from __future__ import annotations

from aisle.messages.care import PersonCalled
from aisle.messages.staff import ClaimCall, EndCall
from store_backend import upkeep
from store_backend.backend import Backend
from store_backend.tables import assistance
from tests.store_backend.steps import NOW_S, answer, call, rows


def test_a_call_is_queued_with_its_story(backend: Backend) -> None:
    assert answer(backend, call("c1", "s1")) == PersonCalled(assistance_id=1, waiting_before=0)
    (row,) = rows(backend, assistance)
    assert (row["story"], row["screen"], row["state"]) == ("Looks for milk", "home", "waiting")
    assert row["asked_unix_s"] == NOW_S


def test_a_call_before_any_visit_is_taken_too(backend: Backend) -> None:
    assert answer(backend, call("c1", "")).waiting_before == 0


def test_each_call_learns_how_many_wait_before_it(backend: Backend) -> None:
    assert [answer(backend, call(key)).waiting_before for key in ("c1", "c2", "c3")] == [0, 1, 2]


def test_a_repeated_call_keeps_its_place_and_is_queued_once(backend: Backend) -> None:
    first = [answer(backend, call(key)) for key in ("c1", "c2", "c3")]
    assert answer(backend, call("c2")) == first[1]
    assert len(rows(backend, assistance)) == 3


def test_who_was_served_waits_no_more(backend: Backend) -> None:
    for key in ("c1", "c2"):
        answer(backend, call(key))
    answer(backend, ClaimCall(assistance_id=1, staff_id="7"))
    answer(backend, EndCall(assistance_id=1, staff_id="7"))
    assert answer(backend, call("c2")).waiting_before == 0
    assert answer(backend, call("c3")).waiting_before == 1


def test_stories_are_forgotten_after_a_month_and_calls_stay_counted(backend: Backend) -> None:
    answer(backend, call("c1"))
    assert upkeep.sweep(backend.engine, NOW_S + upkeep.STORIES_KEPT_S - 1.0) == 0
    assert upkeep.sweep(backend.engine, NOW_S + upkeep.STORIES_KEPT_S + 1.0) == 1
    (row,) = rows(backend, assistance)
    assert (row["story"], row["call_key"]) == ("", "c1")
