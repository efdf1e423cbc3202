"""The backend as a process, over the real bus."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from aisle import bus, channels, keys
from aisle.messages import Problem, ProblemCode, store
from benchmarks.postgres import PostgresServer
from catalogue.sync import sync_replica
from store_backend.database import open_database
from store_backend.key_file import create_missing_store_keys
from store_backend.tables import journey_events
from tests.catalogue.samples import BREAD, MILK
from tests.store_backend.ports import free_port
from tests.store_backend.steps import call, opening, step

pytestmark = pytest.mark.integration
START_S = 20.0


@dataclass(frozen=True)
class Site:
    """Where one backend finds its things."""

    store: Path
    keys: Path
    database: Path
    url: str = ""

    def command(self) -> list[str]:
        url = self.url or f"sqlite:///{self.database}"
        places = ["--store", str(self.store), "--keys", str(self.keys), "--database", url]
        return [sys.executable, "-m", "store_backend.service", *places]


@pytest.fixture
def site(store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    return Site(Path(shutil.copytree(store_dir, tmp_path / "store")), tmp_path / "keys", tmp_path / "backend.sqlite")


@contextmanager
def running(site: Site) -> Iterator[subprocess.Popen[str]]:
    """Run the backend and end it; what it said is checked by who asks."""
    with subprocess.Popen(site.command(), stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def client_of(site: Site) -> Iterator[Callable[[Path], bus.RequestClient]]:
    with ExitStack() as stack:
        yield lambda keys_dir: stack.enter_context(
            bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir))
        )


def test_acknowledged_writes_outlive_a_killed_process_and_a_repeat_gets_the_same_reply(
    site: Site, database_url: str, client_of: Callable[[Path], bus.RequestClient]
) -> None:
    site, client = replace(site, url=database_url), client_of(site.keys)
    with running(site) as process:
        assert client.ask(opening(), timeout_s=START_S) is not None
        first = [client.ask(step(f"e{number}"), key=f"k{number}") for number in range(5)]
        called = client.ask(call("c1", "s1"), key="call")
        assert client.ask(call("c2", "s1")).waiting_before == 1
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=10.0) == -signal.SIGKILL
        with pytest.raises(bus.Unreachable):
            client.ask(step("lost"), timeout_s=0.3)
    with running(site):
        # Events have keys of their own too; other events under the keys of these requests show which of the two counts.
        again = [client.ask(step(f"other{number}"), key=f"k{number}", timeout_s=START_S) for number in range(5)]
        assert again == first
        assert client.ask(call("c1", "s1"), key="call") == called
    engine = open_database(database_url)
    with engine.connect() as connection:
        stored = connection.scalars(select(journey_events.c.event_key).order_by(journey_events.c.event_id)).all()
    engine.dispose()
    assert stored == [f"e{number}" for number in range(5)]


def test_an_event_sent_again_under_another_key_is_kept_once(
    site: Site, client_of: Callable[[Path], bus.RequestClient]
) -> None:
    client = client_of(site.keys)
    with running(site):
        assert client.ask(opening(), timeout_s=START_S) is not None
        assert client.ask(step("e1"), key="k1") == client.ask(step("e1"), key="k2")


def test_several_backends_share_one_postgresql(
    site: Site,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    client_of: Callable[[Path], bus.RequestClient],
) -> None:
    site = replace(site, url=postgres.new_database())
    with running(site):
        first = client_of(site.keys)
        assert first.ask(opening(), timeout_s=START_S) is not None
        event = first.ask(step("e1"), key="k1")
        monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
        with running(site):
            assert client_of(site.keys).ask(step("other"), key="k1", timeout_s=START_S) == event


def test_a_robot_fetches_the_catalogue_and_hears_of_problems(
    site: Site, client_of: Callable[[Path], bus.RequestClient], tmp_path: Path
) -> None:
    client = client_of(site.keys)
    with running(site) as process:
        offer = client.ask(store.ReplicaQuery(), timeout_s=START_S)

        def fetch(offset: int) -> bytes:
            chunk = client.ask(store.ReplicaChunkQuery(sha256=offer.sha256, offset=offset))
            assert isinstance(chunk, store.ReplicaChunk)
            return chunk.content

        assert sync_replica(tmp_path / "replica.sqlite", offer.sha256, offer.size_bytes, fetch)
        assert client.ask(store.ProductQuery(product_id=MILK)).bay_id == "G1-W1"
        assert client.ask(store.ProductQuery(product_id=BREAD)).bay_id is None
        unknown = client.ask(step("e1", "nobody"))
        assert isinstance(unknown, Problem)
        assert unknown.code is ProblemCode.UNKNOWN_SESSION
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10.0) == 0


def test_a_stranger_is_refused_in_words_and_friends_are_served(
    site: Site, client_of: Callable[[Path], bus.RequestClient], tmp_path: Path
) -> None:
    keys.create_missing_keys(tmp_path / "stranger")
    shutil.copy(site.keys / "store_backend.key", tmp_path / "stranger" / "store_backend.key")
    with running(site):
        assert client_of(site.keys).ask(opening(), timeout_s=START_S) is not None
        with pytest.raises(bus.KeyRefused, match="store_backend does not know the key of kiosk_ui"):
            client_of(tmp_path / "stranger").ask(opening(), timeout_s=START_S)
        assert client_of(site.keys).ask(opening(), timeout_s=START_S) is not None


def test_keys_are_rotated_without_a_restart(site: Site, client_of: Callable[[Path], bus.RequestClient]) -> None:
    with running(site):
        old = client_of(site.keys)
        assert old.ask(opening(), timeout_s=START_S) is not None
        keys.create_missing_keys(site.keys, ("kiosk_ui@new",))
        with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui@new", site.keys)) as new:
            ask_until(lambda: new.ask(step("by the new key")), is_refused=False)
            (site.keys / "kiosk_ui.key").unlink()
            ask_until(lambda: old.ask(store.ReplicaQuery()), is_refused=True)
            with pytest.raises(bus.KeyRefused, match="no longer knows this key"):
                old.ask(step("by the old key"))
            assert new.ask(step("again by the new key")) is not None
            assert events_in(site) == {"by the new key", "again by the new key"}


def ask_until(ask: Callable[[], object], *, is_refused: bool) -> None:
    """Ask until the key is refused, or no longer."""
    for _ in range(50_000):
        try:
            ask()
        except bus.KeyRefused:
            if is_refused:
                return
        else:
            if not is_refused:
                return
    raise AssertionError("it never changed")


def events_in(site: Site) -> set[str]:
    engine = open_database(f"sqlite:///{site.database}")
    with engine.connect() as connection:
        stored = set(connection.scalars(select(journey_events.c.event_key)))
    engine.dispose()
    return stored


def test_the_log_is_json_on_request_and_holds_nothing_of_a_message(
    site: Site, client_of: Callable[[Path], bus.RequestClient]
) -> None:
    command = [*site.command(), "--log-json", "--monitor", "0"]
    client = client_of(site.keys)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert client.ask(opening(), timeout_s=START_S) is not None
            client.socket.send(b"\xc1 Anna Smith, anna@example.org")
            assert client.socket.poll(5_000)
            client.socket.recv()
            problem = client.ask(step("e1", "nobody", touch_point="Anna Smith"))
            assert problem.code is ProblemCode.UNKNOWN_SESSION
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=20.0)
        finally:
            process.kill()
    lines = [json.loads(line) for line in said.splitlines()]
    assert any("malformed" in line["message"] for line in lines)
    assert any("metrics and health" in line["message"] for line in lines)
    assert "anna" not in said.lower()


def remove_store(site: Site) -> None:
    shutil.rmtree(site.store)


def damage_catalogue(site: Site) -> None:
    (site.store / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 100)


def cut_catalogue(site: Site) -> None:
    path = site.store / "catalogue.sqlite"
    path.write_bytes(path.read_bytes()[:5000])


def damage_planogram(site: Site) -> None:
    (site.store / "planogram.csv").write_text("product_id,fixture_id,bay_id,shelf,facing\nmilk,G1,G1-W1,1,1\n")


def remove_keys(site: Site) -> None:
    shutil.rmtree(site.keys)


def damage_database(site: Site) -> None:
    site.database.write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (remove_store, "catalogue.sqlite: there is no catalogue; build the store"),
        (damage_catalogue, "catalogue.sqlite: is damaged or no catalogue"),
        (cut_catalogue, "catalogue.sqlite: is damaged"),
        (damage_planogram, "planogram.csv, row 2: product_id must be a whole number"),
        (remove_keys, "run `aisle keys`"),
        (damage_database, "restore it from a backup"),
    ],
)
def test_what_cannot_be_opened_is_one_clear_line(site: Site, spoil: Callable[[Site], None], words: str) -> None:
    spoil(site)
    done = subprocess.run(site.command(), capture_output=True, text=True, timeout=START_S, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("aisle backend: ")
    assert words in line


def test_a_taken_port_is_one_clear_line(site: Site, client_of: Callable[[Path], bus.RequestClient]) -> None:
    with running(site):
        assert client_of(site.keys).ask(opening(), timeout_s=START_S) is not None
        second = subprocess.run(site.command(), capture_output=True, text=True, timeout=START_S, check=False)
    assert second.returncode == 1
    (line,) = second.stderr.splitlines()
    assert "is another store running? Set AISLE_PORT_BASE" in line
