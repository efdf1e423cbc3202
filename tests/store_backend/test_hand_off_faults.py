"""Twelve things that go wrong while a basket goes from the store to a till, each with real processes on both sides.

Whatever happens, the basket is sold exactly once or not at all, the stock shows it, and both sides agree in the end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from aisle import bus, card_numbers, channels, clock, envelope, keys
from aisle.messages import Problem, ProblemCode, care, store, till
from aisle.messages.till import BasketState, Refusal
from sim.till import EXIT_NOT_SOLD as NOT_SOLD
from sim.till import EXIT_SOLD as SOLD
from sim.till_core import Closed, Sold
from sim.till_faults import CRASHED
from sim.till_journal import Journal
from store_backend.database import open_database, writing
from store_backend.key_file import create_missing_store_keys
from store_backend.tables import metadata
from tests.catalogue.samples import MILK
from tests.store_backend.ports import free_port
from tests.store_backend.relay import relay

pytestmark = pytest.mark.integration
WITHIN_S = 30.0
BASKET = "b1"
OFFER = till.OfferBasket(basket_id=BASKET, lines=(till.PricedLine(product_id=MILK, quantity=2, price_cents=199),))
CARD = "4111111111111111"


@dataclass
class Shop:
    """A backend process, tills, and a shopper at a kiosk."""

    folder: Path
    url: str
    store_dir: Path
    port_base: int
    stack: ExitStack
    backend: subprocess.Popen[bytes] | None = None

    @property
    def journal(self) -> Journal:
        return Journal(self.folder / "journal")

    def start(self) -> None:
        places = ["--store", str(self.store_dir), "--keys", str(self.folder / "keys"), "--database", self.url]
        self.backend = self._run("store_backend.service", places)
        self.ask(till.BasketQuery(basket_id="nobodys"))

    def kill(self) -> None:
        assert self.backend is not None
        self.backend.send_signal(signal.SIGKILL)
        self.backend.wait(WITHIN_S)

    def ask(self, body: msgspec.Struct, role: str = "kiosk_ui") -> Any:
        with bus.request_client(channels.BACKEND, bus.Identity(role, self.folder / "keys")) as client:
            return client.ask(body, timeout_s=WITHIN_S, tries=10)

    def till(self, *options: str, port_base: int | None = None) -> subprocess.Popen[bytes]:
        """Start a till for the basket."""
        fixed = ["--keys", str(self.folder / "keys"), "--journal", str(self.journal.path), "--basket", BASKET]
        return self._run("sim.till", [*fixed, *options], port_base or self.port_base)

    def ends(self, *options: str) -> int:
        """Run a till to its end and return its exit code."""
        return self.till(*options).wait(WITHIN_S)

    def log(self) -> bytes:
        return (self.folder / "log").read_bytes()

    def _run(self, module: str, options: list[str], port_base: int | None = None) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "AISLE_PORT_BASE": str(port_base or self.port_base)}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", module, *options], stderr=log, env=environment)
        self.stack.callback(process.wait, WITHIN_S)
        self.stack.callback(process.kill)
        return process


def wait_until(is_so: Callable[[], bool]) -> None:
    until_s = clock.monotonic_s() + WITHIN_S
    while not is_so():
        assert clock.monotonic_s() < until_s, "it never became so"


@pytest.fixture
def shop(database_url: str, store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    port_base = free_port() - channels.BACKEND.port_offset
    monkeypatch.setenv("AISLE_PORT_BASE", str(port_base))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    with ExitStack() as stack:
        shop = Shop(tmp_path, database_url, Path(shutil.copytree(store_dir, tmp_path / "shop")), port_base, stack)
        shop.start()
        assert shop.ask(store.StockCounted(product_id=MILK, count=7), "admin") is not None
        assert shop.ask(OFFER).state is BasketState.OFFERED
        yield shop


def agree(shop: Shop, *, is_sold: bool) -> None:
    """Both sides say the same, the till has sold it once or not at all, and the stock shows it."""
    basket = shop.ask(till.BasketQuery(basket_id=BASKET))
    last = shop.journal.last_of(BASKET)
    assert last == Closed(basket_id=BASKET, is_sold=is_sold)
    sales = {state.sale_id for state in shop.journal.states() if isinstance(state, Sold)}
    assert len(sales) == is_sold
    assert (basket.state is BasketState.SOLD) is is_sold
    assert {basket.sale_id} - {""} == sales
    (level,) = shop.ask(store.StockQuery(product_ids=(MILK,))).levels
    assert level.count == (5 if is_sold else 7)


@pytest.mark.parametrize("stage", ["take", "sell"])
@pytest.mark.parametrize("fault", [
    "none", "lost_request", "lost_reply", "repeated_request", "late_reply", "other_basket", "garbage"
])  # fmt: skip
def test_whatever_the_line_does_to_a_message_the_basket_is_sold_once(shop: Shop, fault: str, stage: str) -> None:
    assert shop.ends("--fault", f"{fault}@{stage}") == SOLD
    agree(shop, is_sold=True)


@pytest.mark.parametrize(("stage", "remembers"), [("take", None), ("sell", Sold)])
def test_a_till_that_restarts_before_or_after_taking_goes_on_where_it_was(
    shop: Shop, stage: str, remembers: type | None
) -> None:
    assert shop.ends("--fault", f"crash@{stage}") == CRASHED
    last = shop.journal.last_of(BASKET)
    assert last is None if remembers is None else isinstance(last, remembers)
    assert shop.ends() == SOLD
    agree(shop, is_sold=True)


@contextmanager
def held(url: str) -> Iterator[None]:
    """Hold what every write needs, as another process might: nothing can be committed."""
    engine = open_database(url)
    with writing(engine).connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE replies IN ACCESS EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("SELECT 1")
        yield
        connection.rollback()
    engine.dispose()


def test_a_backend_that_is_killed_before_it_commits_the_sale_hears_of_it_again(shop: Shop) -> None:
    running = shop.till("--fault", "lost_request@sell", "--times", "5")
    wait_until(lambda: isinstance(shop.journal.last_of(BASKET), Sold))
    with held(shop.url):
        # Only the sixth request is really sent: it waits for the database, and the till hears nothing.
        wait_until(lambda: b"no answer (store_backend did not answer" in shop.log())
        shop.kill()
    shop.start()
    assert running.wait(WITHIN_S) == SOLD
    agree(shop, is_sold=True)


def test_a_backend_that_is_killed_after_it_committed_the_sale_gives_the_same_answer_again(shop: Shop) -> None:
    running = shop.till("--fault", "lost_reply@sell", "--times", "1000000")
    wait_until(lambda: shop.ask(till.BasketQuery(basket_id=BASKET)).state is BasketState.SOLD)
    shop.kill()
    running.kill()
    running.wait(WITHIN_S)
    shop.start()
    assert isinstance(shop.journal.last_of(BASKET), Sold)
    assert shop.ends() == SOLD
    agree(shop, is_sold=True)


def test_a_till_that_refuses_gives_the_basket_back(shop: Shop) -> None:
    assert shop.ends("--refuse", "--fault", "lost_reply@refuse") == NOT_SOLD
    agree(shop, is_sold=False)
    assert shop.ask(till.BasketQuery(basket_id=BASKET)).refusal is Refusal.DECLINED


def test_a_price_that_changed_at_the_till_sells_nothing(shop: Shop) -> None:
    assert shop.ends("--price", f"{MILK}:209") == NOT_SOLD
    agree(shop, is_sold=False)
    assert shop.ask(till.BasketQuery(basket_id=BASKET)).refusal is Refusal.PRICE_CHANGED


def test_a_network_that_is_cut_for_a_while_delays_the_sale(shop: Shop) -> None:
    with relay(shop.port_base + channels.BACKEND.port_offset) as cable:
        port_base = cable.port - channels.BACKEND.port_offset
        running = shop.till("--fault", "lost_request@sell", "--times", "5", port_base=port_base)
        wait_until(lambda: isinstance(shop.journal.last_of(BASKET), Sold))
        cable.cut()
        wait_until(lambda: b"no answer (store_backend did not answer" in shop.log())
        assert shop.ask(till.BasketQuery(basket_id=BASKET)).state is BasketState.TAKEN
        cable.mend()
        assert running.wait(WITHIN_S) == SOLD
    agree(shop, is_sold=True)


def test_a_shopper_who_cancels_before_the_till_has_it_pays_nothing(shop: Shop) -> None:
    running = shop.till("--fault", "lost_request@take", "--times", "5")
    wait_until(lambda: b"take of b1: no answer" in shop.log())
    assert shop.ask(till.CancelBasket(basket_id=BASKET)).state is BasketState.CANCELLED
    assert running.wait(WITHIN_S) == NOT_SOLD
    agree(shop, is_sold=False)


def test_a_shopper_who_cancels_while_the_till_has_it_is_sent_to_the_till(shop: Shop) -> None:
    assert shop.ends("--fault", "crash@take") == CRASHED
    assert shop.ask(till.CancelBasket(basket_id=BASKET)).code is ProblemCode.NOT_NOW
    assert shop.ends("--refuse") == NOT_SOLD
    agree(shop, is_sold=False)


def test_of_two_tills_one_sells(shop: Shop) -> None:
    other = Journal(shop.folder / "other")
    second = shop.till("--till", "till-2", "--journal", str(other.path))
    codes = {shop.ends("--till", "till-1"), second.wait(WITHIN_S)}
    assert codes == {SOLD, NOT_SOLD}
    states = [*shop.journal.states(), *other.states()]
    assert len({state.sale_id for state in states if isinstance(state, Sold)}) == 1


def tell_card_number(shop: Shop) -> Any:
    """Send what no program of ours would send: a story with a card number in it."""
    call = care.CallPerson(call_key="c1", session_id="", robot_id="r", screen="home", story="X")
    content = envelope.encode_request("k1", clock.wall_s() + WITHIN_S, call)
    raw = content.replace(b"\xa1X", bytes([0xA0 + len(CARD)]) + CARD.encode())
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", shop.folder / "keys")) as client:
        client.socket.send(raw)
        assert client.socket.poll(int(WITHIN_S * 1000))
        reply = client.socket.recv()
        assert card_numbers.in_bytes(reply) == []
        return envelope.decode_body(envelope.decode_reply(reply).body, channels.BACKEND.reply)


def test_a_card_number_is_nowhere_after_all_that(shop: Shop) -> None:
    refusal = tell_card_number(shop)
    assert isinstance(refusal, Problem)
    assert refusal.code is ProblemCode.MALFORMED
    assert shop.ends("--fault", "lost_reply@sell") == SOLD
    shop.kill()
    engine = open_database(shop.url)
    with engine.connect() as connection:
        stored = [str(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    assert len(stored) > 3
    files = {path.name: path.read_bytes() for path in shop.folder.iterdir() if path.is_file()}
    assert {"log", "journal"} <= set(files)
    for content in (*files.values(), *(row.encode() for row in stored)):
        assert CARD.encode() not in content
    for content in (files["log"], files["journal"]):
        assert card_numbers.in_bytes(content) == []
