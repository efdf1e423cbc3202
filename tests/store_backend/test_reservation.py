from __future__ import annotations

import itertools

import pytest

from aisle.messages.pickup import ReservationState
from aisle.messages.store import ProductLine
from store_backend import reservation
from store_backend.reservation import Effect, ReservationEvent

HELD, CONFIRMED, TAKEN, RELEASED, EXPIRED = ReservationState
POSSIBLE = {
    (HELD, ReservationEvent.CONFIRM): CONFIRMED,
    (HELD, ReservationEvent.RELEASE): RELEASED,
    (HELD, ReservationEvent.RUN_OUT): EXPIRED,
    (CONFIRMED, ReservationEvent.TAKE): TAKEN,
    (CONFIRMED, ReservationEvent.RELEASE): RELEASED,
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(ReservationState, ReservationEvent)))
def test_every_event_in_every_state(state: ReservationState, event: ReservationEvent) -> None:
    assert reservation.after(state, event) is POSSIBLE.get((state, event))


def test_every_way_to_an_end_gives_back_what_was_held_exactly_once() -> None:
    for end in (TAKEN, RELEASED, EXPIRED):
        assert reservation.effect_of(end).held == -1
    assert reservation.effect_of(CONFIRMED) == Effect()


def test_only_what_is_taken_leaves_the_store() -> None:
    assert [state for state in (CONFIRMED, TAKEN, RELEASED, EXPIRED) if reservation.effect_of(state).count] == [TAKEN]


def test_lines_of_one_product_are_one_and_come_in_ascending_order() -> None:
    lines = [ProductLine(product_id=7, quantity=2), ProductLine(product_id=3, quantity=1)]
    assert list(reservation.gathered([*lines, *lines]).items()) == [(3, 2), (7, 4)]
