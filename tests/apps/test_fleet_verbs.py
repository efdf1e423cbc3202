"""Staff stop, release and send robots on the command line, here in the database of a backend that has ended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aisle import paths
from apps import care_verbs
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.key_file import create_missing_store_keys
from tests.apps.test_care_verbs import said
from tests.store_backend.conftest import catalogue, store_dir

__all__ = ["catalogue", "store_dir"]


@pytest.fixture
def database(tmp_path: Path, store_dir: Path, catalogue: CatalogueFile, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    monkeypatch.setattr(paths, "demo_store_dir", lambda: store_dir)
    monkeypatch.setattr(care_verbs.console, "width", 200)
    create_missing_store_keys(tmp_path / "keys")
    url = f"sqlite:///{tmp_path / 'backend.sqlite'}"
    open_database(url).dispose()
    return url


def test_a_stop_of_all_is_shown_with_its_reason_until_it_is_released(database: str) -> None:
    assert "all robots: stopped: spilled milk" in said(
        "fleet", "stop", "--reason", "spilled milk", "--database", database
    )
    assert "robot-1: stopped: spilled milk" in said("fleet", "show", "robot-1", "--database", database)
    assert "robot-1: stopped" in said("fleet", "release", "robot-1", "--database", database)
    assert "all robots: not stopped" in said("fleet", "release", "--database", database)
    told = said("fleet", "show", "robot-1", "--database", database)
    assert "robot-1: not stopped" in told
    assert "commanded by nobody, lease 0" in told


def test_a_task_is_listed_until_it_is_ended(database: str) -> None:
    found = re.search(r"task (\w+)", said("fleet", "send", "patrol", "3.5", "2", "--database", database))
    assert found is not None
    told = said("fleet", "tasks", "--database", database)
    assert found[1] in told
    assert "3.5, 2.0" in told
    assert "is cancelled" in said("fleet", "end", found[1], "--database", database)
    assert found[1] not in said("fleet", "tasks", "--database", database)


def test_a_task_that_nobody_knows_is_one_line(database: str) -> None:
    assert said("fleet", "end", "nothing", "--database", database, code=1).strip() == "there is no task nothing"
