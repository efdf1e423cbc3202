"""Tokens that were offered for linking a loyalty card and were not used yet."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from store_backend.tables import card_links

_ADD = insert(card_links)
_OF_TOKEN = card_links.c.token_number == bindparam("number")
_FIND = select(card_links.c.shopper_id).where(_OF_TOKEN)
_USE = delete(card_links).where(_OF_TOKEN)
_REMOVE_ALL = delete(card_links).where(card_links.c.shopper_id == bindparam("linked_id"))
_REMOVE_AGED = delete(card_links).where(card_links.c.until_unix_s < bindparam("now_unix_s"))


class CardLinkRecords:
    """The tokens behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_token(self, number: str, shopper_id: str, until_unix_s: float) -> None:
        """Keep a token that is offered."""
        row = {"token_number": number, "shopper_id": shopper_id, "until_unix_s": until_unix_s}
        self._connection.execute(_ADD, row)

    def shopper_of(self, number: str) -> str | None:
        """Return whom a token was offered to, None when it was used or never offered."""
        shopper_id: str | None = self._connection.scalar(_FIND, {"number": number})
        return shopper_id

    def use(self, number: str) -> bool:
        """Use a token up; False says that somebody else was faster."""
        return self._connection.execute(_USE, {"number": number}).rowcount == 1

    def remove_all(self, shopper_id: str) -> None:
        """Remove the tokens of a shopper who is erased."""
        self._connection.execute(_REMOVE_ALL, {"linked_id": shopper_id})

    def remove_aged(self, now_unix_s: float) -> int:
        """Remove the tokens that are good no more; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"now_unix_s": now_unix_s}).rowcount
