from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store_backend.database import DatabaseProblem, open_database, writing
from store_backend.tables import metadata


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that was used before."""
    path = tmp_path / "store.sqlite"
    open_database(f"sqlite:///{path}").dispose()
    return path


def problem(url: str) -> str:
    """Return the one sentence of a database that cannot be opened."""
    with pytest.raises(DatabaseProblem) as caught:
        open_database(url)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_an_empty_place_becomes_a_database_with_all_tables(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    engine.dispose()
    assert set(metadata.tables) <= set(names)


def test_what_is_committed_is_on_the_disk(file: Path) -> None:
    engine = open_database(f"sqlite:///{file}")
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_file_that_is_no_database_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("milk, bread and cookies\n" * 200)
    sentence = problem(f"sqlite:///{path}")
    assert str(path) in sentence
    assert "file is not a database" in sentence
    assert "restore it from a backup" in sentence


def test_damage_inside_the_file_is_found_at_the_start(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[2 * 4096 : 3 * 4096] = b"\xff" * 4096
    file.write_bytes(content)
    sentence = problem(f"sqlite:///{file}")
    assert str(file) in sentence
    assert "restore it from a backup" in sentence


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    sentence = problem(f"sqlite:///{folder / 'store.sqlite'}")
    assert f"there is no folder {folder}; create it" in sentence
    assert not folder.exists()


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    sentence = problem(f"sqlite:///{tmp_path}")
    assert str(tmp_path) in sentence
    assert "check that the path is a file" in sentence


def test_a_database_that_cannot_be_written_is_found_at_the_start(file: Path) -> None:
    sentence = problem(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert "readonly" in sentence
    assert "make the file, its folder and its disk writable" in sentence


def test_a_database_that_another_program_holds_is_said_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store_backend.database._PRAGMAS", ("busy_timeout=1",))
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "another program holds it" in problem(f"sqlite:///{file}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("store.sqlite", "is no database URL; write for example sqlite:////"),
        ("elephantsql://localhost/store", "cannot be used"),
    ],
)
def test_an_address_that_means_nothing_is_refused(url: str, words: str) -> None:
    assert words in problem(url)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o002)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_nobody_else_may_read_a_new_database_or_its_log(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE more (one TEXT)")
        assert modes(tmp_path) == {"new.sqlite": 0o600, "new.sqlite-wal": 0o600, "new.sqlite-shm": 0o600}
    engine.dispose()


@pytest.mark.usefixtures("open_umask")
def test_a_database_that_others_could_read_is_narrowed_with_what_lies_beside_it(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE more (one TEXT)")
        other.commit()
        for path in file.parent.iterdir():
            path.chmod(0o664)
        assert len(modes(file.parent)) == 3
        open_database(f"sqlite:///{file}").dispose()
        assert set(modes(file.parent).values()) == {0o600}


def test_a_database_of_somebody_else_is_left_with_its_rights(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o664)
    monkeypatch.setattr("os.geteuid", lambda: file.stat().st_uid + 1)
    open_database(f"sqlite:///{file}").dispose()
    assert modes(file.parent)[file.name] == 0o664


def test_a_password_is_never_in_the_sentence() -> None:
    assert "sesame" not in problem("elephantsql://aisle:sesame@localhost/store")
