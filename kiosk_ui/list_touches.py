"""What the controls of the shopper's list do, and of the advice around it; `touches` has the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aisle.messages.care import Stage
from aisle.messages.visit import Screen
from kiosk_ui import advising, hand_off, keeping, tours
from kiosk_ui.flow import Event
from kiosk_ui.hand_off import Way
from kiosk_ui.pages import lists
from kiosk_ui.visit import Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

_WAY_BACK = {Screen.PRODUCT: Event.CHOOSE, Screen.SEARCH: Event.ASK, Screen.ARRIVAL: Event.ARRIVE}


def _put_on_list(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    if visit.hand_off is not None and not visit.hand_off.is_under_way:
        # What became of the list before was read; this is a new one, or that one goes on.
        visit.hand_off = None
    if visit.product_id is not None and visit.basket.add(visit.product_id):
        visit.journey.tell("Put it on the list.")
        kiosk.record(visit, now_s, Stage.SELECTION, "listed")


def _my_list(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    tours.drop_pending(kiosk, visit)
    visit.before_list, visit.first_line = _WAY_BACK.get(kiosk.screen, Event.BACK), 0
    advising.complete(kiosk, visit)
    kiosk.go(Event.LIST)


def _more_of(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    visit.basket.add(_line(visit, index))


def _less_of(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    before = visit.basket.products
    visit.basket.take_off(_line(visit, index))
    if visit.basket.products != before:
        visit.first_line = min(visit.first_line, max(0, (len(before) - 2) // lists.ROWS * lists.ROWS))
        advising.complete(kiosk, visit)


def _line(visit: Visit, index: str) -> int:
    return visit.basket.products[visit.first_line + int(index)]


def _more_lines(_kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    following = visit.first_line + lists.ROWS
    visit.first_line = following if following < len(visit.basket.products) else 0


def _completing(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    _choose(kiosk, visit, lists.completing_products(kiosk)[int(index)].product_id, now_s)


def _reminder(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    _choose(kiosk, visit, lists.reminding_products(kiosk)[int(index)].product_id, now_s)


def _discovery(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    _choose(kiosk, visit, lists.discovered_products(kiosk)[int(index)].product_id, now_s)


def _nearby(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    _choose(kiosk, visit, lists.nearby_products(kiosk)[int(index)].product_id, now_s)


def _choose(kiosk: Kiosk, visit: Visit, product_id: int, now_s: float) -> None:
    tours.end(kiosk, visit)
    visit.trail.clear()
    visit.came_from_search = False
    kiosk.choose(visit, product_id, now_s)


def _to_till(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    hand_off.begin(kiosk, visit, Way.TILL, now_s)


def _lay_ready(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    hand_off.begin(kiosk, visit, Way.PICKUP, now_s)


def _keep_list(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    keeping.keep_wishes(kiosk, visit)


def _take_wishes(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    for product_id in lists.open_wishes(kiosk):
        visit.basket.add(product_id)
    visit.first_line = 0
    advising.complete(kiosk, visit)


def _change_list(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    hand_off.take_back(kiosk, visit)


ACTIONS: dict[str, Callable[[Kiosk, Visit, str, float], None]] = {
    "put_on_list": _put_on_list,
    "my_list": _my_list,
    "more_of": _more_of,
    "less_of": _less_of,
    "more_lines": _more_lines,
    "completing": _completing,
    "reminder": _reminder,
    "discovery": _discovery,
    "nearby": _nearby,
    "to_till": _to_till,
    "lay_ready": _lay_ready,
    "change_list": _change_list,
    "keep_list": _keep_list,
    "take_wishes": _take_wishes,
}
