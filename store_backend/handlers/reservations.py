"""Reservations: hold what is there, never more."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.pickup import ReleaseReservation, Reservation, ReservationQuery, ReservationState, Reserve
from aisle.messages.store import ProductLine
from store_backend import reservation
from store_backend.handlers.stock import begin_to_keep, unknown_product
from store_backend.reservation import ReservationEvent
from store_backend.unit_of_work import UnitOfWork


def reserve(command: Reserve, work: UnitOfWork) -> Reservation | Problem:
    """Hold all products of a reservation or none; the same reservation again changes nothing."""
    lines = reservation.gathered(command.lines)
    if work.reservations.find(command.reservation_id) is not None:
        return _repeated(command.reservation_id, lines, work)
    unknown = next((one for one in lines if one not in work.catalogue.products), None)
    if unknown is not None:
        return unknown_product(unknown)
    run_out(work)
    begin_to_keep(list(lines), work)
    for product_id, quantity in lines.items():
        if not work.stock.hold(product_id, quantity):
            return _sold_out(product_id, quantity, work)
    expires_unix_s = work.now_unix_s + command.hold_s
    row = {
        "reservation_id": command.reservation_id, "session_id": command.session_id,
        "state": ReservationState.HELD.value, "made_unix_s": work.now_unix_s, "expires_unix_s": expires_unix_s,
    }  # fmt: skip
    work.reservations.add(row, lines)
    return tell(command.reservation_id, work)


def release(command: ReleaseReservation, work: UnitOfWork) -> Reservation | Problem:
    """Give back what is held; what an order needs is given back by cancelling the order."""
    known = tell(command.reservation_id, work)
    if isinstance(known, Problem) or known.state in (ReservationState.RELEASED, ReservationState.EXPIRED):
        return known
    if known.state is ReservationState.HELD and happen(command.reservation_id, ReservationEvent.RELEASE, work):
        return tell(command.reservation_id, work)
    sentence = f"the reservation {command.reservation_id} is {known.state.value}; cancel its order instead"
    return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)


def tell_reservation(command: ReservationQuery, work: UnitOfWork) -> Reservation | Problem:
    """Say how a reservation stands."""
    return tell(command.reservation_id, work)


def tell(reservation_id: str, work: UnitOfWork) -> Reservation | Problem:
    """Return a reservation as it is now: one whose time is over has expired, whether or not that is noted yet."""
    row = work.reservations.find(reservation_id)
    if row is None:
        return Problem(code=ProblemCode.NOT_FOUND, sentence=f"there is no reservation {reservation_id}")
    is_over = row.state is ReservationState.HELD and row.expires_unix_s <= work.now_unix_s
    lines = work.reservations.lines_of(reservation_id)
    return Reservation(
        reservation_id=reservation_id,
        state=ReservationState.EXPIRED if is_over else row.state,
        expires_unix_s=row.expires_unix_s,
        lines=tuple(ProductLine(product_id=one, quantity=quantity) for one, quantity in lines.items()),
    )


def happen(reservation_id: str, event: ReservationEvent, work: UnitOfWork) -> bool:
    """Let an event happen to a reservation and to the stock; False when it may not happen (any more)."""
    work.stock.alone()
    row = work.reservations.find(reservation_id)
    state = None if row is None else reservation.after(row.state, event)
    if row is None or state is None or not work.reservations.move(reservation_id, (row.state,), state):
        return False
    effect = reservation.effect_of(state)
    for product_id, quantity in work.reservations.lines_of(reservation_id).items():
        if effect.held:
            work.stock.let_go(product_id, quantity)
        if effect.count:
            work.stock.sell(product_id, quantity, work.now_unix_s)
    return True


def run_out(work: UnitOfWork) -> None:
    """Give back what is held by reservations whose time is over."""
    for reservation_id in work.reservations.due(work.now_unix_s):
        happen(reservation_id, ReservationEvent.RUN_OUT, work)


def _repeated(reservation_id: str, lines: dict[int, int], work: UnitOfWork) -> Reservation | Problem:
    if work.reservations.lines_of(reservation_id) == lines:
        return tell(reservation_id, work)
    sentence = f"the reservation {reservation_id} holds other products; give a new one its own number"
    return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)


def _sold_out(product_id: int, quantity: int, work: UnitOfWork) -> Problem:
    row = work.stock.rows_of([product_id])[product_id]
    free = max(0, row.count - row.held)
    sentence = f"of product {product_id} only {free} are free, {quantity} were wanted; nothing was reserved"
    return Problem(code=ProblemCode.SOLD_OUT, sentence=sentence)
