from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from aisle.messages import ProblemCode, journey, pickup, store
from aisle.messages.pickup import OrderState, OrderStep
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.pickup import OrderEvent, PickupSettings, after, has_run_out, reservation_event
from store_backend.tables import journey_events
from tests.catalogue.samples import APPLES, MILK
from tests.store_backend.steps import NOW_S, answer, opening, refused, rows

PLACED, PICKING, READY, HANDED_OVER, CANCELLED, EXPIRED = OrderState
POSSIBLE = {
    (PLACED, OrderEvent.START_PICKING): PICKING, (PICKING, OrderEvent.MAKE_READY): READY,
    (READY, OrderEvent.HAND_OVER): HANDED_OVER, (READY, OrderEvent.RUN_OUT): EXPIRED,
    (PLACED, OrderEvent.CANCEL): CANCELLED, (PICKING, OrderEvent.CANCEL): CANCELLED,
    (READY, OrderEvent.CANCEL): CANCELLED,
}  # fmt: skip


@dataclass
class Wall:
    """A clock that a test moves."""

    now_s: float = NOW_S

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store_backend(database_url: str, catalogue: CatalogueFile, wall: Wall) -> Iterator[Backend]:
    engine = open_database(database_url)
    yield Backend(engine, catalogue, wall)
    engine.dispose()


def lines(**quantities: int) -> tuple[store.ProductLine, ...]:
    numbers = {"milk": MILK, "apples": APPLES}
    return tuple(store.ProductLine(product_id=numbers[name], quantity=count) for name, count in quantities.items())


def free(backend: Backend, product_id: int = MILK) -> tuple[int | None, int | None]:
    """Return count and what is available."""
    (level,) = answer(backend, store.StockQuery(product_ids=(product_id,))).levels
    return level.count, level.available


def ordered(backend: Backend, milk: int = 2) -> None:
    answer(backend, store.StockCounted(product_id=MILK, count=5))
    answer(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=milk)))
    assert answer(backend, pickup.PlaceOrder(order_id="o1", reservation_id="r1")).state is PLACED


def step(backend: Backend, *steps: OrderStep) -> Any:
    replies = [answer(backend, pickup.MoveOrder(order_id="o1", step=one)) for one in steps]
    return replies[-1]


TO_READY = (OrderStep.START_PICKING, OrderStep.MAKE_READY)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(OrderState, OrderEvent)))
def test_every_event_in_every_state(state: OrderState, event: OrderEvent) -> None:
    assert after(state, event) is POSSIBLE.get((state, event))


def test_every_step_of_staff_is_an_event() -> None:
    assert {OrderEvent(one.value) for one in OrderStep} == set(OrderEvent) - {OrderEvent.RUN_OUT}


def test_every_end_settles_the_reservation() -> None:
    ends = [state for state in OrderState if not any(after(state, event) for event in OrderEvent)]
    assert all(reservation_event(state) is not None for state in ends)


def test_only_an_order_that_is_ready_runs_out() -> None:
    settings = PickupSettings(ready_for_s=10.0)
    assert [state for state in OrderState if has_run_out(state, 0.0, 10.0, settings)] == [READY]
    assert not has_run_out(READY, 0.0, 9.9, settings)


def test_what_is_reserved_is_not_available_and_still_counted(backend: Backend) -> None:
    answer(backend, store.StockCounted(product_id=MILK, count=5))
    held = answer(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=4)))
    assert (held.state, held.expires_unix_s) == (pickup.ReservationState.HELD, NOW_S + 600.0)
    assert free(backend) == (5, 1)


def test_more_than_is_free_is_refused_and_nothing_of_it_is_held(backend: Backend) -> None:
    answer(backend, store.StockCounted(product_id=APPLES, count=1))
    code, sentence = refused(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=1, apples=2)))
    assert code is ProblemCode.SOLD_OUT
    assert sentence == f"of product {APPLES} only 1 are free, 2 were wanted; nothing was reserved"
    assert free(backend) == (7, 7)
    assert refused(backend, pickup.ReservationQuery(reservation_id="r1"))[0] is ProblemCode.NOT_FOUND


def test_a_reservation_that_is_repeated_holds_once_and_another_under_its_number_is_refused(backend: Backend) -> None:
    first = answer(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=3)))
    assert answer(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=3))) == first
    assert refused(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=2)))[0] is ProblemCode.NOT_NOW
    assert free(backend) == (7, 4)


def test_a_reservation_runs_out_by_itself(store_backend: Backend, wall: Wall) -> None:
    answer(store_backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=7), hold_s=60.0))
    wall.now_s += 60.0
    assert free(store_backend) == (7, 7)
    told = answer(store_backend, pickup.ReservationQuery(reservation_id="r1"))
    assert told.state is pickup.ReservationState.EXPIRED
    assert refused(store_backend, pickup.PlaceOrder(order_id="o1", reservation_id="r1"))[0] is ProblemCode.NOT_NOW
    answer(store_backend, pickup.Reserve(reservation_id="r2", lines=lines(milk=7)))
    assert free(store_backend) == (7, 0)


def test_what_is_released_is_free_again_and_only_once(backend: Backend) -> None:
    answer(backend, pickup.Reserve(reservation_id="r1", lines=lines(milk=3)))
    for _ in range(2):
        released = answer(backend, pickup.ReleaseReservation(reservation_id="r1"))
        assert released.state is pickup.ReservationState.RELEASED
    assert free(backend) == (7, 7)


def test_an_order_keeps_its_reservation_beyond_the_time_of_holding(store_backend: Backend, wall: Wall) -> None:
    ordered(store_backend)
    wall.now_s += 10_000.0
    assert free(store_backend) == (5, 3)
    assert refused(store_backend, pickup.ReleaseReservation(reservation_id="r1"))[0] is ProblemCode.NOT_NOW


def test_an_order_goes_its_way_and_leaves_the_stock_when_it_is_handed_over(backend: Backend) -> None:
    ordered(backend)
    assert step(backend, *TO_READY).state is READY
    assert free(backend) == (5, 3)
    assert step(backend, OrderStep.HAND_OVER, OrderStep.HAND_OVER).state is HANDED_OVER
    assert free(backend) == (3, 3)


@pytest.mark.parametrize("before", [(), TO_READY[:1], TO_READY])
def test_a_cancelled_order_frees_its_products(backend: Backend, before: tuple[OrderStep, ...]) -> None:
    ordered(backend)
    for one in before:
        step(backend, one)
    for _ in range(2):
        assert answer(backend, pickup.CancelOrder(order_id="o1"), "kiosk_ui").state is CANCELLED
    assert free(backend) == (5, 5)


def test_a_step_out_of_turn_is_refused_in_words(backend: Backend) -> None:
    ordered(backend)
    code, sentence = refused(backend, pickup.MoveOrder(order_id="o1", step=OrderStep.HAND_OVER))
    assert (code, sentence) == (ProblemCode.NOT_NOW, "the order o1 is placed; hand_over is not possible now")


def test_an_order_that_nobody_fetches_ends_and_frees_its_products(store_backend: Backend, wall: Wall) -> None:
    ordered(store_backend)
    step(store_backend, *TO_READY)
    wall.now_s += PickupSettings().ready_for_s
    assert answer(store_backend, pickup.OrderQuery(order_id="o1")).state is EXPIRED
    assert refused(store_backend, pickup.MoveOrder(order_id="o1", step=OrderStep.HAND_OVER))[0] is ProblemCode.NOT_NOW


def test_staff_see_the_orders_that_wait_longest_first(store_backend: Backend, wall: Wall) -> None:
    for number in range(3):
        answer(store_backend, pickup.Reserve(reservation_id=f"r{number}", lines=lines(milk=1)))
        answer(store_backend, pickup.PlaceOrder(order_id=f"o{number}", reservation_id=f"r{number}"))
        wall.now_s += 1.0
    told = answer(store_backend, pickup.OrdersQuery(state=PLACED, limit=2))
    assert [one.order_id for one in told.orders] == ["o0", "o1"]


@pytest.mark.parametrize("ask", [
    lambda: pickup.OrderQuery(order_id="o9"), lambda: pickup.CancelOrder(order_id="o9"),
    lambda: pickup.MoveOrder(order_id="o9", step=OrderStep.HAND_OVER),
])  # fmt: skip
def test_an_order_that_does_not_exist_is_named(backend: Backend, ask: Callable[[], Any]) -> None:
    code, sentence = refused(backend, ask())
    assert code is ProblemCode.NOT_FOUND
    assert "o9" in sentence


def test_two_orders_cannot_share_a_reservation(backend: Backend) -> None:
    ordered(backend)
    assert refused(backend, pickup.PlaceOrder(order_id="o2", reservation_id="r1"))[0] is ProblemCode.NOT_NOW


def test_what_is_ordered_is_staged_before_what_is_expected(store_backend: Backend, wall: Wall) -> None:
    for number in range(3):
        answer(store_backend, pickup.Reserve(reservation_id=f"r{number}", lines=lines(apples=2)))
        answer(store_backend, pickup.PlaceOrder(order_id=f"o{number}", reservation_id=f"r{number}"))
        for one in (*TO_READY, OrderStep.HAND_OVER):
            answer(store_backend, pickup.MoveOrder(order_id=f"o{number}", step=one))
        wall.now_s += 86_400.0
    answer(store_backend, pickup.Reserve(reservation_id="now", lines=lines(milk=1)))
    answer(store_backend, pickup.PlaceOrder(order_id="now", reservation_id="now"))
    told = answer(store_backend, pickup.StagingQuery()).items
    assert [(one.product_id, one.ordered) for one in told] == [(MILK, 1), (APPLES, 0)]
    assert told[1].expected > told[0].expected > 0.0
    assert free(store_backend, APPLES) == (1, 1)


def test_an_order_that_is_handed_over_is_a_step_of_its_visit_once(store_backend: Backend) -> None:
    answer(store_backend, opening())
    answer(store_backend, pickup.Reserve(reservation_id="r9", lines=lines(milk=1), session_id="s1"))
    answer(store_backend, pickup.PlaceOrder(order_id="o9", reservation_id="r9"))
    for one in (OrderStep.START_PICKING, OrderStep.MAKE_READY, OrderStep.HAND_OVER, OrderStep.HAND_OVER):
        answer(store_backend, pickup.MoveOrder(order_id="o9", step=one))
    (event,) = rows(store_backend, journey_events)
    assert (event["stage"], event["outcome"], event["channel"]) == ("delivery", "handed_over", "staff")
    period = journey.Period(since_unix_s=NOW_S, until_unix_s=NOW_S + 1.0)
    points = {one.name: one.scores[0] for one in answer(store_backend, journey.ChecklistQuery(period=period)).points}
    assert (points["pickup_ready"].score, points["pickup_ready"].n) == (1.0, 1)
