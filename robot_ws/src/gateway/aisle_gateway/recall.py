"""What the robot may know of the shopper at its screen: fetched anew for each visit, kept in working memory for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.memory import ErasedShoppers, Memory, MemoryOpened, MemoryQuery, OpenMemory, Reason
from aisle_gateway.copies import ERASED_QUERY, ShopperCopies

ERASED_EVERY_S = 20.0
_ASK_EVERY_S = 0.2
_NOT_ON_SCREEN = Problem(code=ProblemCode.UNKNOWN_SESSION, sentence="this visit is not on the robot's screen")
_ASK_AGAIN = Problem(code=ProblemCode.NOT_READY, sentence="the store is being asked; ask again in a moment")


@dataclass(slots=True)
class Recall:
    """Asks who was erased before it asks for anybody, and hands out only what was fetched in this visit.

    Another visit drops every copy: whoever withdrew a consent elsewhere is heard, and the shopper before is forgotten.
    While there is no copy and none is wanted, the store is asked nothing.
    """

    robot_id: str
    _session_id: str = ""
    _copies: ShopperCopies = field(default_factory=ShopperCopies, repr=False)
    _met_s: float = float("-inf")
    _wanted: str = field(default="", repr=False)
    _ticket: str = field(default="", repr=False)
    _refusals: dict[str, Problem] = field(default_factory=dict, repr=False)

    def meet(self, session_id: str, now_s: float) -> None:
        """Take the visit on the screen; an empty name is nobody. Another one than before drops everything."""
        if session_id != self._session_id:
            self._session_id, self._copies, self._met_s = session_id, ShopperCopies(), now_s
            self._wanted, self._ticket, self._refusals = "", "", {}

    def recall(self, session_id: str, shopper_id: str, now_s: float) -> Memory | Problem:
        """Return the memory, or why there is none; the first time it must be fetched, so that is asked again.

        A visit that is not on the screen is refused: a late word of the visit before must not touch this one.
        """
        if session_id != self._session_id:
            return _NOT_ON_SCREEN
        found = self._copies.copy_of(shopper_id, now_s)
        if found is not None:
            return found
        refusal = self._refusals.pop(shopper_id, None)
        if refusal is not None:
            return refusal
        if self._wanted != shopper_id:
            self._wanted, self._ticket = shopper_id, ""
        return _ASK_AGAIN

    def forget(self, shopper_id: str) -> None:
        """Drop a copy; what is fetched just now is fetched anew."""
        self._copies.forget(shopper_id)
        if self._wanted == shopper_id:
            self._wanted, self._ticket = "", ""

    # The concern

    def wants(self, now_s: float, since_s: float) -> Message | None:
        self._copies.wipe_aged(now_s)
        is_needed = bool(self._wanted) or not self._copies.is_empty()
        if not is_needed or since_s < _ASK_EVERY_S:
            return None
        if not self._copies.has_heard or (not self._wanted and since_s >= ERASED_EVERY_S):
            return ERASED_QUERY
        if self._ticket:
            return MemoryQuery(ticket=self._ticket)
        if self._wanted:
            return OpenMemory(shopper_id=self._wanted, reader=self.robot_id, reason=Reason.ADVICE)
        return None

    def hear(self, asked: Message, reply: Any, asked_s: float) -> None:
        if asked_s <= self._met_s:
            # Asked in the visit before; somebody may have been erased or have withdrawn a consent since.
            return
        if isinstance(reply, ErasedShoppers):
            self._copies.hear_erased(reply)
        elif isinstance(reply, MemoryOpened) and isinstance(asked, OpenMemory) and asked.shopper_id == self._wanted:
            self._ticket = reply.ticket
        elif isinstance(reply, Memory) and reply.shopper_id == self._wanted:
            self._copies.keep(reply, asked_s)
            self._wanted, self._ticket = "", ""
        elif isinstance(reply, Problem) and self._is_about_wanted(asked):
            self._refusals[self._wanted] = reply
            self._wanted, self._ticket = "", ""

    def _is_about_wanted(self, asked: Message) -> bool:
        is_opening = isinstance(asked, OpenMemory) and asked.shopper_id == self._wanted
        return is_opening or (isinstance(asked, MemoryQuery) and asked.ticket == self._ticket)
