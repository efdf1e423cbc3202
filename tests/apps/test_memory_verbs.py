"""`aisle memory` against a running backend."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aisle import bus, channels, keys
from aisle.messages.memory import FactKind, GreetingQuery, OfferGreeting, Purpose
from apps.memory_verbs import memory_app
from store_backend.key_file import create_missing_store_keys, open_store_keys
from tests.store_backend.conftest import store_dir
from tests.store_backend.ports import free_port
from tests.store_backend.shoppers import ANNA, consent, fact
from tests.store_backend.test_service import START_S, Site, running

__all__ = ["store_dir"]
pytestmark = pytest.mark.integration


@pytest.fixture
def site(store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A running backend that remembers one wish of Anna."""
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    site = Site(Path(shutil.copytree(store_dir, tmp_path / "store")), tmp_path / "keys", tmp_path / "backend.sqlite")
    with running(site), bus.request_client(channels.BACKEND, bus.Identity("admin", site.keys)) as client:
        for message in (consent(Purpose.WISH_LIST), fact(FactKind.WISH, "oat milk")):
            client.ask(message, timeout_s=START_S)
        yield site


def memory(site: Site, *arguments: str) -> Result:
    return CliRunner().invoke(memory_app, [*arguments, "--keys", str(site.keys)])


def test_a_memory_is_shown_exported_and_erased(site: Site, tmp_path: Path) -> None:
    shown = memory(site, "show", ANNA)
    assert (shown.exit_code, "allowed: wish_list" in shown.output, "oat milk" in shown.output) == (0, True, True)
    assert memory(site, "export", ANNA, "--out", str(tmp_path / "out"), "--language", "de").exit_code == 0
    assert json.loads((tmp_path / "out" / "memory.json").read_bytes())["facts"][0]["text"] == "oat milk"
    assert (tmp_path / "out" / "memory.pdf").read_bytes().startswith(b"%PDF-")
    assert memory(site, "erase", ANNA, "--yes").exit_code == 0
    gone = memory(site, "show", ANNA)
    assert (gone.exit_code, "this shopper was erased" in " ".join(gone.output.split())) == (1, True)


def test_a_code_for_the_card_is_shown_when_the_shopper_allows_it(site: Site, tmp_path: Path) -> None:
    refused = memory(site, "card", ANNA)
    assert (refused.exit_code, "ask for consent first" in " ".join(refused.output.split())) == (1, True)
    with bus.request_client(channels.BACKEND, bus.Identity("admin", site.keys)) as client:
        client.ask(consent(Purpose.LOYALTY), timeout_s=START_S)
    shown = memory(site, "card", ANNA, "--png", str(tmp_path / "code.png"))
    assert (shown.exit_code, "█" in shown.output) == (0, True)
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")


def test_the_key_is_renewed_while_the_backend_runs(site: Site) -> None:
    renewed = memory(site, "renew-key", "--database", f"sqlite:///{site.database}")
    assert (renewed.exit_code, "now number 2" in renewed.output) == (0, True)
    assert set(open_store_keys(site.keys).keys().keys) == {2}
    assert "oat milk" in memory(site, "show", ANNA).output


def test_without_a_backend_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path)
    failed = CliRunner().invoke(memory_app, ["show", ANNA, "--keys", str(tmp_path)])
    assert (failed.exit_code, "is it running?" in failed.output) == (1, True)


def test_a_phone_is_played_that_reads_the_code_of_a_screen(site: Site) -> None:
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", site.keys)) as screen:
        token = screen.ask(OfferGreeting(), timeout_s=START_S).token
        assert memory(site, "greet", ANNA, token).exit_code == 0
        assert screen.ask(GreetingQuery(token=token), timeout_s=START_S).shopper_id == ANNA
    again = memory(site, "greet", ANNA, token)
    assert (again.exit_code, "used before" in " ".join(again.output.split())) == (1, True)
