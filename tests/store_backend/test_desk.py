"""The I/O loop over a real socket: reads beside a write that hangs, and replies that wait for their commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from aisle import bus, channels, clock, keys
from aisle.messages import Problem, ProblemCode, care, store, till
from store_backend.backend import Backend
from store_backend.database import writing
from store_backend.desk import open_desk
from store_backend.writer import WriterSettings
from tests.catalogue.samples import MILK
from tests.store_backend.ports import free_port
from tests.store_backend.steps import opening, step

pytestmark = pytest.mark.integration
ClientOf = Callable[[str], bus.RequestClient]


@pytest.fixture
def keys_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def client_of(keys_dir: Path) -> Iterator[ClientOf]:
    with ExitStack() as stack:
        yield lambda role: stack.enter_context(bus.request_client(channels.BACKEND, bus.Identity(role, keys_dir)))


@contextmanager
def serving(backend: Backend, keys_dir: Path, settings: WriterSettings | None = None) -> Iterator[None]:
    """Run the loop on a thread of its own, by the clock that its clients go by."""
    stop, ready = threading.Event(), threading.Event()
    live = Backend(backend.engine, backend.catalogue, clock.wall_s)

    def run() -> None:
        with open_desk(live, bus.Identity("store_backend", keys_dir), settings) as desk:
            ready.set()
            while not stop.is_set():
                desk.turn(0.02)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10.0)
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def held(backend: Backend) -> Iterator[None]:
    """Hold what every write needs, as another process might."""
    with writing(backend.engine).connect() as connection:
        if backend.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE sessions, replies IN ACCESS EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("SELECT 1")
        yield
        connection.rollback()


def test_reads_are_answered_while_a_write_waits_for_the_database(
    backend: Backend, keys_dir: Path, client_of: ClientOf
) -> None:
    with serving(backend, keys_dir):
        writes, reads = client_of("admin"), client_of("kiosk_ui")
        with held(backend):
            writes.send(opening(), "k1", timeout_s=30.0)
            for _ in range(20):
                assert isinstance(reads.ask(store.StockQuery(product_ids=(MILK,))), store.StockLevels)
            assert writes.collect() == []
        assert writes.socket.poll(10_000)
        assert writes.collect() == [("k1", care.SessionOpened(session_id="s1"))]


def test_a_full_queue_is_said_to_the_client_and_the_rest_is_written(
    backend: Backend, keys_dir: Path, client_of: ClientOf
) -> None:
    with serving(backend, keys_dir, WriterSettings(most_waiting=3)):
        client = client_of("admin")
        with held(backend):
            for number in range(10):
                client.send(opening(f"s{number}"), f"k{number}", timeout_s=30.0)
            answers = collected(client, 1)
        answers |= collected(client, 10 - len(answers))
    busy = [one for one in answers.values() if isinstance(one, Problem)]
    assert {one.code for one in busy} == {ProblemCode.BUSY}
    # One group may have been taken from the queue before it was full.
    assert 3 <= len(answers) - len(busy) <= 7


def collected(client: bus.RequestClient, count: int) -> dict[str, object]:
    answers: dict[str, object] = {}
    while len(answers) < count:
        assert client.socket.poll(10_000)
        answers |= dict(client.collect())
    return answers


def test_a_role_is_refused_before_anything_waits(backend: Backend, keys_dir: Path, client_of: ClientOf) -> None:
    with serving(backend, keys_dir), held(backend):
        refused = client_of("gateway").ask(step("e1"))
    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.FORBIDDEN


def test_a_till_with_a_key_of_its_own_is_refused_what_another_has_taken(
    backend: Backend, keys_dir: Path, client_of: ClientOf
) -> None:
    keys.create_missing_keys(keys_dir, ("till@till-2", "till@till-3"))
    refusal = till.RefuseBasket(basket_id="b1", till_id="till-2", reason=till.Refusal.DECLINED)
    lines = (till.PricedLine(product_id=MILK, quantity=1, price_cents=backend.catalogue.products[MILK].price_cents),)
    with serving(backend, keys_dir):
        client_of("admin").ask(till.OfferBasket(basket_id="b1", lines=lines))
        owner, other = client_of("till@till-2"), client_of("till@till-3")
        assert isinstance(owner.ask(till.TakeBasket(basket_id="b1", till_id="till-2")), till.Basket)
        refused = other.ask(refusal)
        assert isinstance(refused, Problem)
        assert refused.code is ProblemCode.FORBIDDEN
        assert owner.ask(till.BasketQuery(basket_id="b1")).state is till.BasketState.TAKEN
        assert owner.ask(refusal).state is till.BasketState.REFUSED
