"""Copies of a database: taken while it is in use, and put back while no backend runs.

SQLite by its online backup (https://www.sqlite.org/backup.html), PostgreSQL by pg_dump and pg_restore.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from store_backend import private_file
from store_backend.database import DatabaseProblem, address_of

_INSTALLED = Path("/usr/lib/postgresql")
_PAGES_AT_ONCE = 1024


def backup(url: str, target: Path) -> None:
    """Write one state of a database into a new file, which appears when whole. Raises DatabaseProblem, OSError."""
    if target.exists():
        raise DatabaseProblem(f"{target} is there already; give the copy another name")
    address, part = address_of(url), target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        private_file.create(part)
        if address.get_backend_name() == "sqlite":
            _copy_sqlite(_file_of(address), part)
        else:
            _run(_program("pg_dump"), "--format=custom", f"--file={part}", f"--dbname={_libpq(address)}")
        _make_durable(part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, source: Path) -> None:
    """Put a copy in the place of what a database holds; no backend may run on it. Raises DatabaseProblem, OSError."""
    if not source.is_file():
        raise DatabaseProblem(f"there is no copy {source}")
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        _restore_sqlite(source, _file_of(address))
    else:
        options = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--exit-on-error")
        _run(_program("pg_restore"), *options, f"--dbname={_libpq(address)}", str(source))


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise DatabaseProblem(f"there is no database {source}")
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy, pages=_PAGES_AT_ONCE)
            _check(copy, target)
    except sqlite3.Error as error:
        raise DatabaseProblem(f"{source} cannot be copied to {target}: {error}") from error


def _restore_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            _check(copy, source)
            private_file.create_or_narrow_database(target)
            with closing(sqlite3.connect(target, timeout=1.0)) as live:
                # Leaving the write-ahead log needs the file for oneself, so this fails beside a running backend.
                live.execute("PRAGMA journal_mode=DELETE")
                copy.backup(live)
    except sqlite3.DatabaseError as error:
        raise DatabaseProblem(
            f"{target} cannot be restored from {source}: {error}; does a backend still run?"
        ) from error


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise DatabaseProblem(f"{path} is damaged ({said}); take another copy")


def _file_of(address: URL) -> Path:
    if not address.database or address.database == ":memory:":
        raise DatabaseProblem("a database in memory cannot be copied")
    return Path(address.database)


def _libpq(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _program(name: str) -> str:
    installed = sorted(_INSTALLED.glob(f"*/bin/{name}"))
    # The newest one: an older pg_dump refuses a newer server.
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise DatabaseProblem(f"there is no {name} here: apt install postgresql-client")
    return found


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:300]
        raise DatabaseProblem(f"{Path(command[0]).name} failed: {said}")


def _make_durable(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def main(verb: str, argv: list[str] | None = None) -> int:
    """Run `aisle backend backup` or `restore`; problems are one line and exit code 1."""
    does: dict[str, tuple[Callable[[str, Path], None], str]] = {
        "backup": (backup, "Copy a database into a new file; the backend may run."),
        "restore": (restore, "Put a copy in the place of what a database holds; no backend may run."),
    }
    act, description = does[verb]
    parser = argparse.ArgumentParser(prog=f"aisle backend {verb}", description=description)
    parser.add_argument("file", type=Path, help="the copy")
    parser.add_argument("--database", required=True, help="SQLAlchemy URL, as for `aisle backend`")
    options = parser.parse_args(argv)
    try:
        act(options.database, options.file)
    except (DatabaseProblem, OSError) as problem:
        sys.stderr.write(f"aisle backend {verb}: {problem}\n")
        return 1
    return 0
