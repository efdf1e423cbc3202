"""Stock is never promised twice: any history against a model, and many threads at one product, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from aisle.messages import Problem, ProblemCode, pickup, store
from aisle.messages.pickup import ReservationState
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database, writing
from store_backend.tables import pickup_orders, reservation_lines, reservations, stock
from tests.catalogue.samples import APPLES, BREAD, MILK
from tests.store_backend.steps import NOW_S, asked, rows

PRODUCTS = st.sampled_from([MILK, APPLES, BREAD])
NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
FEW = st.integers(1, 6)


@dataclass
class Model:
    """What a careful person with a notebook knows."""

    now_s: float = NOW_S
    counts: dict[int, int] = field(default_factory=lambda: {MILK: 7, APPLES: 7, BREAD: 7})
    promises: dict[str, tuple[ReservationState, float, dict[int, int]]] = field(default_factory=dict)

    def held(self, product_id: int) -> int:
        return sum(
            lines.get(product_id, 0)
            for name, (_state, _expires_s, lines) in self.promises.items()
            if self.state(name) in (ReservationState.HELD, ReservationState.CONFIRMED)
        )

    def state(self, name: str) -> ReservationState:
        state, expires_s, _lines = self.promises[name]
        return ReservationState.EXPIRED if state is ReservationState.HELD and expires_s <= self.now_s else state

    def set_state(self, name: str, state: ReservationState) -> None:
        _before, expires_s, lines = self.promises[name]
        self.promises[name] = (state, expires_s, lines)


def empty(backend: Backend) -> None:
    with writing(backend.engine).begin() as connection:
        for table in (pickup_orders, reservation_lines, reservations, stock):
            connection.execute(delete(table))


class Shop(RuleBasedStateMachine):
    """Shoppers, staff, deliveries, sales and time, in any order."""

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        empty(backend)
        self.model = Model()
        self.backend = Backend(backend.engine, backend.catalogue, lambda: self.model.now_s)

    def ask(self, command: object) -> object:
        return self.backend.answer("admin", command)

    @rule(name=NAMES, products=st.dictionaries(PRODUCTS, FEW, min_size=1), hold_s=st.sampled_from([5.0, 50.0]))
    def reserve(self, name: str, products: dict[int, int], hold_s: float) -> None:
        lines = tuple(store.ProductLine(product_id=one, quantity=count) for one, count in products.items())
        reply = self.ask(pickup.Reserve(reservation_id=name, lines=lines, hold_s=hold_s))
        if name in self.model.promises:
            is_same = self.model.promises[name][2] == products
            assert isinstance(reply, pickup.Reservation) is is_same
        elif all(self.model.counts[one] - self.model.held(one) >= count for one, count in products.items()):
            assert isinstance(reply, pickup.Reservation), reply
            self.model.promises[name] = (ReservationState.HELD, self.model.now_s + hold_s, products)
        else:
            assert isinstance(reply, Problem)
            assert reply.code is ProblemCode.SOLD_OUT

    @rule(name=NAMES)
    def release(self, name: str) -> None:
        reply = self.ask(pickup.ReleaseReservation(reservation_id=name))
        if name in self.model.promises and self.model.state(name) is ReservationState.HELD:
            assert isinstance(reply, pickup.Reservation)
            self.model.set_state(name, ReservationState.RELEASED)

    @rule(name=NAMES)
    def place(self, name: str) -> None:
        reply = self.ask(pickup.PlaceOrder(order_id=name, reservation_id=name))
        if name in self.model.promises and self.model.state(name) is ReservationState.HELD:
            assert isinstance(reply, pickup.PickupOrder)
            self.model.set_state(name, ReservationState.CONFIRMED)

    @rule(name=NAMES, is_fetched=st.booleans())
    def end_order(self, name: str, is_fetched: bool) -> None:
        if name not in self.model.promises or self.model.state(name) is not ReservationState.CONFIRMED:
            return
        if not is_fetched:
            self.ask(pickup.CancelOrder(order_id=name))
            self.model.set_state(name, ReservationState.RELEASED)
            return
        for step in (pickup.OrderStep.START_PICKING, pickup.OrderStep.MAKE_READY, pickup.OrderStep.HAND_OVER):
            self.ask(pickup.MoveOrder(order_id=name, step=step))
        self.model.set_state(name, ReservationState.TAKEN)
        for product_id, count in self.model.promises[name][2].items():
            self.model.counts[product_id] = max(0, self.model.counts[product_id] - count)

    @rule(product_id=PRODUCTS, count=st.integers(0, 9))
    def count(self, product_id: int, count: int) -> None:
        self.ask(store.StockCounted(product_id=product_id, count=count))
        self.model.counts[product_id] = count

    @rule(product_id=PRODUCTS, count=FEW)
    def deliver(self, product_id: int, count: int) -> None:
        self.ask(store.StockDelivered(lines=(store.ProductLine(product_id=product_id, quantity=count),)))
        self.model.counts[product_id] += count

    @rule(product_id=PRODUCTS, count=FEW)
    def sell(self, product_id: int, count: int) -> None:
        self.ask(store.StockSold(lines=(store.ProductLine(product_id=product_id, quantity=count),)))
        self.model.counts[product_id] = max(0, self.model.counts[product_id] - count)

    @rule(seconds=st.sampled_from([1.0, 5.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.model.now_s += seconds

    @invariant()
    def stock_is_as_in_the_notebook(self) -> None:
        told = self.ask(store.StockQuery(product_ids=(MILK, APPLES, BREAD)))
        assert isinstance(told, store.StockLevels)
        for level in told.levels:
            count, held = self.model.counts[level.product_id], self.model.held(level.product_id)
            assert (level.count, level.available) == (count, max(0, count - held))


def test_any_history_agrees_with_a_notebook(backend: Backend) -> None:
    # One history is one list of durable transactions: fewer of them fit into a test on PostgreSQL.
    few = settings(
        max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(lambda: Shop(backend), settings=few)  # type: ignore[no-untyped-call]


@pytest.mark.integration
def test_many_who_want_the_last_ones_get_no_more_than_there_are(database_url: str, catalogue: CatalogueFile) -> None:
    """Eight threads stand for eight backend processes: each has a connection of its own, and all start together."""
    engine = open_database(database_url)
    first = Backend(engine, catalogue, lambda: NOW_S)
    first.answer("admin", store.StockCounted(product_id=MILK, count=30))
    barrier = Barrier(8)

    def shop(thread: int) -> int:
        backend = Backend(engine, catalogue, lambda: NOW_S)
        barrier.wait()
        lines = (store.ProductLine(product_id=MILK, quantity=2), store.ProductLine(product_id=BREAD, quantity=1))
        return sum(
            isinstance(backend.write([asked(pickup.Reserve(reservation_id=name, lines=lines), name)])[0], Problem)
            for name in (f"t{thread}-{number}" for number in range(4))
        )

    first.answer("admin", store.StockCounted(product_id=BREAD, count=100))
    with ThreadPoolExecutor(8) as pool:
        refusals = sum(pool.map(shop, range(8)))
    assert refusals == 32 - 15
    (milk,) = [row for row in rows(first, stock) if row["product_id"] == MILK]
    assert (milk["count"], milk["held"]) == (30, 30)
    assert len(rows(first, reservations)) == 15
    engine.dispose()


@pytest.mark.integration
def test_groups_that_want_several_products_in_any_order_do_not_hinder_each_other(
    database_url: str, catalogue: CatalogueFile
) -> None:
    """Each group holds what it took until it ends: without an order among them they would wait for each other."""
    engine = open_database(database_url)
    barrier = Barrier(3)

    def shop(thread: int) -> list[object]:
        backend = Backend(engine, catalogue, lambda: NOW_S)
        answers: list[object] = []
        barrier.wait()
        for group in range(5):
            turned = [MILK, APPLES, BREAD] if (thread + group) % 2 else [BREAD, APPLES, MILK]
            names = [f"{thread}-{group}-{one}" for one in turned]
            lines = [(store.ProductLine(product_id=one, quantity=1),) for one in turned]
            wishes = [asked(store.StockDelivered(lines=line), name) for line, name in zip(lines, names, strict=True)]
            answers += backend.write(wishes)
        return answers

    with ThreadPoolExecutor(3) as pool:
        answers = [answer for one in pool.map(shop, range(3)) for answer in one]
    assert not [answer for answer in answers if isinstance(answer, Problem)]
    counts = {row["product_id"]: row["count"] for row in rows(Backend(engine, catalogue, lambda: NOW_S), stock)}
    assert counts == {MILK: 7 + 15, APPLES: 7 + 15, BREAD: 7 + 15}
    engine.dispose()
