"""Care: shoppers who want a person."""

from __future__ import annotations

import msgspec

from aisle.messages.care import CallPerson, PersonCalled
from store_backend.unit_of_work import UnitOfWork


def call_person(command: CallPerson, work: UnitOfWork) -> PersonCalled:
    """Queue a request for a human, once for each call key, and say how many wait before."""
    present = work.care.call_of(command.call_key)
    if present is not None:
        return PersonCalled(assistance_id=present, waiting_before=work.care.calls_before(present))
    before = work.care.calls_waiting()
    row = {**msgspec.structs.asdict(command), "asked_unix_s": work.now_unix_s, "done": False}
    return PersonCalled(assistance_id=work.care.add_call(row), waiting_before=before)
