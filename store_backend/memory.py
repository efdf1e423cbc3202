"""The rules of the memory: what a fact holds, how long it is kept, and who may read which of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from aisle.messages.memory import Fact, FactKind, Purpose, Reason
from store_backend.days import DAY_S

# Retention: how long each kind of fact is kept after it happened or was corrected.
KEPT_S: Mapping[FactKind, float] = {
    FactKind.PURCHASE: 365 * DAY_S,
    FactKind.WISH: 365 * DAY_S,
    FactKind.CARD: 730 * DAY_S,
    FactKind.E_MAIL: 730 * DAY_S,
    FactKind.PHONE: 730 * DAY_S,
}
ACCESSES_KEPT_S = 365 * DAY_S
# A number that nobody can draw again tells nothing of anybody; it keeps late messages from reviving the shopper.
ERASURES_KEPT_S = 365 * DAY_S
TICKET_LIVES_S = 300.0
# Robots ask for the erased of more than a day, outboxes are older than a week at most.
ERASURE_REACHES_IN_S = 60.0

_USED_FOR: Mapping[Reason, frozenset[Purpose]] = {
    Reason.SHOPPER_ASKED: frozenset(Purpose),
    Reason.ADVICE: frozenset({Purpose.HISTORY_FOR_ADVICE, Purpose.WISH_LIST}),
    Reason.CARE: frozenset({Purpose.CONTACT, Purpose.WISH_LIST}),
}

# A robot stands among shoppers and may be taken from us. It advises, so it may know what advice uses and no more.
_REASONS_OF_ROLES: Mapping[str, frozenset[Reason]] = {"gateway": frozenset({Reason.ADVICE})}
_LONGEST_READER = 64


class Content(msgspec.Struct, frozen=True):
    """The part of a fact that is sealed."""

    text: str
    product_id: int | None = None


def packed(content: Content) -> str:
    """Return the content as the text that is sealed."""
    return msgspec.json.encode(content).decode()


def unpacked(text: str) -> Content:
    """Return the content of an unsealed text."""
    return msgspec.json.decode(text, type=Content)


def owner_of(shopper_id: str) -> str:
    """Return the name of a shopper in the vault."""
    return f"shopper-{shopper_id}"


def shopper_of(owner: str) -> str | None:
    """Return the shopper who is this owner in the vault, None for an owner of another kind."""
    kind, _, shopper_id = owner.partition("-")
    return shopper_id if kind == "shopper" else None


def field_of(fact_key: str) -> str:
    """Return the name of a fact's sealed field, so that facts cannot be exchanged in the database."""
    return f"fact {fact_key}"


def may_open(role: str, reason: Reason) -> bool:
    """Tell whether a role may read memories for a reason."""
    return reason in _REASONS_OF_ROLES.get(role, frozenset(Reason))


def reader_of(role: str, said: str) -> str:
    """Return who reads, for the access log: the role that the reader has shown by its key, and what it calls itself."""
    return f"{role}: {said}"[:_LONGEST_READER]


def is_reader(role: str, reader: str) -> bool:
    """Tell whether a reader in the access log has this role."""
    return reader.startswith(f"{role}: ")


def kept_until(kind: FactKind, happened_unix_s: float, corrected_unix_s: float | None) -> float:
    """Return when a fact is removed by itself (Unix seconds)."""
    return max(happened_unix_s, corrected_unix_s or 0.0) + KEPT_S[kind]


def readable(facts: Iterable[Fact], reason: Reason, allowed: frozenset[Purpose], now_unix_s: float) -> tuple[Fact, ...]:
    """Return the facts that may be used for a reason now: allowed for one of its purposes, and not too old."""
    purposes = _USED_FOR[reason] & allowed
    return tuple(fact for fact in facts if fact.kept_until_unix_s > now_unix_s and purposes & set(fact.purposes))
