"""Baskets on their way to a till: each is sold once or not at all."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Channel, JourneyEvent, Stage
from aisle.messages.till import (
    Basket,
    BasketQuery,
    BasketState,
    CancelBasket,
    OfferBasket,
    PricedLine,
    RefuseBasket,
    SellBasket,
    TakeBasket,
)
from store_backend import hand_off
from store_backend.hand_off import BasketEvent
from store_backend.handlers.stock import begin_to_keep, unknown_product
from store_backend.handlers.visits import own_key, record_for_visit
from store_backend.unit_of_work import UnitOfWork


def offer(command: OfferBasket, work: UnitOfWork) -> Basket | Problem:
    """Offer a basket at today's prices; the same basket again changes nothing."""
    lines = tuple(sorted(command.lines, key=lambda line: line.product_id))
    present = tell(command.basket_id, work)
    if isinstance(present, Basket):
        return present if present.lines == lines else _not_now(present, "it holds other products")
    refused = _refused(lines, work)
    if refused is not None:
        return refused
    row = {
        "basket_id": command.basket_id, "session_id": command.session_id, "state": BasketState.OFFERED.value,
        "till_id": "", "sale_id": "", "refusal": "", "offered_unix_s": work.now_unix_s,
        "expires_unix_s": work.now_unix_s + command.open_for_s, "changed_unix_s": work.now_unix_s,
    }  # fmt: skip
    work.tills.add(row, lines)
    return tell(command.basket_id, work)


def cancel(command: CancelBasket, work: UnitOfWork) -> Basket | Problem:
    """End a basket that no till has taken."""
    basket = tell(command.basket_id, work)
    if isinstance(basket, Problem) or basket.state is BasketState.CANCELLED:
        return basket
    return _move(basket, BasketEvent.CANCEL, {}, work)


def take(command: TakeBasket, work: UnitOfWork) -> Basket | Problem:
    """Give a basket to a till, and with it the right to say how it ends; to the same till again and again."""
    basket = tell(command.basket_id, work)
    if isinstance(basket, Problem) or (basket.state is BasketState.TAKEN and basket.till_id == command.till_id):
        return basket
    return _move(basket, BasketEvent.TAKE, {"till_id": command.till_id}, work)


def sell(command: SellBasket, work: UnitOfWork) -> Basket | Problem:
    """Note that the till has sold the basket, and take its products off the stock."""
    basket = _of_till(command.basket_id, command.till_id, work)
    if isinstance(basket, Problem) or (basket.state is BasketState.SOLD and basket.sale_id == command.sale_id):
        return basket
    wanted = hand_off.total_cents(basket.lines)
    if command.total_cents != wanted:
        return _not_now(basket, f"it costs {wanted} cents, not {command.total_cents}")
    work.stock.alone()
    step = _step(basket.basket_id, "paid", work)
    sold = _move(basket, BasketEvent.SELL, {"sale_id": command.sale_id}, work)
    if isinstance(sold, Basket):
        begin_to_keep([line.product_id for line in sold.lines], work)
        for line in sold.lines:
            work.stock.sell(line.product_id, line.quantity, work.now_unix_s)
        record_for_visit(step, work)
    return sold


def refuse(command: RefuseBasket, work: UnitOfWork) -> Basket | Problem:
    """Note that the till has not sold the basket; the shopper may offer a new one."""
    basket = _of_till(command.basket_id, command.till_id, work)
    if isinstance(basket, Problem) or basket.state is BasketState.REFUSED:
        return basket
    step = _step(basket.basket_id, "payment_failed", work)
    refused = _move(basket, BasketEvent.REFUSE, {"refusal": command.reason.value}, work)
    if isinstance(refused, Basket):
        record_for_visit(step, work)
    return refused


def tell_basket(command: BasketQuery, work: UnitOfWork) -> Basket | Problem:
    """Say how a basket stands."""
    return tell(command.basket_id, work)


def tell(basket_id: str, work: UnitOfWork) -> Basket | Problem:
    """Return a basket as it is now."""
    row = work.tills.find(basket_id)
    if row is None:
        return Problem(code=ProblemCode.NOT_FOUND, sentence=f"there is no basket {basket_id}")
    return Basket(
        basket_id=basket_id,
        state=hand_off.now_state(row.state, row.expires_unix_s, work.now_unix_s),
        lines=work.tills.lines_of(basket_id),
        till_id=row.till_id,
        sale_id=row.sale_id,
        refusal=row.refusal,
    )


def _of_till(basket_id: str, till_id: str, work: UnitOfWork) -> Basket | Problem:
    basket = tell(basket_id, work)
    if isinstance(basket, Problem) or basket.till_id == till_id:
        return basket
    return _not_now(basket, f"the till {till_id} has not taken it")


def _step(basket_id: str, outcome: str, work: UnitOfWork) -> JourneyEvent | None:
    """Return the step of the visit that a basket came from, None without a visit: how long the till has had it."""
    row = work.tills.find(basket_id)
    if row is None or not row.session_id:
        return None
    return JourneyEvent(
        event_key=own_key("basket", basket_id), session_id=row.session_id, stage=Stage.PAYMENT, touch_point="till",
        outcome=outcome, seconds=max(0.0, work.now_unix_s - row.changed_unix_s), channel=Channel.TILL,
    )  # fmt: skip


def _move(basket: Basket, event: BasketEvent, changes: dict[str, object], work: UnitOfWork) -> Basket | Problem:
    state = hand_off.after(basket.state, event)
    if state is not None:
        values = {**changes, "state": state.value, "changed_unix_s": work.now_unix_s}
        if work.tills.move(basket.basket_id, basket.state, values):
            return tell(basket.basket_id, work)
    return _not_now(basket, f"{event.value} is not possible (any more)")


def _refused(lines: tuple[PricedLine, ...], work: UnitOfWork) -> Problem | None:
    """Say what keeps a new basket from being offered."""
    numbers = [line.product_id for line in lines]
    unknown = next((one for one in numbers if one not in work.catalogue.products), None)
    if unknown is not None:
        return unknown_product(unknown)
    if len(set(numbers)) < len(numbers):
        return Problem(code=ProblemCode.NOT_NOW, sentence="a product stands in the basket twice; add its lines up")
    changed = hand_off.changed_prices(lines, work.catalogue.products)
    if not changed:
        return None
    prices = ", ".join(f"product {line.product_id} costs {line.price_cents} cents" for line in changed[:10])
    return Problem(code=ProblemCode.PRICE_CHANGED, sentence=f"prices have changed: {prices}; show them, then ask again")


def _not_now(basket: Basket, why: str) -> Problem:
    sentence = f"the basket {basket.basket_id} is {basket.state.value}: {why}"
    return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)
