"""The tour on the screen against the tour of the robot, which is the truth about it."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

from aisle.messages.care import Stage
from aisle.messages.visit import RobotView, Screen, VisitState
from kiosk_ui import calls, tours
from kiosk_ui.visit import Tour, Visit
from kiosk_ui.words import words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

log = logging.getLogger(__name__)

BELIEVE_ARRIVAL_S = 1.0
LOST_S, UNSEEN_S = 2.0, 6.0
STOPPED_S = 30.0
STANDS_S, CALL_AFTER_S = 60.0, 12.0
"""A robot that looks for its place stands stopped for 10 s, and then calls itself: that has to come first."""
MOST_REPEATS = 2
STRAY_S = 2.0
GOES_ON_M = 2.0
"""A robot that tries again and backs up a little is still stuck; so far it has driven when it is not."""
_STANDING = (VisitState.STOPPED, VisitState.ASTRAY)


def follow(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Let the screen go where the robot goes."""
    tour, view = visit.tour, kiosk.robot.now
    if tour is None or view is None:
        return
    is_ours = view.session_id == visit.session_id and view.product_id == tour.product_id
    if tour.accepted_s is None and is_ours:
        # It goes, although its answer was lost or is still on the way.
        kiosk.outbox.drop_question(tour.token)
        tour.token = None
        tours.begin(kiosk, visit, tour, now_s)
    if kiosk.screen is not Screen.GUIDING or tour.accepted_s is None:
        return
    _walk(visit, tour, view, now_s)
    if is_ours:
        _go_on(kiosk, visit, tour, view, now_s)
    else:
        _miss(kiosk, visit, tour, view, now_s)


def _go_on(kiosk: Kiosk, visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    assert tour.accepted_s is not None
    tour.lost_s, tour.was_thanked = None, False
    if view.visit is not VisitState.ARRIVED:
        tour.was_seen = True
        _call_when_stuck(kiosk, visit, tour, view, now_s)
    elif tour.was_seen or now_s - tour.accepted_s > BELIEVE_ARRIVAL_S:
        visit.journey.tell("We arrived at the shelf.")
        kiosk.record(visit, now_s, Stage.DELIVERY, "arrived")
        kiosk.arrive(visit, now_s)


def _call_when_stuck(kiosk: Kiosk, visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    """Send for a person, once, when the robot asks for one, and when it stands for long without saying why."""
    stands = view.visit is VisitState.GUIDING and now_s - tour.moved_s > STANDS_S
    if view.visit not in (VisitState.CALLING, *_STANDING) and not stands:
        if visit.journey.metres - tour.stuck_metres > GOES_ON_M:
            tour.stuck_s = None
        return
    if tour.stuck_s is None:
        tour.stuck_s, tour.stuck_metres = now_s, visit.journey.metres
    asks = view.visit is VisitState.CALLING or now_s - tour.stuck_s > CALL_AFTER_S
    if asks and not (tour.called or kiosk.called_to_robot or view.visit is VisitState.ASTRAY):
        tour.called = True
        visit.journey.tell(f"The robot cannot go on at x {view.x_m:.1f} m, y {view.y_m:.1f} m.")
        calls.call(kiosk, visit, now_s, is_open=False)


def _miss(kiosk: Kiosk, visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    """The robot is on no tour, or on another one; when that lasts, find out why and ask again."""
    tour.lost_s = now_s if tour.lost_s is None else tour.lost_s
    tour.was_thanked = tour.was_thanked or view.visit is VisitState.THANKING
    if tour.token is not None or now_s - tour.lost_s <= (LOST_S if tour.was_seen else UNSEEN_S):
        return
    table = words(kiosk.language)
    if tour.was_thanked:
        _stop(kiosk, visit, now_s, "tour_ended", table.tour_ended)
    elif view.visit is VisitState.CHARGING:
        _stop(kiosk, visit, now_s, "tour_lost", table.must_charge)
    elif view.visit in _STANDING and now_s - tour.lost_s < STOPPED_S:
        # It cannot take the tour up now; the screen says why it stands.
        return
    elif tour.repeats < MOST_REPEATS:
        tour.repeats, tour.lost_s = tour.repeats + 1, now_s
        log.warning("the robot has lost the tour; it is asked again, %d of %d", tour.repeats, MOST_REPEATS)
        visit.journey.tell("The robot had lost the tour and was asked again.")
        tours.request(kiosk, visit, tour)
    else:
        _stop(kiosk, visit, now_s, "tour_lost", table.tour_lost)


def _stop(kiosk: Kiosk, visit: Visit, now_s: float, outcome: str, notice: str) -> None:
    visit.journey.tell(f"The tour is over: {outcome}.")
    if not (visit.tour and visit.tour.was_thanked):
        kiosk.wait_anew(now_s)
    kiosk.record(visit, now_s, Stage.DELIVERY, outcome)
    kiosk.halt(visit, notice)


def call_when_refused(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Send for a person, once a visit, when the robot asks for one without a tour: it cannot lead this shopper."""
    view = kiosk.robot.now
    asks = view is not None and view.visit is VisitState.CALLING and not view.session_id
    if asks and visit.requests and visit.tour is None and visit.call is None:
        calls.call(kiosk, visit, now_s, is_open=True)


def call_when_astray(kiosk: Kiosk, now_s: float) -> None:
    """Send for a person, once each time, when the robot does not know where it is; somebody at the screen or not."""
    view = kiosk.robot.now
    if view is None or view.visit is VisitState.STOPPED:
        # Not known, or whoever comes holds it: neither ends what was called for.
        return
    if view.visit is VisitState.ASTRAY and not kiosk.called_to_robot:
        calls.call_to_robot(kiosk, view, now_s)
    kiosk.called_to_robot = view.visit is VisitState.ASTRAY


def end_stray(kiosk: Kiosk, now_s: float) -> None:
    """End a tour that the robot is on although nobody wants it any more, such as one that began too late.

    Only tours that this screen asked for are ended, and only when they last: the view is a moment old.
    """
    view, visit = kiosk.robot.now, kiosk.visit
    stray = view.session_id if view is not None else ""
    is_wanted = visit is not None and visit.tour is not None and visit.session_id == stray
    if is_wanted or stray not in kiosk.toured:
        kiosk.stray_since_s = None
    elif kiosk.stray_since_s is None:
        kiosk.stray_since_s = now_s
    elif now_s - kiosk.stray_since_s > STRAY_S:
        kiosk.stray_since_s = now_s
        log.warning("the robot is on a tour that nobody wants any more; it is ended")
        tours.cancel(kiosk, stray, f"stray{int(now_s)}")


def _walk(visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    """Count the metres of the tour, and remember when the robot last moved."""
    here = (view.x_m, view.y_m)
    if tour.position is None:
        tour.position = here
    step_m = math.dist(tour.position, here)
    if step_m > 0.1:
        visit.journey.metres += step_m
        tour.position, tour.moved_s = here, now_s
