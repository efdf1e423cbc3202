"""The queue of calls: one winner, times alone decide, and what the shopper is like never enters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode, journey
from aisle.messages.care import CallPerson
from aisle.messages.staff import CallNoted, CallQuery, CallState, ClaimCall, EndCall, HandBack, QueueQuery
from store_backend.assistance import ESCALATE_AFTER_S, Act, is_escalated, next_state, place, times_to_human
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.tables import assistance, journey_events
from tests.store_backend.steps import NOW_S, answer, call, opening, refused, rows

WAITING, CLAIMED, BACK, DONE = CallState
CLAIM, RETURN, END = (
    ClaimCall(assistance_id=1, staff_id="7"),
    HandBack(assistance_id=1, staff_id="7"),
    EndCall(assistance_id=1, staff_id="7"),
)


def at(backend: Backend, now_s: float) -> Backend:
    return replace(backend, clock=lambda: now_s)


def test_only_a_waiting_call_is_claimed_and_only_a_claimed_one_ends() -> None:
    allowed = {(WAITING, Act.CLAIM): CLAIMED, (CLAIMED, Act.HAND_BACK): BACK, (CLAIMED, Act.END): DONE}
    for state, act in product(CallState, Act):
        assert next_state(state, act) is allowed.get((state, act))


@given(st.lists(st.floats(0.0, 1000.0), min_size=1, max_size=50))
def test_times_to_a_human_lie_between_the_shortest_and_the_longest_wait(waits_s: list[float]) -> None:
    times = times_to_human(waits_s)
    assert times is not None
    assert min(waits_s) <= times.median_s <= times.p90_s <= max(waits_s)
    assert times.in_time == sum(one <= ESCALATE_AFTER_S for one in waits_s)


def test_a_call_is_escalated_after_thirty_seconds_unless_somebody_has_it() -> None:
    assert not is_escalated(WAITING, 0.0, 29.9)
    assert is_escalated(WAITING, 0.0, 30.0)
    assert not any(is_escalated(state, 0.0, 1e6) for state in (CLAIMED, BACK, DONE))


SHOPPERS = st.builds(
    CallPerson,
    call_key=st.uuids().map(str),
    session_id=st.sampled_from(["", "s1", "loyal-1", "zz"]),
    robot_id=st.sampled_from(["robot-1", "robot-2"]),
    screen=st.sampled_from(["home", "arrival", "product"]),
    story=st.text("abc €", max_size=20),
)


@settings(max_examples=25)
@given(
    shoppers=st.lists(SHOPPERS, min_size=1, max_size=8, unique_by=lambda one: one.call_key),
    times_s=st.lists(st.integers(0, 50), min_size=8, max_size=8),
)
def test_the_queue_is_ordered_by_time_alone_whoever_the_shoppers_are(
    catalogue: CatalogueFile, shoppers: list[CallPerson], times_s: list[int]
) -> None:
    backend = Backend(open_database("sqlite://"), catalogue, lambda: NOW_S)
    for shopper, time_s in zip(shoppers, times_s, strict=False):
        answer(at(backend, NOW_S + time_s), shopper)
    calls = answer(backend, QueueQuery()).calls
    waiting = [answer(backend, shopper).waiting_before for shopper in shoppers]
    backend.engine.dispose()
    expected = sorted(range(len(shoppers)), key=lambda number: place(times_s[number], number))
    assert [one.assistance_id - 1 for one in calls] == expected
    assert [expected.index(number) for number in range(len(shoppers))] == waiting


def test_who_claims_first_gets_the_call_and_the_other_hears_who(backend: Backend) -> None:
    answer(backend, call("c1"))
    assert answer(backend, CLAIM) == CallNoted(assistance_id=1, state=CLAIMED)
    assert answer(backend, CLAIM) == CallNoted(assistance_id=1, state=CLAIMED)
    code, sentence = refused(backend, ClaimCall(assistance_id=1, staff_id="8"))
    assert (code, sentence) == (ProblemCode.ALREADY, "call 1 is claimed by 7: you cannot claim it now")
    assert [one.staff_id for one in answer(backend, QueueQuery()).calls] == ["7"]


def test_of_many_who_claim_at_once_one_wins(database_url: str, catalogue: CatalogueFile, backend: Backend) -> None:
    """Each has an engine of its own, as in a process of its own."""
    for number in range(5):
        answer(backend, call(f"c{number}"))
    others = [Backend(open_database(database_url), catalogue, lambda: NOW_S) for _ in range(4)]

    def claim_all(number: int) -> list[Any]:
        return [
            answer(others[number], ClaimCall(assistance_id=assistance_id, staff_id=str(number)))
            for assistance_id in range(1, 6)
        ]

    with ThreadPoolExecutor(len(others)) as pool:
        answers = list(pool.map(claim_all, range(len(others))))
    for other in others:
        other.engine.dispose()
    for place_in_list, row in enumerate(rows(backend, assistance)):
        winners = [number for number, got in enumerate(answers) if isinstance(got[place_in_list], CallNoted)]
        assert [str(number) for number in winners] == [row["staff_id"]]
    assert all(one.code is ProblemCode.ALREADY for got in answers for one in got if isinstance(one, Problem))


@pytest.mark.parametrize(("ending", "state", "outcome"), [
    (RETURN, BACK, "handed_back"), (END, DONE, "helped"),
    (EndCall(assistance_id=1, staff_id="7", helped=False), DONE, "not_helped"),
])  # fmt: skip
def test_a_call_ends_by_whom_it_was_claimed_and_is_a_step_of_the_visit(
    backend: Backend, ending: Any, state: CallState, outcome: str
) -> None:
    answer(backend, opening())
    answer(backend, call("c1", "s1"))
    assert refused(backend, ending)[0] is ProblemCode.ALREADY
    answer(at(backend, NOW_S + 12.0), CLAIM)
    assert answer(backend, CallQuery(call_key="c1"), "gateway").state is CLAIMED
    assert "claimed by 7" in refused(backend, type(ending)(assistance_id=1, staff_id="8"))[1]
    assert answer(at(backend, NOW_S + 60.0), ending) == CallNoted(assistance_id=1, state=state)
    assert answer(backend, CallQuery(call_key="c1"), "kiosk_ui").state is state
    assert answer(backend, QueueQuery()).calls == ()
    (event,) = rows(backend, journey_events)
    assert (event["outcome"], event["channel"], event["seconds"]) == (outcome, "staff", 12.0)


def test_a_call_that_nobody_made_cannot_be_claimed(backend: Backend) -> None:
    assert "there is no call 1" in refused(backend, CLAIM)[1]
    assert "there is no call" in refused(backend, CallQuery(call_key="x"))[1]


def test_the_time_to_a_human_is_a_figure_of_the_report(backend: Backend) -> None:
    for number, wait_s in enumerate([5.0, 10.0, 60.0], 1):
        answer(backend, call(f"c{number}"))
        answer(at(backend, NOW_S + wait_s), ClaimCall(assistance_id=number, staff_id="7"))
    period = journey.Period(since_unix_s=NOW_S - 1.0, until_unix_s=NOW_S + 1.0)
    figures = {one.name: one for one in answer(backend, journey.ReportQuery(period=period)).care}
    assert figures["time to a human, median"].value == pytest.approx(10.0)
    assert figures["time to a human, 90th percentile"].value == pytest.approx(60.0)
    assert figures["claimed within 30 s"].value == pytest.approx(2 / 3)
    assert {one.n for one in figures.values()} == {3}


def test_the_note_of_who_hands_back_reaches_the_screen(backend: Backend) -> None:
    answer(backend, call("c1"))
    answer(backend, CLAIM)
    answer(backend, HandBack(assistance_id=1, staff_id="7", note="The oat milk is in aisle 5."))
    told = answer(backend, CallQuery(call_key="c1"), "kiosk_ui")
    assert told == CallNoted(assistance_id=1, state=BACK, note="The oat milk is in aisle 5.")


def test_a_note_holds_no_card_number() -> None:
    with pytest.raises(ValueError, match="card number"):
        HandBack(assistance_id=1, staff_id="7", note="paid with 4111 1111 1111 1111")
