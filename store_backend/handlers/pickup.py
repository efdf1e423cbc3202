"""Orders for pickup: placed out of a reservation, picked, ready, handed over."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Channel, JourneyEvent, Stage
from aisle.messages.pickup import (
    CancelOrder,
    MoveOrder,
    OrderQuery,
    OrdersQuery,
    OrderState,
    PickupOrder,
    PickupOrders,
    PlaceOrder,
    Reservation,
    ReservationState,
    Staged,
    Staging,
    StagingQuery,
)
from aisle.messages.store import ProductLine
from store_backend import pickup
from store_backend.handlers.reservations import happen, tell
from store_backend.handlers.visits import own_key, record_for_visit
from store_backend.pickup import OrderEvent, PickupSettings
from store_backend.records.orders import OrderRow
from store_backend.reservation import ReservationEvent
from store_backend.unit_of_work import UnitOfWork

_SETTINGS = PickupSettings()
_MOST_AT_ONCE = 100
_STAGING_DAYS = 90


def place_order(command: PlaceOrder, work: UnitOfWork) -> PickupOrder | Problem:
    """Order what a reservation holds; nothing is charged. The same order again changes nothing."""
    present = work.orders.find(command.order_id)
    if present is not None:
        return _repeated(present, command, work)
    if not _confirm(command.reservation_id, work):
        sentence = f"the reservation {command.reservation_id} is not held (any more); reserve again, then order"
        return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)
    row = {
        "order_id": command.order_id, "reservation_id": command.reservation_id, "state": OrderState.PLACED.value,
        "placed_unix_s": work.now_unix_s, "changed_unix_s": work.now_unix_s,
    }  # fmt: skip
    work.orders.add(row)
    return _tell(command.order_id, work)


def cancel_order(command: CancelOrder, work: UnitOfWork) -> PickupOrder | Problem:
    """End an order that was not handed over; its products are free again."""
    return _step(command.order_id, OrderEvent.CANCEL, work)


def move_order(command: MoveOrder, work: UnitOfWork) -> PickupOrder | Problem:
    """Take an order one step further."""
    return _step(command.order_id, OrderEvent(command.step.value), work)


def tell_order(command: OrderQuery, work: UnitOfWork) -> PickupOrder | Problem:
    """Say how an order stands."""
    return _tell(command.order_id, work)


def tell_orders(command: OrdersQuery, work: UnitOfWork) -> PickupOrders:
    """Say which orders are in a state, those waiting longest first."""
    rows = work.orders.in_state(command.state, command.limit)
    return PickupOrders(orders=tuple(_order(row, work) for row in rows))


def tell_staging(command: StagingQuery, work: UnitOfWork) -> Staging:
    """Say what to lay ready: what is ordered and not picked yet, then what is expected."""
    # NumPy would take a sixth of the time that the backend needs to start; `assignment.load` loads it soon after.
    from store_backend import staging

    lines = work.orders.units_since(work.now_unix_s - _STAGING_DAYS * staging.DAY_S)
    table, products = staging.units_by_day(lines, work.now_unix_s, _STAGING_DAYS)
    expected = staging.expected_units(table)
    ordered = _ordered(work)
    columns = [place for place, product_id in enumerate(products) if product_id in ordered]
    chosen = staging.to_stage(expected, columns, command.limit)
    return Staging(
        items=tuple(
            Staged(product_id=products[one], ordered=ordered.get(products[one], 0), expected=float(expected[one]))
            for one in chosen
        )
    )


def _ordered(work: UnitOfWork) -> dict[int, int]:
    orders = work.orders.in_state(OrderState.PLACED, _MOST_AT_ONCE)
    lines = [work.reservations.lines_of(order.reservation_id) for order in orders]
    return {product_id: sum(one.get(product_id, 0) for one in lines) for product_id in set().union(*lines)}


def _step(order_id: str, event: OrderEvent, work: UnitOfWork) -> PickupOrder | Problem:
    _end_what_nobody_fetched(work)
    order = work.orders.find(order_id)
    if order is None:
        return _no_order(order_id)
    state = pickup.after(order.state, event)
    if state is None and _is_done(order.state, event):
        return _order(order, work)
    if state is None or not _move(order, state, work):
        sentence = f"the order {order_id} is {order.state.value}; {event.value} is not possible now"
        return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)
    return _tell(order_id, work)


def _confirm(reservation_id: str, work: UnitOfWork) -> bool:
    known = tell(reservation_id, work)
    is_held = isinstance(known, Reservation) and known.state is ReservationState.HELD
    return is_held and happen(reservation_id, ReservationEvent.CONFIRM, work)


def _is_done(state: OrderState, event: OrderEvent) -> bool:
    """Tell whether an order stands where the event would have brought it: the same step again changes nothing."""
    return any(pickup.after(before, event) is state for before in OrderState)


def _move(order: OrderRow, state: OrderState, work: UnitOfWork) -> bool:
    event = pickup.reservation_event(state)
    if not work.orders.move(order, state, work.now_unix_s):
        return False
    if state is OrderState.HANDED_OVER:
        record_for_visit(_handed_over(order, work), work)
    return event is None or happen(order.reservation_id, event, work)


def _handed_over(order: OrderRow, work: UnitOfWork) -> JourneyEvent | None:
    """Return the step of the visit that an order came from, None without a visit; how long it waited is no effort."""
    reservation = work.reservations.find(order.reservation_id)
    if reservation is None or not reservation.session_id:
        return None
    return JourneyEvent(
        event_key=own_key("order", order.order_id), session_id=reservation.session_id, stage=Stage.DELIVERY,
        touch_point="pickup", outcome="handed_over", channel=Channel.STAFF,
    )  # fmt: skip


def _end_what_nobody_fetched(work: UnitOfWork) -> None:
    until_unix_s = work.now_unix_s - _SETTINGS.ready_for_s
    for order in work.orders.in_state(OrderState.READY, _MOST_AT_ONCE, until_unix_s):
        _move(order, OrderState.EXPIRED, work)


def _repeated(present: OrderRow, command: PlaceOrder, work: UnitOfWork) -> PickupOrder | Problem:
    if present.reservation_id == command.reservation_id:
        return _order(present, work)
    sentence = f"the order {command.order_id} is for another reservation; give a new one its own number"
    return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)


def _tell(order_id: str, work: UnitOfWork) -> PickupOrder | Problem:
    order = work.orders.find(order_id)
    return _no_order(order_id) if order is None else _order(order, work)


def _no_order(order_id: str) -> Problem:
    return Problem(code=ProblemCode.NOT_FOUND, sentence=f"there is no order {order_id}")


def _order(row: OrderRow, work: UnitOfWork) -> PickupOrder:
    lines = work.reservations.lines_of(row.reservation_id)
    is_over = pickup.has_run_out(row.state, row.changed_unix_s, work.now_unix_s, _SETTINGS)
    return PickupOrder(
        order_id=row.order_id,
        state=OrderState.EXPIRED if is_over else row.state,
        placed_unix_s=row.placed_unix_s,
        changed_unix_s=row.changed_unix_s,
        lines=tuple(ProductLine(product_id=one, quantity=quantity) for one, quantity in lines.items()),
    )
