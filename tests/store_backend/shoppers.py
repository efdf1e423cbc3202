"""Messages of a shopper who lets the store remember."""

from __future__ import annotations

from typing import Any

import msgspec

from aisle.messages import memory
from aisle.messages.memory import FactKind, Language, Purpose, Reason, Source
from store_backend.backend import Backend
from store_backend.wordings import NEWEST_VERSION
from tests.catalogue.samples import MILK
from tests.store_backend.steps import answer

ANNA, BEN = "a" * 32, "b" * 32
_KEYS = iter(range(10**9))


def consent(purpose: Purpose, *, given: bool = True, shopper_id: str = ANNA, **changes: Any) -> memory.ChangeConsent:
    change = memory.ChangeConsent(
        change_key=f"change{next(_KEYS)}", shopper_id=shopper_id, purpose=purpose, given=given,
        wording_version=NEWEST_VERSION, language=Language.DE,
    )  # fmt: skip
    return msgspec.structs.replace(change, **changes)


def fact(kind: FactKind, text: str = "oat milk", *, shopper_id: str = ANNA, **changes: Any) -> memory.RememberFact:
    one = memory.RememberFact(
        fact_key=f"fact{next(_KEYS)}", shopper_id=shopper_id, kind=kind, text=text, source=Source.KIOSK
    )
    return msgspec.structs.replace(one, **changes)


def seen(backend: Backend, shopper_id: str = ANNA, reason: Reason = Reason.SHOPPER_ASKED) -> memory.Memory:
    """Open a memory and read it."""
    opened = answer(backend, memory.OpenMemory(shopper_id=shopper_id, reader="shopper", reason=reason))
    told = answer(backend, memory.MemoryQuery(ticket=opened.ticket))
    assert isinstance(told, memory.Memory)
    return told


def remembered(backend: Backend, shopper_id: str = ANNA) -> None:
    """Let a shopper allow everything, and remember one fact of each kind."""
    for purpose in Purpose:
        answer(backend, consent(purpose, shopper_id=shopper_id))
    for kind in FactKind:
        answer(backend, fact(kind, f"text of {kind.value}", shopper_id=shopper_id))


MEMORY_SAMPLES = (
    memory.WordingsQuery(language=Language.FR), consent(Purpose.WISH_LIST), fact(FactKind.WISH, product_id=MILK),
    memory.CorrectFact(shopper_id=ANNA, fact_id=1, text="rye bread"), memory.DeleteFact(shopper_id=ANNA, fact_id=1),
    memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=Reason.SHOPPER_ASKED),
    memory.MemoryQuery(ticket="0" * 32), memory.EraseShopper(shopper_id=ANNA), memory.ErasedQuery(within_s=1.0),
    memory.OfferCardLink(shopper_id=ANNA), memory.LinkCard(token="AISLE-CARD", card="4711"),
    memory.OfferGreeting(), memory.Greet(token=f"AISLE-HERE.{'0' * 32}", shopper_id=ANNA),
    memory.GreetingQuery(token=f"AISLE-HERE.{'0' * 32}"),
)  # fmt: skip
