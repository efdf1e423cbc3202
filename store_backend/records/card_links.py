"""Tokens that a screen shows to a shopper's phone: for linking a loyalty card, and for saying who is there."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from store_backend.tables import card_links, greetings

_ADD = insert(card_links)
_OF_TOKEN = card_links.c.token_number == bindparam("number")
_FIND = select(card_links.c.shopper_id).where(_OF_TOKEN)
_USE = delete(card_links).where(_OF_TOKEN)
_REMOVE_ALL = delete(card_links).where(card_links.c.shopper_id == bindparam("linked_id"))
_REMOVE_AGED = delete(card_links).where(card_links.c.until_unix_s < bindparam("now_unix_s"))

_ADD_GREETING = insert(greetings)
_OF_GREETING = greetings.c.token_number == bindparam("number")
_IS_GOOD = greetings.c.until_unix_s >= bindparam("now_unix_s")
_GREET = (
    update(greetings)
    .where(_OF_GREETING, _IS_GOOD, greetings.c.shopper_id.is_(None))
    .values(shopper_id=bindparam("greeting_id"))
)
_FIND_GREETED = select(greetings.c.shopper_id).where(_OF_GREETING, _IS_GOOD)
_REMOVE_GREETINGS = delete(greetings).where(greetings.c.shopper_id == bindparam("linked_id"))
_REMOVE_AGED_GREETINGS = delete(greetings).where(greetings.c.until_unix_s < bindparam("now_unix_s"))


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
        for statement in (_REMOVE_ALL, _REMOVE_GREETINGS):
            self._connection.execute(statement, {"linked_id": shopper_id})

    def remove_aged(self, now_unix_s: float) -> int:
        """Remove the tokens that are good no more; return how many."""
        statements = (_REMOVE_AGED, _REMOVE_AGED_GREETINGS)
        return sum(self._connection.execute(one, {"now_unix_s": now_unix_s}).rowcount for one in statements)

    def add_greeting(self, number: str, until_unix_s: float) -> None:
        """Keep a token that a screen shows."""
        self._connection.execute(_ADD_GREETING, {"token_number": number, "until_unix_s": until_unix_s})

    def greet(self, number: str, shopper_id: str, now_unix_s: float) -> bool:
        """Note whose phone has read a token; False when one has already, or it is good no more."""
        values = {"number": number, "greeting_id": shopper_id, "now_unix_s": now_unix_s}
        return self._connection.execute(_GREET, values).rowcount == 1

    def greeted(self, number: str, now_unix_s: float) -> str | None:
        """Return whose phone has read a token; None while none has, and when it is good no more."""
        shopper_id: str | None = self._connection.scalar(_FIND_GREETED, {"number": number, "now_unix_s": now_unix_s})
        return shopper_id
