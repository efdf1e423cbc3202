from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from store_backend import migrate
from store_backend.database import connect, open_database


def tables_of(url: str) -> set[str]:
    engine = connect(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_a_database_goes_back_and_forth(database_url: str) -> None:
    open_database(database_url).dispose()
    assert migrate.main(["--database", database_url, "--to", "0001"]) == 0
    assert "replies" not in tables_of(database_url)
    assert migrate.main(["--database", database_url]) == 0
    assert "replies" in tables_of(database_url)


@pytest.mark.parametrize(("url", "to", "words"), [
    ("sqlite://", "7", "there is no version 7 of the tables"),
    ("store.sqlite", "head", "is no database URL"),
    ("sqlite:////nowhere/store.sqlite", "head", "there is no folder /nowhere; create it"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line(url: str, to: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert migrate.main(["--database", url, "--to", to]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("aisle backend migrate: ")
    assert words in line


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("milk, bread and cookies\n" * 200)
    before = path.read_bytes()
    assert migrate.main(["--database", f"sqlite:///{path}", "--to", "base"]) == 1
    assert path.read_bytes() == before
