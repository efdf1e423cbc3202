"""From what the kiosk knows to what it shows, in the words of the shopper's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.visit import Screen
from kiosk_ui.pages import basket, finding, listing, memory, product, prompts, tour
from kiosk_ui.view import Page, View
from kiosk_ui.visit import CallStatus
from kiosk_ui.words import LANGUAGES, Words, words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

CAPTION_S = 6.0
_WITH_BACK = frozenset({Screen.SEARCH, Screen.PRODUCT, Screen.BASKET, Screen.MEMORY})
_WITH_HOME = _WITH_BACK | {Screen.ARRIVAL}
_WITH_LIST = frozenset({Screen.HOME, Screen.SEARCH, Screen.PRODUCT, Screen.ARRIVAL})
_COMING = frozenset({CallStatus.CLAIMED, CallStatus.ARRIVED})


def view(kiosk: Kiosk, now_s: float) -> View:
    """Return everything that is to be shown at this instant."""
    table, visit = words(kiosk.language), kiosk.visit
    called = visit.call if visit else None
    is_called = called is not None and called.status in _COMING
    is_over = visit is not None and visit.thanked_s is not None
    return View(
        screen=kiosk.screen,
        page=_page(kiosk, table, now_s),
        title=_title(kiosk, table),
        language=kiosk.language,
        languages=tuple((code, one.name) for code, one in LANGUAGES.items()),
        back=table.back if kiosk.screen in _WITH_BACK else "",
        home=table.home if kiosk.screen in _WITH_HOME and not is_over else "",
        my_list=listing.button(visit, table) if visit and kiosk.screen in _WITH_LIST and not is_over else "",
        call=_call(called.status if called else None, table),
        is_called=is_called,
        panel=prompts.panel(visit, table) if visit else None,
        offline=table.offline if kiosk.backend_is_lost else "",
        caption=_caption(kiosk, table, now_s),
    )


def _call(status: CallStatus | None, table: Words) -> str:
    labels = {CallStatus.ARRIVED: table.person_called, CallStatus.CLAIMED: table.person_comes}
    return labels.get(status, table.call_person) if status is not None else table.call_person


def _title(kiosk: Kiosk, table: Words) -> str:
    visit = kiosk.visit
    if kiosk.screen is Screen.HOME:
        return table.home_title
    if kiosk.screen is Screen.SEARCH and visit is not None:
        return {"know": table.ask_know, "go": table.ask_go, "buy": table.ask_buy, "do": table.ask_do}[visit.topic]
    if kiosk.screen is Screen.BASKET and visit is not None:
        return table.list_title if visit.hand_off is None else ""
    if kiosk.screen is Screen.MEMORY and visit is not None:
        return memory.title(visit, table)
    return ""


def _caption(kiosk: Kiosk, table: Words, now_s: float) -> str:
    """Return what the robot said aloud a moment ago, for those who did not hear it."""
    robot = kiosk.robot
    if kiosk.screen is not Screen.ATTRACT or now_s - robot.captioned_s > CAPTION_S:
        return ""
    return table.spoken.get(robot.caption, robot.caption)


def _page(kiosk: Kiosk, table: Words, now_s: float) -> Page:
    visit = kiosk.visit
    if visit is None or kiosk.screen is Screen.ATTRACT:
        return finding.attract(kiosk, table, now_s)
    match kiosk.screen:
        case Screen.SEARCH:
            return finding.search(kiosk, visit, table)
        case Screen.PRODUCT:
            return product.product_page(kiosk, visit, table, now_s)
        case Screen.GUIDING:
            return tour.guiding(kiosk, visit, table, now_s)
        case Screen.ARRIVAL:
            return tour.arrival(kiosk, visit, table)
        case Screen.BASKET:
            return basket.page(kiosk, visit, table, now_s)
        case Screen.MEMORY:
            return memory.page(kiosk, visit, table)
    return finding.home(kiosk, table)
