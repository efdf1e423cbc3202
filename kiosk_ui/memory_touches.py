"""What the controls of "What I may remember" do; `touches` has the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aisle.messages.memory import Purpose
from kiosk_ui import consent, phone_codes, remembering
from kiosk_ui.flow import Event
from kiosk_ui.visit import Prompt, Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

FACT_ROWS = 5
PURPOSES = tuple(Purpose)


def _remember(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    kiosk.go(Event.REMEMBER)
    remembering.open_page(kiosk, visit)


def _allow(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    consent.give(kiosk, visit, PURPOSES[int(index)])


def _decline(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    consent.withdraw(kiosk, visit, PURPOSES[int(index)])


def _see_memory(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    remembering.show_facts(kiosk, visit)


def _more_facts(_kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    state = visit.remembering
    following = state.first_fact + FACT_ROWS
    state.first_fact = following if following < len(state.facts) else 0


def _delete_fact(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    state = visit.remembering
    remembering.delete(kiosk, visit, state.facts[state.first_fact + int(index)].fact_id)


def _correct_fact(_kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    state = visit.remembering
    remembering.begin_correction(visit, state.facts[state.first_fact + int(index)])


def _save(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    remembering.save(kiosk, visit)


def _my_number(_kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    phone_codes.show_number(visit)


def _phone_knows_me(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    phone_codes.greet(kiosk, visit)


def _link_card(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    phone_codes.link_card(kiosk, visit)


def _erase_all(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.prompt(visit, Prompt.ERASE, now_s)


def _erase(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    remembering.erase(kiosk, visit)


ACTIONS: dict[str, Callable[[Kiosk, Visit, str, float], None]] = {
    "remember": _remember,
    "allow": _allow,
    "decline": _decline,
    "see_memory": _see_memory,
    "more_facts": _more_facts,
    "delete_fact": _delete_fact,
    "correct_fact": _correct_fact,
    "save": _save,
    "my_number": _my_number,
    "phone_knows_me": _phone_knows_me,
    "link_card": _link_card,
    "erase_all": _erase_all,
    "erase": _erase,
}
