"""What is remembered of shoppers, each fact sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from aisle.messages.memory import FactKind, Purpose, Source
from store_backend.records.inserted import add_row
from store_backend.tables import facts

_OF_SHOPPER = facts.c.shopper_id == bindparam("shopper_id")
_ALL = select(
    facts.c.fact_id, facts.c.fact_key, facts.c.kind, facts.c.purposes, facts.c.sealed, facts.c.source,
    facts.c.happened_unix_s, facts.c.corrected_unix_s, facts.c.kept_until_unix_s,
).where(_OF_SHOPPER).order_by(facts.c.happened_unix_s.desc(), facts.c.fact_id.desc())  # fmt: skip
_FIND_ONE = _ALL.where(facts.c.fact_id == bindparam("fact_id"))
_FIND_KEY = select(facts.c.fact_id, facts.c.shopper_id).where(facts.c.fact_key == bindparam("fact_key"))
_ADD_FACT = insert(facts)
_OF_FACT = facts.c.fact_id == bindparam("known_id")
# Without values of its own an update sets the columns that the row names.
_REPLACE = update(facts).where(_OF_FACT)
_REMOVE = delete(facts).where(_OF_FACT)
_REMOVE_ALL = delete(facts).where(_OF_SHOPPER)
_REMOVE_AGED = delete(facts).where(facts.c.kept_until_unix_s <= bindparam("now_unix_s"))
_COUNT = select(func.count()).select_from(facts).where(_OF_SHOPPER)


@dataclass(frozen=True, slots=True)
class SealedFact:
    """One row; times are days (Unix seconds)."""

    fact_id: int
    fact_key: str
    kind: FactKind
    purposes: frozenset[Purpose]
    sealed: bytes
    source: Source
    happened_unix_s: float
    corrected_unix_s: float | None
    kept_until_unix_s: float


class FactRecords:
    """The facts behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fact_with(self, fact_key: str) -> tuple[int, str] | None:
        """Return number and shopper of the fact with this key, None when it is new."""
        row = self._connection.execute(_FIND_KEY, {"fact_key": fact_key}).one_or_none()
        return None if row is None else (row.fact_id, row.shopper_id)

    def add_fact(self, row: Mapping[str, object], purposes: frozenset[Purpose]) -> int:
        """Keep a new fact and return its number."""
        return add_row(self._connection, _ADD_FACT, {**row, "purposes": _joined(purposes)})

    def facts_of(self, shopper_id: str) -> list[SealedFact]:
        """Return a shopper's facts, newest first."""
        return [_fact(row) for row in self._connection.execute(_ALL, {"shopper_id": shopper_id})]

    def fact_of(self, shopper_id: str, fact_id: int) -> SealedFact | None:
        """Return one fact, None when this shopper has none with that number."""
        row = self._connection.execute(_FIND_ONE, {"shopper_id": shopper_id, "fact_id": fact_id}).one_or_none()
        return None if row is None else _fact(row)

    def count_facts(self, shopper_id: str) -> int:
        """Count a shopper's facts."""
        return self._connection.scalar(_COUNT, {"shopper_id": shopper_id}) or 0

    def correct(self, fact_id: int, sealed: bytes, corrected_unix_s: float, kept_until_unix_s: float) -> None:
        """Put other content in place of a fact's."""
        row = {"sealed": sealed, "corrected_unix_s": corrected_unix_s, "kept_until_unix_s": kept_until_unix_s}
        self._connection.execute(_REPLACE, {**row, "known_id": fact_id})

    def keep_for(self, fact_id: int, purposes: frozenset[Purpose]) -> None:
        """Keep a fact for these purposes only."""
        self._connection.execute(_REPLACE, {"purposes": _joined(purposes), "known_id": fact_id})

    def remove_facts(self, fact_ids: Sequence[int]) -> None:
        """Remove facts."""
        if fact_ids:
            self._connection.execute(_REMOVE, [{"known_id": fact_id} for fact_id in fact_ids])

    def remove_all(self, shopper_id: str) -> None:
        """Remove every fact of a shopper."""
        self._connection.execute(_REMOVE_ALL, {"shopper_id": shopper_id})

    def remove_aged(self, now_unix_s: float) -> int:
        """Remove the facts whose time is over; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"now_unix_s": now_unix_s}).rowcount


def _joined(purposes: frozenset[Purpose]) -> str:
    return " ".join(sorted(purposes))


def _fact(row: Sequence[object]) -> SealedFact:
    fact_id, fact_key, kind, purposes, sealed, source, happened_unix_s, corrected_unix_s, kept_until_unix_s = row
    parted = frozenset(Purpose(one) for one in str(purposes).split())
    times = (happened_unix_s, corrected_unix_s, kept_until_unix_s)
    return SealedFact(fact_id, fact_key, FactKind(kind), parted, bytes(sealed), Source(source), *times)  # type: ignore[arg-type, call-overload]
