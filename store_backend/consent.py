"""What a shopper allows: the present state is what an append-only ledger of changes adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aisle.messages.memory import FactKind, Purpose

# What each kind of fact may be kept for.
PURPOSES_OF: Mapping[FactKind, frozenset[Purpose]] = {
    FactKind.PURCHASE: frozenset({Purpose.HISTORY_FOR_ADVICE, Purpose.LOYALTY}),
    FactKind.WISH: frozenset({Purpose.WISH_LIST}),
    FactKind.CARD: frozenset({Purpose.LOYALTY}),
    FactKind.E_MAIL: frozenset({Purpose.CONTACT}),
    FactKind.PHONE: frozenset({Purpose.CONTACT}),
}


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the ledger: a purpose was allowed or withdrawn, on which day, and in answer to which words."""

    purpose: Purpose
    given: bool
    changed_unix_s: float
    wording_version: int


Consents = Mapping[Purpose, ConsentEntry]


def state_of(ledger: Iterable[ConsentEntry]) -> Consents:
    """Return the last entry of each purpose, the ledger being in the order in which it was written."""
    return {entry.purpose: entry for entry in ledger}


def allowed(consents: Consents) -> frozenset[Purpose]:
    """Return the purposes that are allowed now; what was never asked is not."""
    return frozenset(purpose for purpose, entry in consents.items() if entry.given)


def kept_for(kind: FactKind, purposes: frozenset[Purpose]) -> frozenset[Purpose]:
    """Return for which of the allowed purposes a fact of this kind may be kept; none means that it may not."""
    return PURPOSES_OF[kind] & purposes


def after_withdrawal(kept: Mapping[int, frozenset[Purpose]], withdrawn: Purpose) -> dict[int, frozenset[Purpose]]:
    """Return the facts (by number) that a withdrawal touches with what they may still be kept for; none: to remove."""
    return {number: purposes - {withdrawn} for number, purposes in kept.items() if withdrawn in purposes}
