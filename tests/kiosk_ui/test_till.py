"""A list goes from the screen to a till and is paid: real processes of backend and till, and the kiosk's I/O thread."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aisle import bus, channels, clock, keys
from aisle.messages import journey, store, till
from aisle.messages.till import BasketState
from kiosk_ui.client import Answered, KioskThread
from kiosk_ui.hand_off import Standing
from kiosk_ui.state import Kiosk
from sim.till import EXIT_NOT_SOLD, EXIT_SOLD
from sim.till_faults import CRASHED
from store_backend.key_file import create_missing_store_keys
from tests.kiosk_ui.play import MILK, little_shop
from tests.store_backend.ports import free_port

pytestmark = pytest.mark.integration
WITHIN_S = 30.0


@dataclass
class Shop:
    """A backend, a screen with a list on it, and tills."""

    folder: Path
    store_dir: Path
    stack: ExitStack
    kiosk: Kiosk
    thread: KioskThread | None = None
    backend: subprocess.Popen[bytes] | None = None

    @property
    def keys_dir(self) -> Path:
        return self.folder / "keys"

    def start_backend(self) -> None:
        database = f"sqlite:///{self.folder / 'backend.sqlite'}"
        places = ["--store", str(self.store_dir), "--keys", str(self.keys_dir), "--database", database]
        self.backend = self.run("store_backend.service", places)

    def run(self, module: str, options: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", module, *options], stderr=log)
        self.stack.callback(process.wait, WITHIN_S)
        self.stack.callback(process.kill)
        return process

    def ask(self, body: msgspec.Struct) -> Any:
        with bus.request_client(channels.BACKEND, bus.Identity("admin", self.keys_dir)) as client:
            return client.ask(body, timeout_s=WITHIN_S, tries=10)

    def pay(self, *options: str) -> int:
        """Let a till read the number from the screen; return how it ended."""
        fixed = ["--keys", str(self.keys_dir), "--journal", str(self.folder / "journal"), "--basket", self.number]
        return self.run("sim.till", [*fixed, *options]).wait(WITHIN_S)

    @property
    def number(self) -> str:
        page = self.kiosk.view(clock.monotonic_s()).page
        assert hasattr(page, "number")
        return str(page.number).replace(" ", "")

    def touch(self, *names: str) -> None:
        for name in names:
            assert self.kiosk.touch(name, clock.monotonic_s()), name

    def see(self, is_so: Callable[[], bool]) -> None:
        """Let the screen live until something is so."""
        assert self.thread is not None
        until_s = clock.monotonic_s() + WITHIN_S
        while not is_so():
            now_s = clock.monotonic_s()
            assert now_s < until_s, (self.kiosk.view(now_s).page, (self.folder / "log").read_text())
            for incoming in self.thread.incoming():
                if isinstance(incoming, Answered):
                    self.kiosk.answered(incoming.token, incoming.answer, now_s)
            self.kiosk.tick(now_s)
            for outgoing in self.kiosk.take_requests():
                self.thread.send(outgoing)

    def stands(self, standing: Standing) -> Callable[[], bool]:
        def is_so() -> bool:
            hand_off = self.kiosk.visit.hand_off if self.kiosk.visit else None
            return hand_off is not None and hand_off.standing is standing

        return is_so

    def stock(self) -> int | None:
        (level,) = self.ask(store.StockQuery(product_ids=(MILK,))).levels
        count: int | None = level.count
        return count

    def payment(self) -> list[str]:
        """Return what the tills have done with the visit's list."""
        (visit,) = self.ask(journey.VisitsQuery()).visits
        steps = self.ask(journey.JourneyQuery(session_id=visit.session_id)).steps
        return [step.outcome for step in steps if step.channel == "till"]


@pytest.fixture
def shop(little_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    with ExitStack() as stack:
        kiosk = Kiosk(little_shop(), lambda: uuid.uuid4().hex, "robot-1", unix_s=clock.wall_s)
        shop = Shop(tmp_path, little_store, stack, kiosk)
        shop.start_backend()
        assert shop.stock() == 3
        shop.thread = KioskThread(tmp_path / "keys", tmp_path / "replica" / "catalogue.sqlite")
        shop.thread.start()
        stack.callback(shop.thread.stop)
        shop.touch("start", "suggestion:0", "put_on_list", "put_on_list", "my_list", "to_till")
        shop.see(shop.stands(Standing.OPEN))
        yield shop


def test_a_till_reads_the_number_and_the_screen_hears_that_it_was_paid(shop: Shop) -> None:
    assert shop.pay() == EXIT_SOLD
    shop.see(shop.stands(Standing.DONE))
    assert (shop.stock(), shop.payment()) == (1, ["paid"])


def test_a_till_that_falls_after_its_sale_has_sold_the_list_once(shop: Shop) -> None:
    assert shop.pay("--fault", "crash@sell") == CRASHED
    shop.see(shop.stands(Standing.DONE))
    assert (shop.stock(), shop.payment()) == (1, ["paid"])


def test_a_till_that_refuses_gives_the_list_back_to_the_screen(shop: Shop) -> None:
    assert shop.pay("--refuse") == EXIT_NOT_SOLD
    shop.see(shop.stands(Standing.GIVEN_BACK))
    shop.touch("change_list", "to_till")
    shop.see(shop.stands(Standing.OPEN))
    assert shop.pay() == EXIT_SOLD
    shop.see(shop.stands(Standing.DONE))
    assert (shop.stock(), shop.payment()) == (1, ["payment_failed", "paid"])


def test_a_backend_that_is_killed_while_the_code_is_shown_sells_the_list_once_all_the_same(shop: Shop) -> None:
    assert shop.backend is not None
    number = shop.number
    shop.backend.kill()
    shop.backend.wait(WITHIN_S)
    shop.start_backend()
    assert shop.ask(till.BasketQuery(basket_id=number)).state is BasketState.OFFERED
    assert shop.pay() == EXIT_SOLD
    shop.see(shop.stands(Standing.DONE))
    assert (shop.number, shop.stock(), shop.payment()) == ("", 1, ["paid"])
