"""Replies to writing requests, so that a repeated request gets the same one and is not carried out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from store_backend.records.among import among
from store_backend.records.inserted import add_rows
from store_backend.tables import replies

_FIND_REPLIES = select(replies.c.role, replies.c.request_key, replies.c.content).where(
    among(replies.c.request_key, "keys")
)
_REMOVE_AGED = delete(replies).where(replies.c.given_unix_s < bindparam("before_unix_s"))


class Reply(NamedTuple):
    """A reply, and the request that it was given to; the fields are the columns of the table."""

    role: str
    request_key: str
    content: bytes
    given_unix_s: float


class ReplyRecords:
    """The replies behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replies_to(self, request_keys: Sequence[str]) -> dict[tuple[str, str], bytes]:
        """Return what these requests were answered before, by role and key; nothing for what is new."""
        rows = self._connection.execute(_FIND_REPLIES, {"keys": list(request_keys)})
        return {(role, key): content for role, key, content in rows}

    def add_replies(self, fresh: Sequence[Reply]) -> None:
        """Keep replies; their keys must be new."""
        add_rows(self._connection, replies, [reply._asdict() for reply in fresh])

    def remove_aged(self, before_unix_s: float) -> int:
        """Forget the replies that were given before a time; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"before_unix_s": before_unix_s}).rowcount
