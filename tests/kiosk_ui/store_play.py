"""A play of a visit in which the real backend answers, in this process: what the screen asks is what the store does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from aisle.messages import Problem, ProblemCode, memory, till
from aisle.messages.memory import FactKind, Purpose, Reason, Source
from kiosk_ui.demands import Demanded
from kiosk_ui.lanes import Outgoing
from kiosk_ui.remembering import Remembering
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.key_file import StoreKeyFile
from tests.kiosk_ui.play import BREAD, MILK, SILENCE, Play, usual

ANNA = "a" * 32


@dataclass
class StorePlay(Play):
    """`is_lost` is a backend that nobody reaches; with `loses_replies` it does what it is asked and nobody hears of it.

    With `refuses` it answers that to erasures and changes of consent, and does nothing.
    `asked` are the requests that reached the backend, `keys_of` the same with their request keys.
    """

    catalogue: CatalogueFile | None = None
    keys: StoreKeyFile | None = None
    is_lost: bool = False
    loses_replies: bool = False
    refuses: ProblemCode | None = None
    asked: list[Any] = field(default_factory=list)
    keys_of: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now_s = 1_000_000.0
        assert self.catalogue is not None
        self.backend = Backend(open_database("sqlite://"), self.catalogue, lambda: self.now_s, self.keys)
        super().__post_init__()

    def _session(self) -> str:
        """Return an id like those of a real kiosk: none is a part of another."""
        return hashlib.sha256(super()._session().encode()).hexdigest()[:32]

    def ask(self, message: msgspec.Struct, role: str = "admin") -> Any:
        """Ask the backend as somebody else, who must not be refused."""
        answer = self.backend.answer(role, message)
        assert not isinstance(answer, Problem), answer
        return answer

    def asked_for(self, kind: type) -> list[Any]:
        """Return the requests of a type that reached the backend."""
        return [message for message in self.asked if type(message) is kind]

    def outcomes(self) -> list[str]:
        """Return the steps of the visit that the screen has sent."""
        return [message.outcome for message in self.asked if hasattr(message, "outcome")]

    def _answer_all(self, requests: Iterable[Outgoing]) -> None:
        for outgoing in requests:
            self.sent.append(outgoing.message)
            reply = self._reply(outgoing)
            self._note_tour(outgoing.message, reply)
            self.kiosk.answered(outgoing.token, reply, self.now_s)

    def _reply(self, outgoing: Outgoing) -> Any:
        if outgoing.channel == "gateway":
            given = self.replies.get(type(outgoing.message), usual(outgoing.message))
            return given(outgoing.message) if callable(given) else given
        if self.is_lost:
            return SILENCE
        if self.refuses is not None and isinstance(outgoing.message, Demanded):
            return Problem(code=self.refuses, sentence="not now")
        self.asked.append(outgoing.message)
        self.keys_of.append((outgoing.key, outgoing.message))
        answer = self.backend.answer("kiosk_ui", outgoing.message)
        return SILENCE if self.loses_replies else answer


def bought(play: StorePlay, number: str, till_id: str = "t1") -> None:
    """Let a till take the basket with this number and sell it."""
    basket = play.ask(till.TakeBasket(basket_id=number, till_id=till_id), "till")
    total = sum(line.quantity * line.price_cents for line in basket.lines)
    play.ask(till.SellBasket(basket_id=number, till_id=till_id, sale_id="s1", total_cents=total), "till")


def state(play: StorePlay) -> Remembering:
    assert play.kiosk.visit is not None
    return play.kiosk.visit.remembering


def opened(play: StorePlay) -> None:
    play.touch("start", "remember")
    play.wait(0.3)


def known(play: StorePlay, *purposes: Purpose, is_at_home: bool = False) -> None:
    """Let a shopper whose phone has the number be known at the screen."""
    wordings = play.ask(memory.WordingsQuery(language=memory.Language.EN))
    for index, purpose in enumerate(purposes):
        change = memory.ChangeConsent(
            change_key=f"before{index}", shopper_id=ANNA, purpose=purpose, given=True,
            wording_version=wordings.version, language=memory.Language.EN,
        )  # fmt: skip
        play.ask(change)
    for index, product_id in enumerate((MILK, BREAD) if Purpose.HISTORY_FOR_ADVICE in purposes else ()):
        play.ask(
            memory.RememberFact(
                fact_key=f"fact{index}", shopper_id=ANNA, kind=FactKind.PURCHASE, text=f"thing {product_id}",
                source=Source.TILL, product_id=product_id, happened_unix_s=play.now_s - 86_400.0 * (1 + index),
            )
        )  # fmt: skip
    if is_at_home:
        play.touch("remember")
        play.wait(0.3)
    else:
        opened(play)
    play.touch("phone_knows_me")
    play.wait(0.5)
    play.ask(memory.Greet(token=state(play).token, shopper_id=ANNA), "web")
    play.wait(2.5)


def given(play: StorePlay, shopper_id: str) -> set[Purpose]:
    told = read(play, shopper_id)
    return {one.purpose for one in told.consents if one.given}


def read(play: StorePlay, shopper_id: str) -> memory.Memory:
    opening = memory.OpenMemory(shopper_id=shopper_id, reader="test", reason=Reason.SHOPPER_ASKED)
    told: memory.Memory = play.ask(memory.MemoryQuery(ticket=play.ask(opening).ticket))
    return told
