"""What each control does: one short function a control, one row each in the table at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aisle.messages.care import Stage
from aisle.messages.visit import Screen
from kiosk_ui import advising, calls, list_touches, memory_touches, remembering, tours
from kiosk_ui.flow import Event
from kiosk_ui.pages import lists
from kiosk_ui.visit import CALL_OVER, TOPICS, Ending, Prompt, Topic, Visit
from kiosk_ui.words import words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

Action = Callable[["Kiosk", Visit, str, float], None]


def touch(kiosk: Kiosk, visit: Visit, control: str, now_s: float) -> None:
    """Carry out a control that is on the screen, such as "start" or "key:a"."""
    name, _, argument = control.partition(":")
    visit.prompt = None
    _ACTIONS[name](kiosk, visit, argument, now_s)


def is_of_somebody_else(visit: Visit, control: str) -> bool:
    """Tell whether a touch belongs to somebody who is not on the tour: it is no effort of the visit's shopper."""
    is_answering = visit.prompt is Prompt.SOMEBODY_ELSE or visit.open_call is visit.call_of_other is not None
    return control.startswith("somebody_else:") or (control in ("call_colleague", "close") and is_answering)


def _start(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.record(visit, now_s, Stage.ORIENTATION, "started")
    kiosk.go(Event.START)


def _topic(topic: Topic) -> Action:
    def ask(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
        visit.topic = topic
        visit.journey.tell(f"I want to {topic}.")
        kiosk.search(visit, "")
        kiosk.record(visit, now_s, Stage.ORIENTATION, f"asked_{topic}")
        kiosk.go(Event.ASK)

    return ask


def _key(kiosk: Kiosk, visit: Visit, key: str, _now_s: float) -> None:
    if kiosk.screen is Screen.MEMORY:
        remembering.type_key(visit, key)
        return
    query = visit.query
    kiosk.search(visit, query[:-1] if key == "back" else query + (" " if key == "space" else key))


def _result(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    visit.trail.clear()
    visit.came_from_search = True
    if visit.query:
        visit.journey.tell(f"Searched for “{visit.query}”.")
    kiosk.choose(visit, lists.listed_products(kiosk)[visit.first_row + int(index)], now_s)


def _suggestion(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    visit.trail.clear()
    visit.came_from_search = False
    kiosk.choose(visit, lists.suggested_products(kiosk)[int(index)], now_s)


def _pairing(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    if visit.product_id is not None:
        visit.trail.append(visit.product_id)
    tours.drop_pending(kiosk, visit)
    kiosk.choose(visit, lists.paired_products(kiosk)[int(index)].product_id, now_s)


def _alternative(kiosk: Kiosk, visit: Visit, index: str, now_s: float) -> None:
    instead = lists.alternative_products(kiosk)[int(index)]
    visit.journey.tell("It was sold out; looked at something instead.")
    kiosk.record(visit, now_s, Stage.SELECTION, "sold_out")
    if visit.product_id is not None:
        visit.trail.append(visit.product_id)
    tours.drop_pending(kiosk, visit)
    kiosk.choose(visit, instead, now_s)


def _pick(kiosk: Kiosk, visit: Visit, index: str, _now_s: float) -> None:
    visit.pick, visit.first_row = lists.picks(kiosk)[visit.first_row + int(index)], 0
    visit.journey.tell(f"Chose {visit.pick}.")


def _more(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    visit.first_row = lists.next_first_row(kiosk)


def _take_me_there(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    tours.ask(kiosk, visit)


def _cancel_tour(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.prompt(visit, Prompt.STOP, now_s)


def _go_on(_kiosk: Kiosk, _visit: Visit, _argument: str, _now_s: float) -> None:
    """Take back what was asked; every touch closes the question."""


def _somebody_else(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.prompt(visit, Prompt.SOMEBODY_ELSE, now_s)


def _call_colleague(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    calls.call_for_somebody_else(kiosk, visit, now_s)


def _i_am_here(kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    """Asked again for the tour under way, the robot knows that its shopper stands at the screen."""
    tour = visit.tour
    if kiosk.screen is Screen.GUIDING and tour is not None and tour.token is None:
        visit.journey.tell("The robot had waited; the shopper was there.")
        tours.request(kiosk, visit, tour)


def _i_am_done(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.leave(visit, now_s)


def _stop_tour(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    visit.journey.tell("The tour was stopped at the screen.")
    kiosk.record(visit, now_s, Stage.DELIVERY, "tour_cancelled")
    kiosk.halt(visit, words(kiosk.language).tour_stopped)


def _found(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    visit.journey.tell("The product was found.")
    kiosk.record(visit, now_s, Stage.DELIVERY, "found")
    visit.ending = Ending.SCORING


def _not_here(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    visit.journey.tell("The product was not on its shelf.")
    kiosk.record(visit, now_s, Stage.DELIVERY, "not_here")
    visit.ending = Ending.SORRY
    advising.look_around(kiosk, visit)


def _similar(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    product = kiosk.shop.product(visit.product_id) if kiosk.shop and visit.product_id is not None else None
    kiosk.record(visit, now_s, Stage.SELECTION, "asked_similar")
    kiosk.search(visit, product.name.lower() if product else "")
    kiosk.go(Event.ASK)


def _done(_kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    visit.ending = Ending.SCORING


def _score(kiosk: Kiosk, visit: Visit, score: str, now_s: float) -> None:
    kiosk.take_score(visit, int(score), now_s)


def _skip(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    kiosk.record(visit, now_s, Stage.CARE, "skipped")
    kiosk.thank(visit, now_s)


def _back(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    if kiosk.screen is Screen.MEMORY:
        _back_in_memory(kiosk, visit)
        return
    tours.drop_pending(kiosk, visit)
    if not _note_nothing_found(kiosk, visit, now_s):
        kiosk.record(visit, now_s, Stage.SELECTION, "back")
    if kiosk.screen is Screen.PRODUCT and visit.trail:
        kiosk.choose(visit, visit.trail.pop(), now_s)
    elif kiosk.screen is Screen.PRODUCT and visit.came_from_search:
        kiosk.go(Event.ASK)
    elif kiosk.screen is Screen.SEARCH and visit.pick:
        visit.pick, visit.first_row = "", 0
    elif kiosk.screen is Screen.BASKET:
        kiosk.go(visit.before_list)
    else:
        kiosk.go(Event.BACK)


def _back_in_memory(kiosk: Kiosk, visit: Visit) -> None:
    if not remembering.back(visit):
        kiosk.go(Event.BACK)


def _home(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    _note_nothing_found(kiosk, visit, now_s)
    tours.end(kiosk, visit)
    visit.thanked_s, visit.ending, visit.product_id = None, Ending.LOOKING, None
    visit.trail.clear()
    kiosk.search(visit, "")
    kiosk.go(Event.HOME)


def _note_nothing_found(kiosk: Kiosk, visit: Visit, now_s: float) -> bool:
    """Record a search that is left without a hit; tell whether this was one."""
    is_empty = kiosk.screen is Screen.SEARCH and bool(visit.query.strip()) and not visit.hits
    if is_empty:
        kiosk.record(visit, now_s, Stage.ORIENTATION, "nothing_found")
    return is_empty


def _language(kiosk: Kiosk, visit: Visit, _language: str, _now_s: float) -> None:
    if visit.query:
        kiosk.search(visit, visit.query)
    if kiosk.screen is Screen.MEMORY:
        remembering.ask_wordings(kiosk, visit)
    kiosk.go(Event.START)


def _call_person(kiosk: Kiosk, visit: Visit, _argument: str, now_s: float) -> None:
    if visit.call is None or visit.call.status in CALL_OVER:
        calls.call(kiosk, visit, now_s, is_open=True)
    else:
        calls.show(visit, now_s)
    kiosk.go(Event.START)


def _close(_kiosk: Kiosk, visit: Visit, _argument: str, _now_s: float) -> None:
    if visit.open_call is not None:
        visit.open_call.is_open = False


_ACTIONS: dict[str, Action] = {
    "start": _start,
    **{topic: _topic(topic) for topic in TOPICS},
    "key": _key,
    "result": _result,
    "suggestion": _suggestion,
    "pairing": _pairing,
    "alternative": _alternative,
    "pick": _pick,
    "more": _more,
    "take_me_there": _take_me_there,
    "cancel_tour": _cancel_tour,
    "stop_tour": _stop_tour,
    "go_on": _go_on,
    "somebody_else": _somebody_else,
    "call_colleague": _call_colleague,
    "i_am_here": _i_am_here,
    "i_am_done": _i_am_done,
    "found": _found,
    "not_here": _not_here,
    "similar": _similar,
    "done": _done,
    "score": _score,
    "skip": _skip,
    "back": _back,
    "home": _home,
    "language": _language,
    "call_person": _call_person,
    "close": _close,
    **list_touches.ACTIONS,
    **memory_touches.ACTIONS,
}
