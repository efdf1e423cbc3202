"""What may be remembered, what is remembered, and the codes for the shopper's phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aisle.messages.memory import Fact, Purpose, Wordings
from kiosk_ui import qr
from kiosk_ui.memory_touches import FACT_ROWS, PURPOSES
from kiosk_ui.remembering import Notice, Remembering, Sheet
from kiosk_ui.view import Choice, CodePage, ConsentPage, CorrectPage, FactLine, FactsPage, Page
from kiosk_ui.visit import Visit
from kiosk_ui.words import Words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

DIGITS = "1234567890"
SIGNS = "@.-"


def page(kiosk: Kiosk, visit: Visit, table: Words) -> Page:
    """Return the sheet that is open."""
    state = visit.remembering
    match state.sheet:
        case Sheet.FACTS:
            return _facts(state, table)
        case Sheet.CORRECT:
            return CorrectPage(
                draft=state.draft, keyboard=(DIGITS, *table.keyboard), signs=SIGNS, space=table.space, save=table.save
            )
        case Sheet.NUMBER:
            return _code(table.number_title, table.number_hint, state.shopper_id)
        case Sheet.GREETING:
            return _code(table.greeting_title, table.greeting_hint, state.token)
        case Sheet.CARD:
            return _code(table.card_title, table.card_hint, state.token)
    return _consent(kiosk, state, table)


def title(visit: Visit, table: Words) -> str:
    """Return the headline of the sheet; a code has its own."""
    headlines = {Sheet.CONSENT: table.remember, Sheet.FACTS: table.facts_title, Sheet.CORRECT: table.correct_title}
    return headlines.get(visit.remembering.sheet, "")


def _consent(kiosk: Kiosk, state: Remembering, table: Words) -> ConsentPage:
    shown = state.wordings.get(kiosk.language)
    return ConsentPage(
        intro=table.consent_intro,
        notice=_notice(state, table),
        is_problem=state.notice in (Notice.AWAY, Notice.LATER, Notice.NEW_WORDS),
        waiting="" if shown or state.notice is Notice.AWAY else table.starting,
        choices=_choices(state, shown, table) if shown else (),
        actions=_actions(state, table),
    )


def _choices(state: Remembering, shown: Wordings, table: Words) -> tuple[Choice, ...]:
    texts = {one.purpose: one.text for one in shown.wordings}
    return tuple(
        Choice(
            texts.get(purpose, ""),
            (f"decline:{index}", table.no),
            (f"allow:{index}", table.yes),
            purpose in state.usable,
            state.changing is purpose,
        )
        for index, purpose in enumerate(PURPOSES)
    )


def _actions(state: Remembering, table: Words) -> tuple[tuple[str, str], ...]:
    if not state.shopper_id:
        return (("phone_knows_me", table.phone_knows_me),)
    card = (("link_card", table.link_card),) if Purpose.LOYALTY in state.usable else ()
    return (
        ("see_memory", table.see_memory), ("my_number", table.my_number), *card, ("erase_all", table.erase_all)
    )  # fmt: skip


def _notice(state: Remembering, table: Words) -> str:
    sentences = {
        Notice.AWAY: table.memory_away,
        Notice.LATER: table.memory_later,
        Notice.NEW_WORDS: table.new_words,
        Notice.REMOVED: table.consent_removed.format(count=state.removed),
        Notice.ERASED: table.erased,
        Notice.WELCOME: table.welcome_back,
    }
    return sentences.get(state.notice, "")


def _facts(state: Remembering, table: Words) -> FactsPage:
    shown = state.facts[state.first_fact : state.first_fact + FACT_ROWS]
    empty = table.facts_none if state.is_read else table.starting
    is_away = state.notice is Notice.AWAY
    return FactsPage(
        lines=tuple(_line(index, fact, table) for index, fact in enumerate(shown)),
        empty="" if shown or is_away else empty,
        notice=_notice(state, table) if is_away else "",
        more=table.more if len(state.facts) > FACT_ROWS else "",
        correct=table.correct,
        delete=table.delete,
    )


def _line(index: int, fact: Fact, table: Words) -> FactLine:
    parts = (
        table.fact_kinds[fact.kind.value],
        table.fact_sources[fact.source.value],
        _date(fact.happened_unix_s, table),
        table.kept_until.format(date=_date(fact.kept_until_unix_s, table)),
    )
    return FactLine(index, fact.text, "  ·  ".join(parts))


def _date(unix_s: float, table: Words) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime(table.date_format)


def _code(headline: str, text: str, content: str) -> CodePage:
    return CodePage(title=headline, text=text, mood="good" if content else "busy", code=qr.modules(content))
