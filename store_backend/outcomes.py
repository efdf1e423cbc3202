"""What the outcomes of journey events say about a visit: the one list that score, alerts, checklist and report use.

An outcome that is not here is kept and replayed, and says nothing about how well it went.
"""

from __future__ import annotations

from types import MappingProxyType

CREDITS = MappingProxyType({
    # Orientation
    "started": 1.0, "nothing_found": 0.2, "left": 0.2, "interrupted": 0.4,
    # Selection
    "chosen": 1.0, "sold_out": 0.4, "asked_similar": 0.6, "tour_started": 1.0, "tour_refused": 0.3,
    # Payment
    "paid": 1.0, "paid_with_help": 0.7, "waited_to_pay": 0.5, "payment_failed": 0.1,
    # Delivery
    "arrived": 0.9, "found": 1.0, "not_here": 0.1, "resumed": 0.7, "tour_ended": 0.5, "tour_cancelled": 0.3,
    "tour_lost": 0.1, "handed_over": 1.0, "pickup_late": 0.4,
    # Care
    "person_called": 0.6, "helped": 1.0, "handed_back": 0.8, "not_helped": 0.1, "complained": 0.2,
    "complaint_solved": 0.8, "returned_goods": 0.3,
})  # fmt: skip
"""How good an outcome is for the shopper, 0 to 1."""

FAILURE_AT_MOST = 0.4
"""An outcome with at most this credit is a failure."""

RESOLVED = frozenset({"found", "paid", "paid_with_help", "handed_over", "helped", "complaint_solved"})
"""The need of the visit is met."""

CLOSINGS = frozenset({"left", "interrupted"})
"""The visit ends; that is only a loss when its need was not met."""

TROUBLES = frozenset({"nothing_found", "sold_out", "not_here", "tour_lost", "tour_refused", "payment_failed"})
"""What makes shoppers go without buying."""

TOUR_ABANDONED = frozenset({"tour_cancelled", "tour_lost"})
PROMPTED = frozenset({"scored", "skipped"})
RETURNING, CONSENT_GIVEN, CONSENT_WITHDRAWN = "recognised", "consent_given", "consent_withdrawn"
"""Sent by whoever serves a shopper who agreed to be known again; who it is stays with the consent."""
ADVISED = frozenset({"asked_know", "asked_similar", "advised"})
SOLD = frozenset({"paid", "paid_with_help"})
SEARCH_FAILED = "nothing_found"
BACK = "back"
CAN_ALERT = TOUR_ABANDONED | {SEARCH_FAILED, BACK}
"""The outcomes that the rules of `store_backend.alerts` count."""
