"""A shopper with unmistakable data goes through the real backend; then the raw bytes of every place are searched."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aisle import bus, channels, keys
from aisle.messages import Problem, care, memory
from aisle.messages.memory import FactKind, Purpose, Reason
from apps.base.recording import LogWriter, MarkEntry
from benchmarks.postgres import PostgresServer, programs
from kiosk_ui.lanes import Letter
from kiosk_ui.outbox import Keep
from kiosk_ui.state_file import open_state
from store_backend import restored, upkeep
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.key_file import create_missing_store_keys, open_store_keys
from tests.store_backend.ports import free_port
from tests.store_backend.shoppers import ANNA, BEN, consent, fact, seen
from tests.store_backend.steps import NOW_S, call, opening, step
from tests.store_backend.test_service import START_S, Site

pytestmark = pytest.mark.integration

PLAIN = {
    FactKind.PURCHASE: "Zwölf Quittenbrötchen",
    FactKind.WISH: "Xylophonhonig für Zoë",
    FactKind.CARD: "KARTE-7351-QWX",
    FactKind.E_MAIL: "zoe.quastenflosser@example.org",
    FactKind.PHONE: "+49 30 0815 4711 99",
}
CORRECTED = "Yakbutter von der Alb"
DELETED = "Wunsch den es nie gab"
LINKED = "LINKED-CARD-90125"
TEXTS = (*PLAIN.values(), CORRECTED, DELETED, LINKED)
Ask = Callable[[Any], Any]


def spellings(text: str) -> Iterator[bytes]:
    """Yield the ways in which a text may lie in a file."""
    yield text.encode()
    yield text.encode("utf-16-le")
    yield json.dumps(text).strip('"').encode()
    yield text.encode().hex().encode()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        # PostgreSQL throws caches away while one looks; what is gone holds nothing.
        return b""


def found(places: list[Path], texts: tuple[str, ...] = TEXTS) -> list[str]:
    """Return which texts lie in which files below some places."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    contents = [(file, _content(file)) for file in files]
    return [
        f"{text} in {file}" for file, raw in contents for text in texts if any(form in raw for form in spellings(text))
    ]


@dataclass(frozen=True)
class Place:
    """One database with everything around it."""

    site: Site
    folder: Path
    raw: list[Path]
    back_up: Callable[[Path], None]
    restore: Callable[[Path], str]


@pytest.fixture
def place(
    request: pytest.FixtureRequest, database_url: str, store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    store = Path(shutil.copytree(store_dir, tmp_path / "store"))
    site = Site(store, tmp_path / "keys", tmp_path / "backend.sqlite", database_url)
    if database_url.startswith("sqlite"):
        return _on_sqlite(site, tmp_path)
    return _on_postgres(site, tmp_path, request.getfixturevalue("postgres"))


def _on_sqlite(site: Site, folder: Path) -> Place:
    def back_up(path: Path) -> None:
        with closing(sqlite3.connect(site.database)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)

    def restore(path: Path) -> str:
        shutil.copy(path, folder / "restored.sqlite")
        return f"sqlite:///{folder / 'restored.sqlite'}"

    return Place(site, folder, [folder], back_up, restore)


def _on_postgres(site: Site, folder: Path, server: PostgresServer) -> Place:
    def back_up(path: Path) -> None:
        dump = [str(programs() / "pg_dump"), "--dbname", site.url, "--file", str(path)]
        subprocess.run(dump, check=True, timeout=60.0)
        with psycopg.connect(site.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def restore(path: Path) -> str:
        url = server.new_database()
        load = [str(programs() / "psql"), "--dbname", url, "--quiet", "--output", "/dev/null", "--file", str(path)]
        subprocess.run(load, check=True, timeout=60.0)
        return url

    return Place(site, folder, [folder, server.folder], back_up, restore)


@contextmanager
def asking(place: Place) -> Iterator[Ask]:
    """Run the backend, its log in a file, and ask it as staff."""
    log = place.folder / "backend.log"
    with (
        log.open("ab") as stream,
        subprocess.Popen(place.site.command(), stderr=stream, stdout=stream) as process,
        bus.request_client(channels.BACKEND, bus.Identity("admin", place.site.keys)) as line,
    ):

        def ask(message: Any) -> Any:
            reply = line.ask(message, timeout_s=START_S)
            assert not isinstance(reply, Problem), reply
            return reply

        try:
            yield ask
        finally:
            process.terminate()
            process.wait(timeout=START_S)


def live(ask: Ask, shopper_id: str, texts: dict[FactKind, str]) -> None:
    """Allow everything, be remembered, correct, delete, link a card, take a look, and ask for things that fail."""
    for purpose in Purpose:
        ask(consent(purpose, shopper_id=shopper_id))
    kept = {kind: ask(fact(kind, text, shopper_id=shopper_id)).fact_id for kind, text in texts.items()}
    ask(memory.CorrectFact(shopper_id=shopper_id, fact_id=kept[FactKind.WISH], text=CORRECTED))
    ask(
        memory.DeleteFact(
            shopper_id=shopper_id, fact_id=ask(fact(FactKind.WISH, DELETED, shopper_id=shopper_id)).fact_id
        )
    )
    token = ask(memory.OfferCardLink(shopper_id=shopper_id)).token
    ask(memory.LinkCard(token=token, card=LINKED))
    ticket = ask(memory.OpenMemory(shopper_id=shopper_id, reader="shopper", reason=Reason.SHOPPER_ASKED)).ticket
    told = {one.text for one in ask(memory.MemoryQuery(ticket=ticket)).facts}
    assert told == {*texts.values(), CORRECTED, LINKED} - {texts[FactKind.WISH]}
    for refusal in (memory.CorrectFact(shopper_id=shopper_id, fact_id=10**6, text=DELETED),):
        with pytest.raises(AssertionError):
            ask(refusal)


def leave_traces(place: Place) -> None:
    """Write what a kiosk keeps while the backend is away, and a recording of the robot's base."""
    letters = (Letter(step("e9"), "e9", opening(), 1), Letter(call("c9", "s1"), "c9", None, 2))
    with closing(open_state(place.folder / "kiosk")) as state:
        state.write([Keep("journey", letter) for letter in letters])
    with LogWriter(place.folder / "base.mcap", "robot-1", lambda: 0) as recording:
        recording.mark(MarkEntry(1, 0, 0.0, 0.0, 0.0))


def test_no_place_holds_plain_data_of_a_shopper_before_or_after_the_erasure(
    place: Place, catalogue: CatalogueFile
) -> None:
    backup = place.folder / "backup"
    bens = {kind: f"{text} von Ben" for kind, text in PLAIN.items()}
    with asking(place) as ask:
        ask(opening())
        ask(care.Feedback(session_id="s1", score=9))
        live(ask, ANNA, PLAIN)
        live(ask, BEN, bens)
        leave_traces(place)
        place.back_up(backup)
        assert found(place.raw) == []
        ask(memory.EraseShopper(shopper_id=ANNA))
        engine, key_file = open_database(place.site.url), open_store_keys(place.site.keys)
        for _ in range(3):
            upkeep.turn(engine, key_file, NOW_S)
        engine.dispose()
        ticket = ask(memory.OpenMemory(shopper_id=BEN, reader="shopper", reason=Reason.SHOPPER_ASKED)).ticket
        assert bens[FactKind.PHONE] in {one.text for one in ask(memory.MemoryQuery(ticket=ticket)).facts}
    assert found(place.raw) == []
    _check_restored(place, backup, catalogue, bens)
    assert found(place.raw) == []


def _check_restored(place: Place, backup: Path, catalogue: CatalogueFile, bens: dict[FactKind, str]) -> None:
    """The backup from before the erasure brings Ben back, and nothing of the erased shopper."""
    engine, key_file = open_database(place.restore(backup)), open_store_keys(place.site.keys)
    backend = Backend(engine, catalogue, lambda: NOW_S, key_file)
    assert restored.take_up(engine, catalogue, key_file, NOW_S) == 1
    assert bens[FactKind.PHONE] in {one.text for one in seen(backend, BEN).facts}
    assert isinstance(
        backend.answer("admin", memory.OpenMemory(shopper_id=ANNA, reader="x", reason=Reason.CARE)), Problem
    )
    engine.dispose()


@pytest.mark.parametrize("text", TEXTS)
def test_the_search_finds_each_text_in_each_spelling(tmp_path: Path, text: str) -> None:
    for number, form in enumerate(spellings(text)):
        (tmp_path / f"{number}").write_bytes(b"\0" * 100 + form + b"\0" * 100)
    assert len(found([tmp_path])) == 4


def test_the_search_sees_what_the_backend_wrote_in_clear(place: Place) -> None:
    with asking(place) as ask:
        ask(call("c1", "s1"))
        place.back_up(place.folder / "backup")
        assert len(found(place.raw, ("Looks for milk",))) >= 2
