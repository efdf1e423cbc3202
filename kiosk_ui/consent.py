"""Consent at the screen: a "yes" counts when the store has confirmed it, a "no" from the touch on.

Silence never means yes: where nobody knows whether the store has heard a "yes", it is told to withdraw it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Stage
from aisle.messages.memory import ChangeConsent, ConsentChanged, Language, Purpose
from kiosk_ui import advising, questions
from kiosk_ui.demands import Demanded, is_refused
from kiosk_ui.lanes import Answer
from kiosk_ui.remembering import Notice, Remembering, ask, ask_wordings, drawn, read

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit


def give(kiosk: Kiosk, visit: Visit, purpose: Purpose) -> None:
    """Ask the store to note a "yes"; nothing happens where it is noted already, or the words were not shown."""
    state = visit.remembering
    if kiosk.language not in state.wordings or state.changing is not None or purpose in state.usable:
        return
    if state.shopper_id and not state.is_told:
        # A "yes" that stays without an answer is withdrawn, and that must not take what was allowed before.
        read(kiosk, visit)
        return
    if not state.shopper_id:
        state.shopper_id, state.is_told = drawn(kiosk), True
    _take_back(kiosk, visit, purpose)
    state.withdrawn.discard(purpose)
    state.changing, state.notice = purpose, Notice.NONE
    ask(kiosk, visit, _wish(kiosk, state, purpose, given=True), _take_yes)


def withdraw(kiosk: Kiosk, visit: Visit, purpose: Purpose) -> None:
    """Withdraw a purpose of a shopper who has a number, whatever the screen knows of it; the use ends at once."""
    state = visit.remembering
    if not state.shopper_id or kiosk.language not in state.wordings:
        return
    state.notice = Notice.NONE
    _insist(kiosk, visit, purpose)


def end(kiosk: Kiosk, visit: Visit) -> None:
    """The shopper goes: a "yes" that has not been confirmed by then is not given."""
    if visit.remembering.changing is not None:
        _insist(kiosk, visit, visit.remembering.changing)


def _insist(kiosk: Kiosk, visit: Visit, purpose: Purpose) -> None:
    state = visit.remembering
    state.withdrawn.add(purpose)
    if purpose is Purpose.HISTORY_FOR_ADVICE:
        state.purchases = {}
        advising.use_history(kiosk, visit)
    _take_back(kiosk, visit, purpose)

    def take(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if visit.remembering is state:
            _take_no(kiosk, visit, answer)

    questions.insist(kiosk, visit, _wish(kiosk, state, purpose, given=False), take)


def _take_back(kiosk: Kiosk, visit: Visit, purpose: Purpose) -> None:
    """An older withdrawal must not come after a newer word about the same purpose."""
    shopper_id = visit.remembering.shopper_id

    def is_older(message: Demanded) -> bool:
        return isinstance(message, ChangeConsent) and (message.shopper_id, message.purpose) == (shopper_id, purpose)

    questions.take_back(kiosk, visit, is_older)


def _wish(kiosk: Kiosk, state: Remembering, purpose: Purpose, *, given: bool) -> ChangeConsent:
    return ChangeConsent(
        change_key=drawn(kiosk), shopper_id=state.shopper_id, purpose=purpose, given=given,
        wording_version=state.wordings[kiosk.language].version, language=Language(kiosk.language),
    )  # fmt: skip


def _take_yes(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
    state = visit.remembering
    purpose, state.changing = state.changing, None
    if purpose is None:
        return
    if isinstance(answer, ConsentChanged):
        _note(kiosk, visit, answer)
    elif isinstance(answer, Problem) and answer.code is ProblemCode.VERSION:
        state.notice = Notice.NEW_WORDS
        ask_wordings(kiosk, visit)
    else:
        state.notice = Notice.AWAY
        _insist(kiosk, visit, purpose)
        return
    if purpose in state.withdrawn:
        # "No" was touched meanwhile, and this "yes" may have come after it.
        _insist(kiosk, visit, purpose)


def _take_no(kiosk: Kiosk, visit: Visit, answer: Answer) -> None:
    state = visit.remembering
    if isinstance(answer, ConsentChanged):
        was_away = state.notice is Notice.AWAY
        _note(kiosk, visit, answer)
        if not was_away:
            state.notice, state.removed = Notice.REMOVED, answer.facts_removed
    elif state.notice is not Notice.AWAY:
        state.notice = Notice.AWAY if is_refused(answer) else Notice.LATER


def _note(kiosk: Kiosk, visit: Visit, answer: ConsentChanged) -> None:
    state, before = visit.remembering, visit.remembering.given
    state.given, state.is_told = frozenset(answer.given), True
    if state.given - before:
        kiosk.record_untimed(visit, Stage.CARE, "consent_given")
    if before - state.given:
        kiosk.record_untimed(visit, Stage.CARE, "consent_withdrawn")
    if Purpose.HISTORY_FOR_ADVICE not in state.given:
        state.purchases = {}
