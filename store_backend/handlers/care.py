"""Care: shoppers who want a person, and staff who see to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from aisle.messages import Problem, ProblemCode, staff
from aisle.messages.care import CallPerson, Channel, JourneyEvent, PersonCalled, Stage
from aisle.messages.staff import CallState
from store_backend.assistance import Act, before, is_escalated, next_state
from store_backend.handlers.visits import record_for_visit
from store_backend.unit_of_work import UnitOfWork


def call_person(command: CallPerson, work: UnitOfWork) -> PersonCalled:
    """Queue a request for a human, once for each call key, and say how many wait before."""
    present = work.care.call_of(command.call_key)
    if present is not None:
        waiting = work.care.calls_before(present["asked_unix_s"], present["assistance_id"])
        return PersonCalled(assistance_id=present["assistance_id"], waiting_before=waiting)
    waiting = work.care.calls_waiting()
    state = CallState.WAITING.value
    row = {**msgspec.structs.asdict(command), "asked_unix_s": work.now_unix_s, "state": state}
    return PersonCalled(assistance_id=work.care.add_call(row), waiting_before=waiting)


def show_queue(_command: staff.QueueQuery, work: UnitOfWork) -> staff.Queue:
    """Return the calls that wait or are claimed, in their turn."""
    rows = work.care.open_calls(staff.MOST_CARDS)
    return staff.Queue(calls=tuple(_queued(row, work.now_unix_s) for row in rows))


def claim_call(command: staff.ClaimCall, work: UnitOfWork) -> staff.CallNoted | Problem:
    """Give a waiting call to who asks first; who asks again for an own call hears that it is theirs."""
    if work.care.claim(command.assistance_id, command.staff_id, work.now_unix_s):
        return staff.CallNoted(assistance_id=command.assistance_id, state=CallState.CLAIMED)
    call = work.care.call(command.assistance_id)
    if call is not None and (call["state"], call["staff_id"]) == (CallState.CLAIMED.value, command.staff_id):
        return staff.CallNoted(assistance_id=command.assistance_id, state=CallState.CLAIMED)
    return _not_now(command.assistance_id, Act.CLAIM, call)


def hand_back(command: staff.HandBack, work: UnitOfWork) -> staff.CallNoted | Problem:
    """Give a claimed call's shopper back to the robot."""
    return _end(command, Act.HAND_BACK, "handed_back", work, command.note)


def end_call(command: staff.EndCall, work: UnitOfWork) -> staff.CallNoted | Problem:
    """End a claimed call."""
    return _end(command, Act.END, "helped" if command.helped else "not_helped", work)


def _end(
    command: staff.HandBack | staff.EndCall, act: Act, outcome: str, work: UnitOfWork, note: str = ""
) -> staff.CallNoted | Problem:
    state = next_state(before(act), act)
    assert state is not None
    if work.care.end(command.assistance_id, command.staff_id, state.value, work.now_unix_s, note):
        _record(command.assistance_id, outcome, work)
        return staff.CallNoted(assistance_id=command.assistance_id, state=state)
    return _not_now(command.assistance_id, act, work.care.call(command.assistance_id))


def _record(assistance_id: int, outcome: str, work: UnitOfWork) -> None:
    """Append what became of a call to the visit that it belongs to; its seconds are those until somebody came."""
    call = work.care.call(assistance_id)
    if call is None:
        return
    waited_s = max(0.0, call["claimed_unix_s"] - call["asked_unix_s"])
    event = JourneyEvent(
        event_key=f"call-{assistance_id}-ended", session_id=call["session_id"], stage=Stage.CARE,
        touch_point="assistance", outcome=outcome, seconds=waited_s, channel=Channel.STAFF,
    )  # fmt: skip
    record_for_visit(event, work)


def _not_now(assistance_id: int, act: Act, call: Mapping[str, Any] | None) -> Problem:
    if call is None:
        sentence = f"there is no call {assistance_id}; ask for the queue"
    else:
        by = f" by {call['staff_id']}" if call["staff_id"] else ""
        sentence = f"call {assistance_id} is {call['state']}{by}: you cannot {act.value} it now"
    return Problem(code=ProblemCode.ALREADY, sentence=sentence)


def tell_call(command: staff.CallQuery, work: UnitOfWork) -> staff.CallNoted | Problem:
    """Say where a call stands, so that a robot knows when its shopper is handed back to it."""
    call = work.care.call_of(command.call_key)
    if call is None:
        return Problem(code=ProblemCode.FAILED, sentence=f"there is no call with the key {command.call_key}")
    return staff.CallNoted(assistance_id=call["assistance_id"], state=CallState(call["state"]), note=call["note"])


def _queued(row: Mapping[str, Any], now_unix_s: float) -> staff.QueuedCall:
    told = {name: row[name] for name in staff.QueuedCall.__struct_fields__ if name != "escalated"}
    state = CallState(row["state"])
    escalated = is_escalated(state, row["asked_unix_s"], now_unix_s)
    return staff.QueuedCall(**{**told, "state": state, "escalated": escalated})
