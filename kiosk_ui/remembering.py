"""The memory at the screen: what may be remembered, what is, and the way to take it back.

All is off, and nothing is asked unprompted. A shopper is a random number that exists from the first "yes" on and is the
shopper's own; it lives in the visit, goes with it, and is in no letter, note, log or published screen state. What
outlives the visit is a demand that the store has not carried out yet (`demands.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from aisle import card_numbers
from aisle.messages import Message
from aisle.messages.advice import OwnPurchase
from aisle.messages.memory import (
    CorrectFact,
    DeleteFact,
    EraseShopper,
    Fact,
    FactDeleted,
    FactKept,
    FactKind,
    Language,
    Memory,
    MemoryOpened,
    MemoryQuery,
    OpenMemory,
    Purpose,
    Reason,
    ShopperErased,
    Wordings,
    WordingsQuery,
)
from kiosk_ui import advising, questions
from kiosk_ui.demands import is_refused
from kiosk_ui.lanes import Answer
from kiosk_ui.questions import Take

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

TRIES = 2
LONGEST_TEXT = 60
MOST_HISTORY = 1000
_DAY_S = 86_400.0


class Sheet(Enum):
    """What the page shows."""

    CONSENT = "consent"
    FACTS = "facts"
    CORRECT = "correct"
    NUMBER = "number"
    GREETING = "greeting"
    CARD = "card"


class Notice(Enum):
    """What is to be said on the page, in the shopper's language."""

    NONE = "none"
    AWAY = "away"
    LATER = "later"
    NEW_WORDS = "new_words"
    REMOVED = "removed"
    ERASED = "erased"
    WELCOME = "welcome"


@dataclass(slots=True)
class Remembering:
    """What the screen knows of the shopper who stands there; `shopper_id` is empty for nobody, which is the rule.

    `changing` is the purpose whose "yes" awaits its answer, `purchases` what advice may use now, by the numbers of the
    facts, and `taken_out` the facts that the shopper has deleted or corrected; `removed` is what the last withdrawal
    has removed. With `is_told` the store has said what is given. `wishes_sent` counts those of which some are
    not answered yet.
    """

    sheet: Sheet = Sheet.CONSENT
    shopper_id: str = ""
    wordings: dict[str, Wordings] = field(default_factory=dict)
    given: frozenset[Purpose] = frozenset()
    is_told: bool = False
    changing: Purpose | None = None
    facts: tuple[Fact, ...] = ()
    is_read: bool = False
    first_fact: int = 0
    fact_id: int | None = None
    draft: str = ""
    token: str = ""
    asked_s: float = 0.0
    is_asking: bool = False
    notice: Notice = Notice.NONE
    removed: int = 0
    purchases: dict[int, OwnPurchase] = field(default_factory=dict)
    taken_out: set[int] = field(default_factory=set)
    withdrawn: set[Purpose] = field(default_factory=set)
    wishes_sent: int = 0

    @property
    def usable(self) -> frozenset[Purpose]:
        """Return what may be used: given, and not withdrawn by a touch of which the store may not have heard yet."""
        return self.given - self.withdrawn

    @property
    def history(self) -> tuple[OwnPurchase, ...]:
        """Return the purchases that advice may use now."""
        return tuple(self.purchases.values())


def ask(kiosk: Kiosk, visit: Visit, message: Message, take: Take, *, tries: int = TRIES) -> None:
    """Ask about the shopper who is known now; who is forgotten meanwhile is not spoken of any more."""
    known = visit.remembering

    def take_if_known(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
        if visit.remembering is known:
            take(kiosk, visit, answer, now_s)

    questions.ask(kiosk, visit, message, take_if_known, tries=tries)


# The page opens


def open_page(kiosk: Kiosk, visit: Visit) -> None:
    """Show the purposes, in the newest words."""
    visit.remembering.sheet, visit.remembering.notice = Sheet.CONSENT, Notice.NONE
    ask_wordings(kiosk, visit)


def ask_wordings(kiosk: Kiosk, visit: Visit) -> None:
    """Ask for the words by which consent is asked for, in the language of the screen."""
    language = kiosk.language

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, Wordings):
            visit.remembering.wordings[language] = answer
        else:
            visit.remembering.notice = Notice.AWAY

    questions.ask(kiosk, visit, WordingsQuery(language=Language(language)), take, tries=TRIES)


# The memory


def read(kiosk: Kiosk, visit: Visit, reason: Reason = Reason.SHOPPER_ASKED) -> None:
    """Read what is kept; the shopper finds this look in the access log."""

    def take_ticket(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, MemoryOpened):
            ask(kiosk, visit, MemoryQuery(ticket=answer.ticket), take_memory)
        else:
            visit.remembering.notice = Notice.AWAY

    def take_memory(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if not isinstance(answer, Memory) or answer.shopper_id != visit.remembering.shopper_id:
            visit.remembering.notice = Notice.AWAY
        elif reason is Reason.ADVICE:
            _use(kiosk, visit, answer)
        else:
            _note(kiosk, visit, answer)

    opening = OpenMemory(shopper_id=visit.remembering.shopper_id, reader=f"kiosk {kiosk.robot_id}"[:64], reason=reason)
    ask(kiosk, visit, opening, take_ticket)


def _note(kiosk: Kiosk, visit: Visit, told: Memory) -> None:
    state = visit.remembering
    state.given, state.is_told = frozenset(one.purpose for one in told.consents if one.given), True
    state.facts, state.is_read = told.facts, True
    state.first_fact = min(state.first_fact, max(0, len(told.facts) - 1))
    if state.notice is Notice.AWAY:
        state.notice = Notice.NONE
    if Purpose.HISTORY_FOR_ADVICE in state.usable and not state.history:
        read(kiosk, visit, Reason.ADVICE)


def _use(kiosk: Kiosk, visit: Visit, told: Memory) -> None:
    """Let advice use what was read, but for what the shopper has refused or taken out since it was asked for."""
    state = visit.remembering
    bought = purchases_of(told) if Purpose.HISTORY_FOR_ADVICE in state.usable else {}
    state.purchases = {fact_id: one for fact_id, one in bought.items() if fact_id not in state.taken_out}
    advising.use_history(kiosk, visit)


def _take_out(kiosk: Kiosk, visit: Visit, fact_id: int) -> None:
    """Use a fact no more that the shopper has deleted or corrected."""
    state = visit.remembering
    state.taken_out.add(fact_id)
    if state.purchases.pop(fact_id, None) is not None:
        advising.use_history(kiosk, visit)


def purchases_of(told: Memory) -> dict[int, OwnPurchase]:
    """Return the purchases that advice may use, by the numbers of the facts, with how many days ago each was.

    The store keeps no time of day.
    """
    today_unix_s = told.told_unix_s - told.told_unix_s % _DAY_S
    bought = [fact for fact in told.facts if fact.kind is FactKind.PURCHASE and fact.product_id is not None]
    return {
        fact.fact_id: OwnPurchase(product_id=fact.product_id or 0, ago_s=max(0.0, today_unix_s - fact.happened_unix_s))
        for fact in bought[:MOST_HISTORY]
    }


def show_facts(kiosk: Kiosk, visit: Visit) -> None:
    """Show what is kept."""
    state = visit.remembering
    state.sheet, state.first_fact, state.is_read, state.notice = Sheet.FACTS, 0, False, Notice.NONE
    read(kiosk, visit)


def delete(kiosk: Kiosk, visit: Visit, fact_id: int) -> None:
    """Remove one thing that is kept."""

    def take(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        state = visit.remembering
        if not isinstance(answer, FactDeleted):
            state.notice = Notice.AWAY
            return
        _take_out(kiosk, visit, fact_id)
        state.facts = tuple(fact for fact in state.facts if fact.fact_id != fact_id)
        state.first_fact = min(state.first_fact, max(0, len(state.facts) - 1))

    wish = DeleteFact(shopper_id=visit.remembering.shopper_id, fact_id=fact_id)
    ask(kiosk, visit, wish, take)


def begin_correction(visit: Visit, fact: Fact) -> None:
    """Show a keyboard for what a fact should say; corrected is its text alone, so it stands for no product after."""
    state = visit.remembering
    state.sheet, state.fact_id, state.draft = Sheet.CORRECT, fact.fact_id, fact.text[:LONGEST_TEXT]


def type_key(visit: Visit, key: str) -> None:
    """Take a key of the keyboard."""
    draft = visit.remembering.draft
    typed = draft[:-1] if key == "back" else draft + (" " if key == "space" else key)
    visit.remembering.draft = typed[:LONGEST_TEXT]


def save(kiosk: Kiosk, visit: Visit) -> None:
    """Put the shopper's words in place of what was kept."""
    state = visit.remembering
    fact = next((fact for fact in state.facts if fact.fact_id == state.fact_id), None)
    text = card_numbers.masked(" ".join(state.draft.split()))
    state.sheet = Sheet.FACTS
    if fact is None or not text or text == fact.text:
        return

    def take(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, FactKept):
            _take_out(kiosk, visit, fact.fact_id)
            read(kiosk, visit)
        else:
            visit.remembering.notice = Notice.AWAY

    wish = CorrectFact(shopper_id=state.shopper_id, fact_id=fact.fact_id, text=text)
    ask(kiosk, visit, wish, take)


def erase(kiosk: Kiosk, visit: Visit) -> None:
    """Erase everything about the shopper, everywhere; who has demanded it may leave, and nothing is used any more."""
    state = visit.remembering
    state.withdrawn, state.purchases, state.notice = set(Purpose), {}, Notice.NONE
    advising.forget(visit)

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if visit.remembering is not state:
            return
        if isinstance(answer, ShopperErased):
            visit.remembering = Remembering(wordings=state.wordings, notice=Notice.ERASED)
        else:
            state.notice = Notice.AWAY if is_refused(answer) else Notice.LATER

    questions.take_back(kiosk, visit, lambda message: message.shopper_id == state.shopper_id)
    questions.insist(kiosk, visit, EraseShopper(shopper_id=state.shopper_id), take)


def drawn(kiosk: Kiosk) -> str:
    """Return 128 bits that nobody can guess, as the source of new numbers is."""
    return hashlib.sha256(kiosk.new_id().encode()).hexdigest()[:32]


def back(visit: Visit) -> bool:
    """Go one sheet back; False on the first one."""
    state = visit.remembering
    before, state.token, state.fact_id = state.sheet, "", None
    state.sheet = Sheet.FACTS if before is Sheet.CORRECT else Sheet.CONSENT
    return before is not Sheet.CONSENT
