"""What staff see on the command line, from the database of a backend that has ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from aisle import paths
from aisle.messages import care
from apps import care_verbs
from apps.cli import app
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.key_file import create_missing_store_keys
from tests.store_backend.conftest import catalogue, store_dir
from tests.store_backend.steps import NOW_S, answer, call, opening, step

__all__ = ["catalogue", "store_dir"]


@pytest.fixture
def database(tmp_path: Path, store_dir: Path, catalogue: CatalogueFile, monkeypatch: pytest.MonkeyPatch) -> str:
    """A visit that went wrong, in a store whose clock stands still."""
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    monkeypatch.setattr(paths, "demo_store_dir", lambda: store_dir)
    monkeypatch.setattr(care_verbs.clock, "wall_s", lambda: NOW_S)
    monkeypatch.setattr(care_verbs.console, "width", 200)
    create_missing_store_keys(tmp_path / "keys")
    url = f"sqlite:///{tmp_path / 'backend.sqlite'}"
    engine = open_database(url)
    backend = Backend(engine, catalogue, lambda: NOW_S)
    answer(backend, opening())
    answer(backend, step("e1", outcome="chosen", happened_unix_s=NOW_S - 20.0))
    answer(backend, step("e2", outcome="tour_lost", stage=care.Stage.DELIVERY, taps=2))
    answer(backend, call("c1", "s1"))
    engine.dispose()
    return url


def said(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_a_visit_is_replayed_with_its_score_and_blame(database: str) -> None:
    told = said("journey", "s1", "--database", database)
    assert told.index("chosen") < told.index("tour_lost")
    assert "20.0 s" in told
    assert "score 0.10, no answer" in told
    assert "100%" in told
    assert "s1" in said("journey", "--database", database)


def test_a_visit_that_nobody_knows_is_one_line(database: str) -> None:
    assert said("journey", "x", "--database", database, code=1).strip() == "no visit x was opened; open it first"


def test_a_database_that_is_not_there_is_one_line(database: str) -> None:
    assert "there is no folder /nowhere" in said("care", "alerts", "--database", "sqlite:////nowhere/x", code=1)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, database: str) -> None:
    missing = tmp_path / "mistyped.sqlite"
    assert f"there is no database {missing}" in said("care", "queue", "--database", f"sqlite:///{missing}", code=1)
    assert not missing.exists()


def test_alerts_queue_and_figures_are_shown(database: str) -> None:
    assert "abandoned_tour" in said("care", "alerts", "--database", database)
    assert "waiting" in said("care", "queue", "--database", database)
    assert "kiosk 0 (n 1)" in said("care", "checklist", "--database", database)
    assert "assumed: a sale is worth 2500 cents" in said("care", "report", "--database", database)


def test_a_folder_of_complaints_is_imported_once_and_bad_files_are_named(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text("Too loud")
    (folder / "b.pdf").write_text("x")
    for _ in range(2):
        told = said("care", "import", str(folder), "--database", database, code=1)
        assert "a.txt: complaint 1" in told
        assert "b.pdf: is no complaint" in told
    assert "open" in said("care", "complaints", "--database", database)
    assert "suggestions" in said("care", "themes", "--database", database)


def test_a_call_is_taken_and_handed_back_with_a_note(database: str) -> None:
    assert "is yours" in said("care", "claim", "1", "--staff-id", "7", "--database", database)
    refused = said("care", "hand-back", "1", "--staff-id", "8", "--note", "x", "--database", database, code=1)
    assert "claimed by 7" in refused
    own = ("care", "hand-back", "1", "--staff-id", "7", "--database", database, "--note")
    assert "card number" in said(*own, "4111 1111 1111 1111", code=1)
    assert "is handed back" in said(*own, "It is in aisle 5.")
    assert "handed_back" in said("journey", "s1", "--database", database)
