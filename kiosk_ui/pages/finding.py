"""The pages on which a shopper begins: attract, home, search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from aisle.messages.advice import Recommendation
from kiosk_ui import places
from kiosk_ui.pages import lists
from kiosk_ui.pages.product import reason, standing
from kiosk_ui.view import AttractPage, HomePage, Question, Row, SearchPage
from kiosk_ui.visit import TOPICS, Visit
from kiosk_ui.words import Words, words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk


def attract(kiosk: Kiosk, table: Words, now_s: float) -> AttractPage:
    """Return the page that waits for a shopper; a robot that stands does not promise to lead."""
    return AttractPage(
        title=table.attract_title,
        text=table.attract_standing if standing(kiosk.robot, table, now_s) else table.attract_text,
        start=table.attract_start,
        notice=table.machine_notice,
        map=places.map_sight(kiosk.shop, kiosk.language, None, kiosk.robot.last, with_path=False),
    )


def home(kiosk: Kiosk, table: Words) -> HomePage:
    """Return the four questions and a few suggestions."""
    titles = (table.know, table.go, table.buy, table.do)
    hints = (table.know_hint, table.go_hint, table.buy_hint, table.do_hint)
    title, suggestions = _suggestions(kiosk, table)
    return HomePage(
        questions=tuple(Question(*one) for one in zip(TOPICS, titles, hints, strict=True)),
        suggestions_title=title,
        suggestions=suggestions,
        problem="" if kiosk.shop else table.no_catalogue,
        remember=table.remember,
    )


def _suggestions(kiosk: Kiosk, table: Words) -> tuple[str, tuple[Row, ...]]:
    """Return what a shopper who allowed it may want, one of it new; for everybody else what is bought often here."""
    new = lists.discovered_products(kiosk)[:1]
    again = lists.reminding_products(kiosk)[: lists.SUGGESTIONS - len(new)]
    if not again and not new:
        return table.often_bought, lists.rows(kiosk, "suggestion", lists.suggested_products(kiosk))
    return table.for_you if new else table.need_again, (
        *_reasoned(kiosk, "reminder", again, table),
        *_reasoned(kiosk, "discovery", [_briefly(kiosk, one) for one in new], table),
    )


def _reasoned(kiosk: Kiosk, control: str, items: Sequence[Recommendation], table: Words) -> tuple[Row, ...]:
    return lists.rows(kiosk, control, [one.product_id for one in items], [reason(kiosk, one, table) for one in items])


def _briefly(kiosk: Kiosk, item: Recommendation) -> Recommendation:
    """Name one cause of several, that with the shortest name: a card has little room."""
    names = {one: kiosk.shop.products[one].name for one in item.because if kiosk.shop and one in kiosk.shop.products}
    return msgspec.structs.replace(item, because=tuple(sorted(names, key=lambda one: len(names[one]))[:1]))


def search(kiosk: Kiosk, visit: Visit, table: Words) -> SearchPage:
    """Return what was typed and what was found."""
    chosen, listed, first = lists.picks(kiosk), lists.listed_products(kiosk), visit.first_row
    rows = _pick_rows(kiosk, chosen[first : first + lists.ROWS]) if chosen else _found_rows(kiosk, visit, listed, table)
    return SearchPage(
        query=visit.query,
        placeholder=table.type_here,
        rows_title=_rows_title(kiosk, visit, table) if rows else "",
        rows=rows,
        more=table.more if len(chosen or listed) > lists.ROWS else "",
        empty=("", "") if rows else _nothing(kiosk, visit, table),
        keyboard=table.keyboard,
        space=table.space,
    )


def _pick_rows(kiosk: Kiosk, chosen: Sequence[str]) -> tuple[Row, ...]:
    return tuple(Row(f"pick:{index}", _pick_name(kiosk, pick)) for index, pick in enumerate(chosen))


def _pick_name(kiosk: Kiosk, pick: str) -> str:
    names = words(kiosk.language).idea_names
    if pick in names:
        return names[pick]
    departments = kiosk.shop.plan.departments if kiosk.shop else ()
    name = next(one.name for one in departments if one.department_id == pick)
    return name.get(kiosk.language, name["en"])


def _found_rows(kiosk: Kiosk, visit: Visit, listed: Sequence[int], table: Words) -> tuple[Row, ...]:
    shown = slice(visit.first_row, visit.first_row + lists.ROWS)
    unmatched = [hit.unmatched for hit in visit.hits[shown]] if visit.is_asking else []
    details = [table.not_sure_about.format(words=", ".join(one)) if one else "" for one in unmatched]
    return lists.rows(kiosk, "result", listed[shown], details)


def _rows_title(kiosk: Kiosk, visit: Visit, table: Words) -> str:
    if visit.is_asking:
        return table.results
    if visit.pick:
        return _pick_name(kiosk, visit.pick)
    return {"go": table.departments, "do": table.ideas}.get(visit.topic, table.often_bought)


def _nothing(kiosk: Kiosk, visit: Visit, table: Words) -> tuple[str, str]:
    if kiosk.shop is None:
        return table.no_catalogue, ""
    return table.nothing_found.format(query=visit.query.strip()), table.nothing_found_hint
