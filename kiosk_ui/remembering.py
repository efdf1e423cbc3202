"""Consent and memory at the screen: what may be remembered, what is, and the way to take it back.

All is off, and nothing is asked unprompted. A shopper is a random number that exists from the first "yes" on and is the
shopper's own; it lives in the visit alone, goes with it, and is in no letter, note, log or published screen state.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from aisle import card_numbers
from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import OwnPurchase
from aisle.messages.care import Stage
from aisle.messages.memory import (
    ChangeConsent,
    ConsentChanged,
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
from kiosk_ui.lanes import Answer

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

TRIES, ERASE_TRIES = 2, 10_000
LONGEST_TEXT = 60
MOST_HISTORY = 1000


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
    NEW_WORDS = "new_words"
    REMOVED = "removed"
    ERASED = "erased"
    WELCOME = "welcome"


@dataclass(slots=True)
class Remembering:
    """What the screen knows of the shopper who stands there; `shopper_id` is empty for nobody, which is the rule.

    `changing` is the purpose whose answer is awaited, `history` what advice may use now, `removed` what the last
    withdrawal has removed.
    """

    sheet: Sheet = Sheet.CONSENT
    shopper_id: str = ""
    wordings: dict[str, Wordings] = field(default_factory=dict)
    given: frozenset[Purpose] = frozenset()
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
    history: tuple[OwnPurchase, ...] = ()
    withdrawn: set[Purpose] = field(default_factory=set)

    @property
    def usable(self) -> frozenset[Purpose]:
        """Return what may be used: given, and not withdrawn by a touch of which the store may not have heard yet."""
        return self.given - self.withdrawn


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


# Consent


def change(kiosk: Kiosk, visit: Visit, purpose: Purpose, *, given: bool) -> None:
    """Give or withdraw a purpose; nothing happens where it stands so already, or the words were not shown."""
    state = visit.remembering
    shown = state.wordings.get(kiosk.language)
    if shown is None or state.changing is not None or (purpose in state.given) is given:
        return
    if not state.shopper_id:
        state.shopper_id = drawn(kiosk)
    (state.withdrawn.discard if given else state.withdrawn.add)(purpose)
    state.changing, state.notice = purpose, Notice.NONE
    wish = ChangeConsent(
        change_key=drawn(kiosk), shopper_id=state.shopper_id, purpose=purpose,
        given=given, wording_version=shown.version, language=Language(kiosk.language),
    )  # fmt: skip
    questions.ask(kiosk, visit, wish, _take_change, tries=TRIES)


def _take_change(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
    state, before = visit.remembering, visit.remembering.given
    if state.changing is None:
        # It was erased meanwhile.
        return
    state.changing = None
    if not isinstance(answer, ConsentChanged):
        is_new = isinstance(answer, Problem) and answer.code is ProblemCode.VERSION
        state.notice = Notice.NEW_WORDS if is_new else Notice.AWAY
        if is_new:
            ask_wordings(kiosk, visit)
        return
    state.given = frozenset(answer.given)
    if state.given - before:
        kiosk.record(visit, now_s, Stage.CARE, "consent_given")
    if before - state.given:
        kiosk.record(visit, now_s, Stage.CARE, "consent_withdrawn")
        state.notice, state.removed = Notice.REMOVED, answer.facts_removed
    if Purpose.HISTORY_FOR_ADVICE not in state.given:
        state.history = ()


# The memory


def read(kiosk: Kiosk, visit: Visit, reason: Reason = Reason.SHOPPER_ASKED) -> None:
    """Read what is kept; the shopper finds this look in the access log."""

    def take_ticket(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, MemoryOpened):
            questions.ask(kiosk, visit, MemoryQuery(ticket=answer.ticket), take_memory, tries=TRIES)
        else:
            visit.remembering.notice = Notice.AWAY

    def take_memory(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if not isinstance(answer, Memory) or answer.shopper_id != visit.remembering.shopper_id:
            visit.remembering.notice = Notice.AWAY
        elif reason is Reason.ADVICE:
            visit.remembering.history = history_of(answer)
            advising.remind(kiosk, visit)
        else:
            _note(kiosk, visit, answer)

    opening = OpenMemory(shopper_id=visit.remembering.shopper_id, reader=f"kiosk {kiosk.robot_id}"[:64], reason=reason)
    questions.ask(kiosk, visit, opening, take_ticket, tries=TRIES)


def _note(kiosk: Kiosk, visit: Visit, told: Memory) -> None:
    state = visit.remembering
    state.given = frozenset(one.purpose for one in told.consents if one.given)
    state.facts, state.is_read = told.facts, True
    state.first_fact = min(state.first_fact, max(0, len(told.facts) - 1))
    if state.notice is Notice.AWAY:
        state.notice = Notice.NONE
    if Purpose.HISTORY_FOR_ADVICE in state.usable and not state.history:
        read(kiosk, visit, Reason.ADVICE)


def history_of(told: Memory) -> tuple[OwnPurchase, ...]:
    """Return the purchases that advice may use, with how long ago each was."""
    bought = [fact for fact in told.facts if fact.kind is FactKind.PURCHASE and fact.product_id is not None]
    return tuple(
        OwnPurchase(product_id=fact.product_id or 0, ago_s=max(0.0, told.told_unix_s - fact.happened_unix_s))
        for fact in bought[:MOST_HISTORY]
    )


def show_facts(kiosk: Kiosk, visit: Visit) -> None:
    """Show what is kept."""
    state = visit.remembering
    state.sheet, state.first_fact, state.is_read, state.notice = Sheet.FACTS, 0, False, Notice.NONE
    read(kiosk, visit)


def delete(kiosk: Kiosk, visit: Visit, fact_id: int) -> None:
    """Remove one thing that is kept."""

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        state = visit.remembering
        if not isinstance(answer, FactDeleted):
            state.notice = Notice.AWAY
            return
        state.facts = tuple(fact for fact in state.facts if fact.fact_id != fact_id)
        state.first_fact = min(state.first_fact, max(0, len(state.facts) - 1))

    wish = DeleteFact(shopper_id=visit.remembering.shopper_id, fact_id=fact_id)
    questions.ask(kiosk, visit, wish, take, tries=TRIES)


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
            read(kiosk, visit)
        else:
            visit.remembering.notice = Notice.AWAY

    wish = CorrectFact(shopper_id=state.shopper_id, fact_id=fact.fact_id, text=text)
    questions.ask(kiosk, visit, wish, take, tries=TRIES)


def erase(kiosk: Kiosk, visit: Visit) -> None:
    """Erase everything about the shopper, everywhere."""

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, ShopperErased):
            visit.remembering = Remembering(wordings=visit.remembering.wordings, notice=Notice.ERASED)
        else:
            visit.remembering.notice = Notice.AWAY

    # Who is sent away by an erasure may leave: it is asked for until somebody answers, from working memory alone.
    wish = EraseShopper(shopper_id=visit.remembering.shopper_id)
    questions.ask(kiosk, visit, wish, take, tries=ERASE_TRIES, is_lasting=True)


def drawn(kiosk: Kiosk) -> str:
    """Return 128 bits that nobody can guess, as the source of new numbers is."""
    return hashlib.sha256(kiosk.new_id().encode()).hexdigest()[:32]


def back(visit: Visit) -> bool:
    """Go one sheet back; False on the first one."""
    state = visit.remembering
    before, state.token, state.fact_id = state.sheet, "", None
    state.sheet = Sheet.FACTS if before is Sheet.CORRECT else Sheet.CONSENT
    return before is not Sheet.CONSENT
