"""Opening the database: durable settings, missing tables, and one plain sentence for whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from store_backend.tables import metadata

_PRAGMAS = ("busy_timeout=2000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

# By the beginning of SQLite's name for the error (https://www.sqlite.org/rescode.html).
_REMEDIES = {
    "SQLITE_NOTADB": "restore it from a backup, or move it away to start with an empty one",
    "SQLITE_CORRUPT": "restore it from a backup, or move it away to start with an empty one",
    "SQLITE_READONLY": "make the file, its folder and its disk writable for this user",
    "SQLITE_CANTOPEN": "check that the path is a file that this user may read and write",
    "SQLITE_BUSY": "another program holds it; stop that one",
    "SQLITE_FULL": "the disk is full; make room",
}
_ELSE = "check the URL, and that the database server runs"


class DatabaseProblem(RuntimeError):
    """The database cannot be used; the sentence says which, why, and what to do."""


def open_database(url: str) -> Engine:
    """Connect, check and create missing tables. Raises DatabaseProblem."""
    address = _address(url)
    try:
        engine = create_engine(address)
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseProblem(f"the database {address!r} cannot be used: {error}; install its driver") from error
    try:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _make_durable)
            _check_file(engine)
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise DatabaseProblem(
            f"the database {address!r} cannot be used: {cause_of(error)}; {_remedy(error)}"
        ) from error
    except DatabaseProblem:
        engine.dispose()
        raise
    return engine


def cause_of(error: SQLAlchemyError) -> str:
    """Return what the database itself said, without the statement and its values."""
    return str(getattr(error, "orig", None) or error)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseProblem(
            f"{url!r} is no database URL; write for example sqlite:////var/lib/aisle/store.sqlite"
        ) from error
    folder = _missing_folder(address)
    if folder is not None:
        raise DatabaseProblem(f"the database {address!r} cannot be used: there is no folder {folder}; create it")
    return address


def _missing_folder(address: URL) -> Path | None:
    file = address.database
    if address.get_backend_name() != "sqlite" or not file or file.startswith(("file:", ":memory:")):
        return None
    folder = Path(file).parent
    return None if folder.is_dir() else folder


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _check_file(engine: Engine) -> None:
    """Find damage and a file that cannot be written now, not with the first shopper."""
    with engine.connect() as connection:
        report = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if report != "ok":
            remedy = _REMEDIES["SQLITE_CORRUPT"]
            raise DatabaseProblem(f"the database {engine.url!r} is damaged ({' '.join(report.split())}); {remedy}")
        connection.rollback()
        # SQLite lets a reader begin even an immediate transaction: only a change shows that it may write.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version = {int(version)}")
        connection.rollback()


def _remedy(error: SQLAlchemyError) -> str:
    name = str(getattr(getattr(error, "orig", None), "sqlite_errorname", ""))
    return next((remedy for prefix, remedy in _REMEDIES.items() if name.startswith(prefix)), _ELSE)
