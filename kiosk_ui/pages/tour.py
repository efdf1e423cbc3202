"""The pages of a tour: on the way, at the shelf, the question and the thanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.visit import VisitState
from kiosk_ui import places
from kiosk_ui.pages import lists
from kiosk_ui.pages.call import queue_text
from kiosk_ui.pages.listing import put_on_list
from kiosk_ui.pages.product import ROBOT_SILENT_S
from kiosk_ui.view import ArrivalPage, GuidingPage, Page, ScorePage, ThanksPage
from kiosk_ui.visit import Call, CallStatus, Ending, Visit
from kiosk_ui.words import Words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

ROBOT_STANDS_S = 4.0
ROBOT_STRAYS_S = 0.5


def guiding(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> GuidingPage:
    """Return the way to the shelf, and what the robot is doing."""
    product, robot = lists.shown(kiosk, visit), kiosk.robot
    title, hint, is_problem = _progress(kiosk, visit, table, now_s)
    is_waiting = robot.doing is VisitState.PAUSED and not is_problem
    left_m = robot.now.distance_left_m if robot.now else None
    return GuidingPage(
        title=title,
        hint=hint,
        is_problem=is_problem,
        name=product.name if product else "",
        price=lists.price(kiosk, product) if product else "",
        place=places.place(kiosk.shop, visit.product_id, kiosk.language),
        metres_left="" if left_m is None or is_problem else table.metres_left.format(metres=max(1, round(left_m))),
        here=table.i_am_here if is_waiting else "",
        cancel=table.stop_yes if is_waiting else table.cancel_tour,
        map=places.map_sight(kiosk.shop, kiosk.language, visit.product_id, robot.last),
    )


def _progress(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> tuple[str, str, bool]:
    robot, tour = kiosk.robot, visit.tour
    if robot.silent_s(now_s) > ROBOT_SILENT_S:
        return table.robot_lost, table.robot_lost_hint, True
    doing = robot.last.visit if robot.last else VisitState.GUIDING
    if doing is VisitState.CALLING:
        return table.blocked, _blocked_hint(visit.call, table), True
    if doing is VisitState.ASTRAY:
        return table.astray, _blocked_hint(visit.call, table), True
    if doing is VisitState.STOPPED:
        hint = _blocked_hint(visit.call, table) if tour is not None and tour.called else table.stopped_hint
        return table.stopped, hint, True
    if tour is not None and tour.lost_s is not None and now_s - tour.lost_s > ROBOT_STRAYS_S:
        return table.way_is_busy, table.asking_again_hint, False
    if doing is VisitState.PAUSED:
        return table.waiting_for_you, table.waiting_hint, False
    if tour is not None and now_s - tour.moved_s > ROBOT_STANDS_S:
        return table.way_is_busy, table.busy_hint, False
    return table.follow_me, table.follow_hint, False


def _blocked_hint(call: Call | None, table: Words) -> str:
    """Say how far the call for a person has got, never more."""
    if call is None or call.status is CallStatus.SENDING:
        return table.blocked_hint
    if call.status is CallStatus.ARRIVED:
        return f"{table.call_arrived}. {queue_text(call.waiting_before, table)}"
    if call.status is CallStatus.CLAIMED:
        return f"{table.call_claimed}. {table.call_claimed_hint}"
    if call.status in (CallStatus.HANDED_BACK, CallStatus.ENDED):
        return table.stopped_hint
    return table.call_late_hint if call.status is CallStatus.LATE else table.call_refused_hint


def arrival(kiosk: Kiosk, visit: Visit, table: Words) -> Page:
    """Return the step of the ending that the visit is at."""
    match visit.ending:
        case Ending.SCORING:
            return ScorePage(title=table.question, hard=table.hard, easy=table.easy, skip=table.skip)
        case Ending.THANKS:
            return ThanksPage(title=table.thanks, text=table.thanks_hint, home=table.something_else)
    product, is_sorry = lists.shown(kiosk, visit), visit.ending is Ending.SORRY
    place = places.place(kiosk.shop, visit.product_id, kiosk.language)
    nearby = lists.nearby_products(kiosk) if is_sorry else ()
    sorry = (("similar", table.similar), ("done", table.that_is_all))
    looking = (("found", table.found), ("not_here", table.not_here))
    return ArrivalPage(
        name=product.name if product else "",
        detail=lists.detail(kiosk, product) if product else "",
        price=lists.price(kiosk, product) if product else "",
        title=table.sorry if is_sorry else table.arrived,
        text=table.sorry_hint if is_sorry else (place.sentence if place else ""),
        place=place,
        shelf=places.shelf_sight(kiosk.shop, visit.product_id),
        shelf_title=table.this_bay,
        buttons=sorry if is_sorry else looking,
        nearby_title=table.nearby if nearby else "",
        nearby=lists.rows(kiosk, "nearby", [one.product_id for one in nearby]),
        put_on_list="" if is_sorry or not product else put_on_list(kiosk, visit, table),
    )
