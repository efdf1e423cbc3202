"""Copies of a database: taken beside a running backend, put back, and refused in words where that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store_backend import backup
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import DatabaseProblem, open_database
from store_backend.tables import journey_events
from tests.store_backend.steps import NOW_S, answer, asked, opening, rows, step


def opened(url: str, catalogue: CatalogueFile) -> Backend:
    return Backend(open_database(url), catalogue, lambda: NOW_S)


def test_a_copy_taken_beside_a_backend_brings_back_what_was_there(
    database_url: str, catalogue: CatalogueFile, tmp_path: Path
) -> None:
    backend = opened(database_url, catalogue)
    answer(backend, opening())
    (first,) = backend.write([asked(step("before"), "k1")])
    backup.backup(database_url, tmp_path / "copy")
    answer(backend, step("after"))
    backend.engine.dispose()
    backup.restore(database_url, tmp_path / "copy")
    restored = opened(database_url, catalogue)
    assert [row["event_key"] for row in rows(restored, journey_events)] == ["before"]
    # The kept replies came back with the rows.
    assert restored.write([asked(step("other"), "k1")]) == [first]
    answer(restored, step("later"))
    restored.engine.dispose()


def test_nobody_else_may_read_a_copy_or_what_is_restored_from_it(
    database_url: str, catalogue: CatalogueFile, tmp_path: Path
) -> None:
    opened(database_url, catalogue).engine.dispose()
    (tmp_path / "copy.part").write_bytes(b"left behind by a copy that was cut off")
    before = os.umask(0o002)
    try:
        backup.backup(database_url, tmp_path / "copy")
        if database_url.startswith("sqlite"):
            backup.restore(f"sqlite:///{tmp_path / 'restored'}", tmp_path / "copy")
    finally:
        os.umask(before)
    made = [path for path in (tmp_path / "copy", tmp_path / "restored") if path.exists()]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


def test_a_copy_is_never_written_over(database_url: str, catalogue: CatalogueFile, tmp_path: Path) -> None:
    opened(database_url, catalogue).engine.dispose()
    (tmp_path / "copy").write_text("the copy of last week")
    with pytest.raises(DatabaseProblem, match="is there already"):
        backup.backup(database_url, tmp_path / "copy")


def test_what_is_no_copy_changes_nothing(database_url: str, catalogue: CatalogueFile, tmp_path: Path) -> None:
    backend = opened(database_url, catalogue)
    answer(backend, opening())
    answer(backend, step("kept"))
    backend.engine.dispose()
    (tmp_path / "copy").write_bytes(b"no copy at all" * 500)
    with pytest.raises(DatabaseProblem):
        backup.restore(database_url, tmp_path / "copy")
    again = opened(database_url, catalogue)
    assert len(rows(again, journey_events)) == 1
    again.engine.dispose()


def test_a_database_in_use_is_not_restored_over(catalogue: CatalogueFile, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'backend.sqlite'}"
    backend = opened(url, catalogue)
    backup.backup(url, tmp_path / "copy")
    with backend.engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM sessions")
        with pytest.raises(DatabaseProblem, match="does a backend still run"):
            backup.restore(url, tmp_path / "copy")
    backend.engine.dispose()


def test_a_missing_database_leaves_no_half_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(tmp_path / "copy"), "--database", f"sqlite:///{tmp_path / 'nothing.sqlite'}"]
    assert backup.main("backup", arguments) == 1
    assert "there is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
