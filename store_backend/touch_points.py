"""The points of the checklist."""

from __future__ import annotations

from aisle.messages.care import Stage
from store_backend.checklist import Effort, Layer, Outcomes, Point, Recorded


def _share(good: str, bad: str) -> Outcomes:
    return Outcomes(frozenset(good.split()), frozenset(bad.split()))


_GOALS, _POLICIES, _JOURNEY = Layer.GOALS, Layer.POLICIES, Layer.JOURNEY

CHECKLIST = (
    Point("needs_met", _GOALS, "Are the needs of visits met?",
          Recorded("needs_met")),
    Point("recommended", _GOALS, "Do shoppers who answer the one question give 9 or 10?",
          Recorded("recommended")),
    Point("no_detractors", _GOALS, "Do those who answer give more than 6?",
          Recorded("no_detractors")),
    Point("trust_kept", _GOALS, "Do those who agreed to be known leave it so?",
          Recorded("consent_kept")),
    Point("come_back", _GOALS, "Do shoppers who agreed to be known come back?",
          Recorded("returning")),
    Point("human_in_30_s", _POLICIES, "Does a person take a call within 30 s?",
          Recorded("human_in_time")),
    Point("calls_end_well", _POLICIES, "Do calls for a person end in help?",
          _share("helped", "not_helped")),
    Point("alerts_seen", _POLICIES, "Are visits that go wrong acknowledged by staff?",
          Recorded("alerts_acknowledged")),
    Point("failures_recovered", _POLICIES, "Are needs met although something went wrong on the way?",
          Recorded("recovered")),
    Point("complaints_solved", _POLICIES, "Are complaints solved?",
          Recorded("complaints_solved")),
    Point("search_finds", _JOURNEY, "Does a search end at a product?",
          _share("chosen", "nothing_found")),
    Point("first_answer_fast", _JOURNEY, "Is orientation done within a minute?",
          Effort(Stage.ORIENTATION, "seconds", 60.0)),
    Point("three_taps", _JOURNEY, "Does orientation take at most three taps?",
          Effort(Stage.ORIENTATION, "taps", 3.0)),
    Point("selection_light", _JOURNEY, "Does selection take at most six taps?",
          Effort(Stage.SELECTION, "taps", 6.0)),
    Point("in_stock", _JOURNEY, "Is what was chosen there to be bought?",
          _share("chosen", "sold_out")),
    Point("tour_starts", _JOURNEY, "Does a tour that was asked for begin?",
          _share("tour_started", "tour_refused")),
    Point("tour_arrives", _JOURNEY, "Does a tour that began arrive?",
          _share("arrived", "tour_lost tour_cancelled tour_ended")),
    Point("on_its_shelf", _JOURNEY, "Is the product on the shelf it was said to be on?",
          _share("found", "not_here")),
    Point("way_short", _JOURNEY, "Does the way to the shelf take at most 80 m?",
          Effort(Stage.DELIVERY, "metres", 80.0)),
    Point("delivery_fast", _JOURNEY, "Is the shopper at the shelf within three minutes?",
          Effort(Stage.DELIVERY, "seconds", 180.0)),
    Point("payment_smooth", _JOURNEY, "Does payment succeed at once?",
          _share("paid", "paid_with_help waited_to_pay payment_failed")),
    Point("payment_fast", _JOURNEY, "Is paying done within three minutes?",
          Effort(Stage.PAYMENT, "seconds", 180.0)),
    Point("pickup_ready", _JOURNEY, "Is what was ordered there when it is fetched?",
          _share("handed_over", "pickup_late")),
    Point("visit_finished", _JOURNEY, "Are visits finished, and not left or cut off?",
          _share("scored skipped found paid", "left interrupted")),
    Point("care_light", _JOURNEY, "Does care take at most two minutes of the shopper?",
          Effort(Stage.CARE, "seconds", 120.0)),
)  # fmt: skip
