"""Copies of memories on the robot: in the working memory only, for a day at most, and never of somebody erased.

Times are seconds of a clock that also runs while the robot sleeps (`aisle.clock.boot_s`). A robot that is switched off
has no copies, one that is cut off wipes them by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aisle.messages.memory import ErasedQuery, ErasedShoppers, Memory

LIVES_S = 86_400.0
# Whoever was erased before this has no copy left, so no robot needs to know where it stopped reading the list.
ERASED_QUERY = ErasedQuery(within_s=LIVES_S + 3600.0)


@dataclass(frozen=True, slots=True)
class Copy:
    """A memory as the store told it, and when it was fetched."""

    memory: Memory
    fetched_s: float


def still_kept(copies: Mapping[str, Copy], now_s: float) -> dict[str, Copy]:
    """Return the copies that have not lived for a day; a clock that went back ages them all."""
    return {shopper_id: copy for shopper_id, copy in copies.items() if 0.0 <= now_s - copy.fetched_s < LIVES_S}


def without_erased(copies: Mapping[str, Copy], erased: ErasedShoppers) -> dict[str, Copy]:
    """Return the copies of shoppers who are not erased; none when the list does not name everybody."""
    if not erased.is_complete:
        return {}
    gone = frozenset(erased.shopper_ids)
    return {shopper_id: copy for shopper_id, copy in copies.items() if shopper_id not in gone}


@dataclass(slots=True)
class ShopperCopies:
    """The copies of one visit. Who was erased must be heard before any is handed out; the next visit begins anew."""

    has_heard: bool = False
    _copies: dict[str, Copy] = field(default_factory=dict, repr=False)

    def is_empty(self) -> bool:
        """Tell whether there is no copy."""
        return not self._copies

    def hear_erased(self, erased: ErasedShoppers) -> None:
        """Drop the copies of those who were erased; this is the answer to ERASED_QUERY."""
        self._copies = without_erased(self._copies, erased)
        self.has_heard = True

    def keep(self, memory: Memory, now_s: float) -> None:
        """Keep a memory that the store has just told."""
        self._copies[memory.shopper_id] = Copy(memory, now_s)

    def forget(self, shopper_id: str) -> None:
        """Drop one copy, for example when the shopper withdraws a consent at this robot."""
        self._copies.pop(shopper_id, None)

    def copy_of(self, shopper_id: str, now_s: float) -> Memory | None:
        """Return a shopper's memory, None when there is none that may be used: the robot then serves without."""
        self.wipe_aged(now_s)
        copy = self._copies.get(shopper_id) if self.has_heard else None
        return None if copy is None else copy.memory

    def wipe_aged(self, now_s: float) -> None:
        """Drop what has lived for a day; called with every turn of whoever holds the copies."""
        self._copies = still_kept(self._copies, now_s)
