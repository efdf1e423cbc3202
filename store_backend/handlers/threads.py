"""Complaints: one thread across channels, joined by the same verified contact or by staff, never by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisle.messages import Problem, ProblemCode, complaints
from aisle.messages.care import Channel
from aisle.messages.complaints import ComplaintState
from store_backend.alerts import is_angry
from store_backend.complaints import verified_address
from store_backend.handlers.alerts import raise_for_complaint
from store_backend.unit_of_work import UnitOfWork

_TEXT, _CONTACT = "complaint text", "complaint contact"


def take(command: complaints.TakeComplaint, work: UnitOfWork) -> complaints.ComplaintTaken:
    """Keep a message once for its key, in the open thread of its verified contact or in a new one."""
    present = work.complaints.complaint_with(command.message_key)
    if present is not None:
        return complaints.ComplaintTaken(complaint_id=present)
    complaint_id, owner = _thread_for(command, work)
    work.complaints.add_message(_row_of(command, complaint_id, owner, work))
    if is_angry(command.text):
        raise_for_complaint(complaint_id, command.channel.value, work)
    return complaints.ComplaintTaken(complaint_id=complaint_id)


def _thread_for(command: complaints.TakeComplaint, work: UnitOfWork) -> tuple[int, str]:
    """Return the complaint that a message belongs to, and under which owner its words are sealed."""
    address = verified_address(command.contact)
    mark = None
    owner = f"contact-{command.message_key}"[:64]
    if address is not None and command.contact is not None:
        mark = work.safe.mark(command.contact.kind.value, address)
        work.complaints.hold_contact(mark)
        owner = work.complaints.owner_of_contact(mark) or owner
        newest = work.complaints.newest_of_contact(mark)
        if newest is not None and newest["state"] == ComplaintState.OPEN.value:
            return newest["complaint_id"], owner
    row = {"owner": owner, "contact_mark": mark, "state": ComplaintState.OPEN.value, "opened_unix_s": work.now_unix_s}
    return work.complaints.add(row), owner


def _row_of(command: complaints.TakeComplaint, complaint_id: int, owner: str, work: UnitOfWork) -> dict[str, object]:
    contact = command.contact
    told_unix_s = command.happened_unix_s
    return {
        "message_key": command.message_key,
        "complaint_id": complaint_id,
        "owner": owner,
        "channel": command.channel.value,
        "sealed_text": work.safe.seal(owner, _TEXT, command.text),
        "sealed_contact": work.safe.seal(owner, _CONTACT, contact.address) if contact else None,
        "contact_is_verified": contact is not None and contact.is_verified,
        # A letter may be older than any outbox; only a time to come cannot be right.
        "happened_unix_s": work.now_unix_s if told_unix_s is None else min(told_unix_s, work.now_unix_s),
    }


def show_all(command: complaints.ComplaintsQuery, work: UnitOfWork) -> complaints.Complaints:
    """Return complaints, newest first."""
    rows = work.complaints.listed(complaints.MOST_LISTED, only_open=not command.also_solved)
    return complaints.Complaints(complaints=tuple(_listed(row) for row in rows))


def _listed(row: Mapping[str, Any]) -> complaints.ListedComplaint:
    told = {name: row[name] for name in complaints.ListedComplaint.__struct_fields__}
    return complaints.ListedComplaint(**{**told, "state": ComplaintState(row["state"])})


def show_thread(command: complaints.ThreadQuery, work: UnitOfWork) -> complaints.Thread | Problem:
    """Return a complaint with messages of all its channels."""
    complaint = work.complaints.complaint(command.complaint_id)
    if complaint is None:
        return _unknown(command.complaint_id)
    rows = work.complaints.messages(command.complaint_id, command.first, complaints.MOST_MESSAGES)
    return complaints.Thread(
        complaint_id=command.complaint_id,
        state=ComplaintState(complaint["state"]),
        message_count=work.complaints.count_messages(command.complaint_id),
        messages=tuple(_read(row, work) for row in rows),
    )


def _read(row: Mapping[str, Any], work: UnitOfWork) -> complaints.ThreadMessage:
    owner, contact = row["owner"], row["sealed_contact"]
    return complaints.ThreadMessage(
        channel=Channel(row["channel"]),
        happened_unix_s=row["happened_unix_s"],
        text=work.safe.unseal(owner, _TEXT, bytes(row["sealed_text"])),
        contact=work.safe.unseal(owner, _CONTACT, bytes(contact)) if contact is not None else None,
        contact_is_verified=row["contact_is_verified"],
    )


def join(command: complaints.JoinComplaints, work: UnitOfWork) -> complaints.ComplaintTaken | Problem:
    """Put two complaints into one thread, because somebody of the staff has found that they are one."""
    for complaint_id in (command.complaint_id, command.other_id):
        complaint = work.complaints.complaint(complaint_id)
        if complaint is None:
            return _unknown(complaint_id)
        if complaint["state"] == ComplaintState.JOINED.value:
            sentence = f"complaint {complaint_id} was joined into {complaint['joined_into']}; use that one"
            return Problem(code=ProblemCode.ALREADY, sentence=sentence)
    if command.complaint_id == command.other_id:
        return Problem(code=ProblemCode.FAILED, sentence=f"{command.other_id} is the same complaint; name another one")
    work.complaints.move_messages(command.other_id, command.complaint_id)
    work.complaints.set_state(command.other_id, ComplaintState.JOINED, command.complaint_id)
    return complaints.ComplaintTaken(complaint_id=command.complaint_id)


def solve(command: complaints.SolveComplaint, work: UnitOfWork) -> complaints.ComplaintTaken | Problem:
    """Note that a complaint is solved; what its contact writes next opens a new one."""
    complaint = work.complaints.complaint(command.complaint_id)
    if complaint is None:
        return _unknown(command.complaint_id)
    if complaint["state"] == ComplaintState.OPEN.value:
        work.complaints.set_state(command.complaint_id, ComplaintState.SOLVED)
    return complaints.ComplaintTaken(complaint_id=command.complaint_id)


def erase(command: complaints.EraseContact, work: UnitOfWork) -> complaints.ComplaintTaken | Problem:
    """Destroy the keys of everybody who wrote in a complaint; that there was a complaint stays."""
    if work.complaints.complaint(command.complaint_id) is None:
        return _unknown(command.complaint_id)
    for owner in work.complaints.owners(command.complaint_id):
        work.safe.destroy(owner)
        work.complaints.forget_marks(owner)
    return complaints.ComplaintTaken(complaint_id=command.complaint_id)


def _unknown(complaint_id: int) -> Problem:
    return Problem(code=ProblemCode.FAILED, sentence=f"there is no complaint {complaint_id}; ask for the complaints")
