"""Care: shoppers who want a person."""

from __future__ import annotations

import msgspec
from sqlalchemy import func, insert, select

from aisle.messages.care import CallPerson, PersonCalled
from store_backend.tables import assistance
from store_backend.unit_of_work import UnitOfWork


def call_person(command: CallPerson, work: UnitOfWork) -> PersonCalled:
    """Queue a request for a human, once for each call key, and say how many wait before."""
    known = select(assistance.c.assistance_id).where(assistance.c.call_key == command.call_key)
    present = work.connection.scalar(known)
    if present is not None:
        return PersonCalled(assistance_id=present, waiting_before=_waiting(work, before_id=present))
    before = _waiting(work)
    row = {**msgspec.structs.asdict(command), "asked_unix_s": work.now_unix_s, "done": False}
    result = work.connection.execute(insert(assistance).values(row))
    key = result.inserted_primary_key
    assert key is not None
    return PersonCalled(assistance_id=int(key[0]), waiting_before=before)


def _waiting(work: UnitOfWork, before_id: int | None = None) -> int:
    waiting = select(func.count()).select_from(assistance).where(assistance.c.done.is_(False))
    if before_id is not None:
        waiting = waiting.where(assistance.c.assistance_id < before_id)
    return work.connection.scalar(waiting) or 0
