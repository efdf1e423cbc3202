"""Complaints and their messages; texts and contacts come and go sealed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, and_, bindparam, case, func, insert, select, text, update

from aisle.messages.complaints import ComplaintState
from store_backend.records.found import Found, all_found, found
from store_backend.records.inserted import add_row
from store_backend.tables import complaint_messages, complaints

_OPEN, _SOLVED, _JOINED = (state.value for state in ComplaintState)
_ONE, _MESSAGE = complaints.c, complaint_messages.c
_FIND_BY_KEY = select(_MESSAGE.complaint_id).where(_MESSAGE.message_key == bindparam("message_key"))
_FIND_OF_CONTACT = (
    select(complaints)
    .where(_ONE.contact_mark == bindparam("contact_mark"), _ONE.state != _JOINED)
    .order_by(_ONE.complaint_id.desc())
    .limit(1)
)
_FIND_OWNER_OF_MARK = select(_ONE.owner).where(_ONE.contact_mark == bindparam("contact_mark")).limit(1)
_FIND = select(complaints).where(_ONE.complaint_id == bindparam("complaint_id"))
_ADD = insert(complaints)
_ADD_MESSAGE = insert(complaint_messages)
_LIST = select(complaints).order_by(_ONE.complaint_id.desc()).limit(bindparam("most"))
_LIST_OPEN = _LIST.where(_ONE.state == _OPEN)
_OF_COMPLAINT = _MESSAGE.complaint_id == bindparam("complaint_id")
_FIND_MESSAGES = (
    select(complaint_messages)
    .where(_OF_COMPLAINT)
    .order_by(_MESSAGE.happened_unix_s, _MESSAGE.message_id)
    .limit(bindparam("most"))
    .offset(bindparam("first"))
)
_COUNT_MESSAGES = select(func.count()).select_from(complaint_messages).where(_OF_COMPLAINT)
_FIND_OWNERS = select(_MESSAGE.owner).where(_OF_COMPLAINT).distinct()
_SET_STATE = (
    update(complaints)
    .where(_ONE.complaint_id == bindparam("changed_id"))
    .values(state=bindparam("new_state"), joined_into=bindparam("new_home"))
)
_MOVE_MESSAGES = (
    update(complaint_messages)
    .where(_MESSAGE.complaint_id == bindparam("other_id"))
    .values(complaint_id=bindparam("new_home"))
)
_FORGET_MARKS = update(complaints).where(_ONE.owner == bindparam("erased")).values(contact_mark=None)
_IN_PERIOD = and_(_ONE.opened_unix_s >= bindparam("since_unix_s"), _ONE.opened_unix_s < bindparam("until_unix_s"))
_COUNT_SOLVED = select(func.count(), func.coalesce(func.sum(case((_ONE.state == _SOLVED, 1), else_=0)), 0)).where(
    _IN_PERIOD, _ONE.state != _JOINED
)
# https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
_HOLD_CONTACT = text("SELECT pg_advisory_xact_lock(hashtextextended(:contact_mark, 0))")


class ComplaintRecords:
    """The complaints behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def complaint_with(self, message_key: str) -> int | None:
        """Return the complaint that holds the message with this key, None when it is new."""
        complaint_id: int | None = self._connection.scalar(_FIND_BY_KEY, {"message_key": message_key})
        return complaint_id

    def hold_contact(self, contact_mark: str) -> None:
        """Let nobody else open a complaint of this contact until this transaction ends.

        Two first messages at once would become two complaints. SQLite's one writer needs no lock.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_HOLD_CONTACT, {"contact_mark": contact_mark})

    def newest_of_contact(self, contact_mark: str) -> Found | None:
        """Return the newest complaint of a verified contact."""
        return found(self._connection.execute(_FIND_OF_CONTACT, {"contact_mark": contact_mark}))

    def owner_of_contact(self, contact_mark: str) -> str | None:
        """Return under which owner a verified contact's texts are sealed, None for one that is new."""
        owner: str | None = self._connection.scalar(_FIND_OWNER_OF_MARK, {"contact_mark": contact_mark})
        return owner

    def complaint(self, complaint_id: int) -> Found | None:
        """Return a complaint."""
        return found(self._connection.execute(_FIND, {"complaint_id": complaint_id}))

    def add(self, row: Mapping[str, object]) -> int:
        """Open a complaint and return its number."""
        return add_row(self._connection, _ADD, row)

    def add_message(self, row: Mapping[str, object]) -> None:
        """Keep a message of a complaint."""
        self._connection.execute(_ADD_MESSAGE, dict(row))

    def listed(self, most: int, *, only_open: bool) -> list[Found]:
        """Return complaints, newest first."""
        statement = _LIST_OPEN if only_open else _LIST
        return all_found(self._connection.execute(statement, {"most": most}))

    def messages(self, complaint_id: int, first: int, most: int) -> list[Found]:
        """Return messages of a complaint in the order in which they were written."""
        values = {"complaint_id": complaint_id, "first": first, "most": most}
        return all_found(self._connection.execute(_FIND_MESSAGES, values))

    def count_messages(self, complaint_id: int) -> int:
        """Count the messages of a complaint."""
        return self._connection.scalar(_COUNT_MESSAGES, {"complaint_id": complaint_id}) or 0

    def owners(self, complaint_id: int) -> list[str]:
        """Return under which owners the messages of a complaint are sealed."""
        return list(self._connection.scalars(_FIND_OWNERS, {"complaint_id": complaint_id}))

    def set_state(self, complaint_id: int, state: ComplaintState, joined_into: int | None = None) -> None:
        """Note where a complaint stands now."""
        values = {"changed_id": complaint_id, "new_state": state.value, "new_home": joined_into}
        self._connection.execute(_SET_STATE, values)

    def move_messages(self, other_id: int, complaint_id: int) -> None:
        """Put all messages of one complaint into another."""
        self._connection.execute(_MOVE_MESSAGES, {"other_id": other_id, "new_home": complaint_id})

    def forget_marks(self, owner: str) -> None:
        """Forget by what an owner's contact could be found again."""
        self._connection.execute(_FORGET_MARKS, {"erased": owner})

    def solved_counts(self, since_unix_s: float, until_unix_s: float) -> tuple[int, int]:
        """Return how many complaints were opened in a period, and how many of those are solved."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        opened, solved = self._connection.execute(_COUNT_SOLVED, values).one()
        return opened, solved
