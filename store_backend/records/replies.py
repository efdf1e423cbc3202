"""Replies to writing requests, so that a repeated request gets the same one and is not carried out again."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from store_backend.tables import replies

_FIND_REPLY = select(replies.c.content).where(
    replies.c.role == bindparam("role"), replies.c.request_key == bindparam("request_key")
)
_ADD_REPLY = insert(replies)
_REMOVE_AGED = delete(replies).where(replies.c.given_unix_s < bindparam("before_unix_s"))


class ReplyRecords:
    """The replies behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reply_to(self, role: str, request_key: str) -> bytes | None:
        """Return the reply that this request got before, None when it is new."""
        content: bytes | None = self._connection.scalar(_FIND_REPLY, {"role": role, "request_key": request_key})
        return content

    def add_reply(self, role: str, request_key: str, content: bytes, given_unix_s: float) -> None:
        """Keep the reply to a request; the key must be new."""
        row = {"role": role, "request_key": request_key, "content": content, "given_unix_s": given_unix_s}
        self._connection.execute(_ADD_REPLY, row)

    def remove_aged(self, before_unix_s: float) -> int:
        """Forget the replies that were given before a time; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"before_unix_s": before_unix_s}).rowcount
