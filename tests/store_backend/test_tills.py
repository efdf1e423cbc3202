from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from aisle.messages import ProblemCode, journey, store, till
from aisle.messages.till import BasketState, Refusal
from store_backend import hand_off
from store_backend.backend import Backend
from store_backend.hand_off import BasketEvent
from store_backend.tables import journey_events
from tests.catalogue.samples import APPLES, MILK
from tests.store_backend.steps import NOW_S, answer, opening, refused, rows

OFFERED, TAKEN, SOLD, REFUSED, CANCELLED, EXPIRED = BasketState
POSSIBLE = {
    (OFFERED, BasketEvent.TAKE): TAKEN, (OFFERED, BasketEvent.CANCEL): CANCELLED,
    (OFFERED, BasketEvent.RUN_OUT): EXPIRED, (TAKEN, BasketEvent.SELL): SOLD, (TAKEN, BasketEvent.REFUSE): REFUSED,
}  # fmt: skip
LINES = (
    till.PricedLine(product_id=MILK, quantity=2, price_cents=199),
    till.PricedLine(product_id=APPLES, quantity=1, price_cents=199),
)
OFFER = till.OfferBasket(basket_id="b1", lines=LINES)


def take(backend: Backend, till_id: str = "t1") -> Any:
    return answer(backend, till.TakeBasket(basket_id="b1", till_id=till_id), "till")


def sale(till_id: str = "t1", total_cents: int = 597, sale_id: str = "s1") -> till.SellBasket:
    return till.SellBasket(basket_id="b1", till_id=till_id, sale_id=sale_id, total_cents=total_cents)


def counts(backend: Backend) -> list[int | None]:
    levels = answer(backend, store.StockQuery(product_ids=(MILK, APPLES)), "kiosk_ui").levels
    return [level.count for level in levels]


@pytest.mark.parametrize(("state", "event"), list(itertools.product(BasketState, BasketEvent)))
def test_every_event_in_every_state(state: BasketState, event: BasketEvent) -> None:
    assert hand_off.after(state, event) is POSSIBLE.get((state, event))


def test_in_no_state_may_both_sides_decide() -> None:
    of_till = {BasketEvent.SELL, BasketEvent.REFUSE}
    of_store = {BasketEvent.CANCEL, BasketEvent.RUN_OUT}
    for state in BasketState:
        possible = {event for event in BasketEvent if hand_off.after(state, event) is not None}
        assert not (possible & of_till and possible & of_store)


def test_only_a_basket_on_offer_runs_out() -> None:
    assert [one for one in BasketState if hand_off.now_state(one, 10.0, 10.0) is not one] == [OFFERED]
    assert hand_off.now_state(OFFERED, 10.0, 9.9) is OFFERED


def test_a_basket_is_offered_taken_and_sold_and_each_step_may_be_repeated(backend: Backend) -> None:
    for _ in range(2):
        assert answer(backend, OFFER, "kiosk_ui").state is OFFERED
    for _ in range(2):
        assert take(backend).state is TAKEN
    for _ in range(2):
        assert answer(backend, sale(), "till").state is SOLD
    assert counts(backend) == [5, 6]
    told = answer(backend, till.BasketQuery(basket_id="b1"), "web")
    assert (told.state, told.till_id, told.sale_id) == (SOLD, "t1", "s1")


def test_a_basket_that_is_given_back_leaves_the_stock_alone(backend: Backend) -> None:
    answer(backend, OFFER)
    take(backend)
    for _ in range(2):
        back = answer(backend, till.RefuseBasket(basket_id="b1", till_id="t1", reason=Refusal.DECLINED), "till")
        assert (back.state, back.refusal) == (REFUSED, Refusal.DECLINED)
    assert counts(backend) == [7, 7]
    assert refused(backend, sale(), "till")[0] is ProblemCode.NOT_NOW


def test_prices_that_have_changed_are_told_and_nothing_is_offered(backend: Backend) -> None:
    old = till.PricedLine(product_id=MILK, quantity=1, price_cents=189)
    code, sentence = refused(backend, till.OfferBasket(basket_id="b1", lines=(old,)))
    assert code is ProblemCode.PRICE_CHANGED
    assert f"product {MILK} costs 199 cents" in sentence
    assert refused(backend, till.BasketQuery(basket_id="b1"))[0] is ProblemCode.NOT_FOUND


@pytest.mark.parametrize(("lines", "code"), [
    ((till.PricedLine(product_id=999, quantity=1, price_cents=1),), ProblemCode.UNKNOWN_PRODUCT),
    ((LINES[0], LINES[0]), ProblemCode.NOT_NOW),
])  # fmt: skip
def test_a_basket_that_cannot_be_sold_is_refused(
    backend: Backend, lines: tuple[till.PricedLine, ...], code: ProblemCode
) -> None:
    assert refused(backend, till.OfferBasket(basket_id="b1", lines=lines))[0] is code


def test_another_basket_under_the_same_number_is_refused(backend: Backend) -> None:
    answer(backend, OFFER)
    assert refused(backend, till.OfferBasket(basket_id="b1", lines=LINES[:1]))[0] is ProblemCode.NOT_NOW


def test_a_shopper_may_change_their_mind_until_a_till_has_the_basket(backend: Backend) -> None:
    answer(backend, OFFER)
    for _ in range(2):
        assert answer(backend, till.CancelBasket(basket_id="b1"), "kiosk_ui").state is CANCELLED
    assert refused(backend, till.TakeBasket(basket_id="b1", till_id="t1"), "till")[0] is ProblemCode.NOT_NOW


def test_a_basket_that_a_till_has_is_cancelled_at_the_till_only(backend: Backend) -> None:
    answer(backend, OFFER)
    take(backend)
    code, sentence = refused(backend, till.CancelBasket(basket_id="b1"), "kiosk_ui")
    assert (code, sentence) == (ProblemCode.NOT_NOW, "the basket b1 is taken: cancel is not possible (any more)")


def test_a_basket_belongs_to_one_till(backend: Backend) -> None:
    answer(backend, OFFER)
    take(backend)
    assert refused(backend, till.TakeBasket(basket_id="b1", till_id="t2"), "till")[0] is ProblemCode.NOT_NOW
    assert refused(backend, sale("t2"), "till")[0] is ProblemCode.NOT_NOW


def test_a_sale_at_another_total_is_refused(backend: Backend) -> None:
    answer(backend, OFFER)
    take(backend)
    assert refused(backend, sale(total_cents=596), "till")[1] == "the basket b1 is taken: it costs 597 cents, not 596"


def test_a_second_sale_of_one_basket_is_refused(backend: Backend) -> None:
    answer(backend, OFFER)
    take(backend)
    answer(backend, sale(), "till")
    assert refused(backend, sale(sale_id="s2"), "till")[0] is ProblemCode.NOT_NOW
    assert counts(backend) == [5, 6]


def test_an_offer_that_nobody_took_is_over(backend: Backend) -> None:
    answer(backend, OFFER)
    later = Backend(backend.engine, backend.catalogue, lambda: NOW_S + 3600.0)
    assert answer(later, till.BasketQuery(basket_id="b1")).state is EXPIRED
    assert refused(later, till.TakeBasket(basket_id="b1", till_id="t1"), "till")[0] is ProblemCode.NOT_NOW


def outcomes(backend: Backend) -> list[tuple[str, str, str, float]]:
    found = rows(backend, journey_events)
    return [(one["stage"], one["outcome"], one["channel"], one["seconds"]) for one in found]


def later(backend: Backend, seconds: float) -> Backend:
    return Backend(backend.engine, backend.catalogue, lambda: NOW_S + seconds)


OF_VISIT = msgspec.structs.replace(OFFER, session_id="s1")


def test_a_sale_is_one_step_of_its_visit_however_often_it_is_told(backend: Backend) -> None:
    answer(backend, opening())
    answer(backend, OF_VISIT, "kiosk_ui")
    take(later(backend, 100.0))
    for _ in range(2):
        answer(later(backend, 142.0), sale(), "till")
    assert outcomes(backend) == [("payment", "paid", "till", 42.0)]
    period = journey.Period(since_unix_s=NOW_S, until_unix_s=NOW_S + 200.0)
    points = {one.name: one.scores[0] for one in answer(backend, journey.ChecklistQuery(period=period)).points}
    assert [(points[name].score, points[name].n) for name in ("payment_smooth", "payment_fast")] == [(1.0, 1)] * 2


def test_a_basket_that_is_given_back_is_a_failed_payment_of_its_visit(backend: Backend) -> None:
    answer(backend, opening())
    answer(backend, OF_VISIT, "kiosk_ui")
    take(backend)
    for _ in range(2):
        answer(backend, till.RefuseBasket(basket_id="b1", till_id="t1", reason=Refusal.DECLINED), "till")
    assert outcomes(backend) == [("payment", "payment_failed", "till", 0.0)]


@pytest.mark.parametrize("session_id", ["", "never-opened"])
def test_a_basket_of_no_known_visit_is_sold_all_the_same(backend: Backend, session_id: str) -> None:
    answer(backend, msgspec.structs.replace(OFFER, session_id=session_id))
    take(backend)
    assert answer(backend, sale(), "till").state is SOLD
    assert outcomes(backend) == []
