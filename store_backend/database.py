"""Opening the database: durable settings, present tables, and one plain sentence for whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from store_backend import private_file
from store_backend.tables import TABLES_VERSION

_PRAGMAS = ("busy_timeout=2000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")

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

# Another transaction was faster: https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED = "40001", "40P01"


class DatabaseProblem(RuntimeError):
    """The database cannot be used; the sentence says which, why, and what to do."""


class SchemaProblem(RuntimeError):
    """The tables cannot be brought to a version; the sentence says why and what to do."""


def open_database(url: str) -> Engine:
    """Connect, check, and bring the tables to the version that this program knows. Raises DatabaseProblem."""
    engine = connect(url)
    with _problems_of(engine):
        if not _has_our_tables(engine):
            # Alembic takes as long to load as all the rest of the backend, so only who needs it waits for it.
            from store_backend import schema

            schema.migrate(writing(engine))
    return engine


def connect(url: str) -> Engine:
    """Connect and check, whatever the version of the tables. Raises DatabaseProblem.

    Transactions begin as readers; those of `writing(engine)` take SQLite's one place for a writer at once.
    """
    engine = _engine(address_of(url))
    with _problems_of(engine):
        if engine.dialect.name == "sqlite":
            _keep_from_others(engine.url)
            event.listen(engine, "connect", _make_durable)
            event.listen(engine, "begin", _begin)
            _check_file(engine)
        else:
            event.listen(engine, "connect", _plan_anew)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the same database for transactions that see one state of it; SQLite's always do."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def looking(engine: Engine) -> Engine:
    """Return the same database for single questions: without a transaction, each sees the newest state."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(aisle_looks=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def writing(engine: Engine) -> Engine:
    """Return the same database for transactions that write.

    SQLite has one writer at a time: who asks at the beginning waits for the place, who asks later may be refused.
    """
    return engine.execution_options(aisle_writes=True)


def size_bytes(engine: Engine) -> int:
    """Return how much room the database takes, with what SQLite has not yet moved into its file; 0 when unknown."""
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        parts = (file, file.with_name(f"{file.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.is_file())
    try:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    except SQLAlchemyError:
        return 0


def cause_of(error: Exception) -> str:
    """Return what the database itself said, without the statement and its values."""
    original = getattr(error, "orig", None)
    # PostgreSQL's details repeat values of the row.
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    return " ".join(str(primary or original or error).split())


def is_collision(error: Exception) -> bool:
    """Tell whether another process was faster, so that the same command may find its place now."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, IntegrityError) or state in (_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED)


def address_of(url: str) -> URL:
    """Return where a database is. Raises DatabaseProblem for what is no URL, and for a folder that is missing."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseProblem(
            f"{url!r} is no database URL; write for example sqlite:////var/lib/aisle/store.sqlite"
        ) from error
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    folder = _missing_folder(address)
    if folder is not None:
        raise DatabaseProblem(f"the database {address!r} cannot be used: there is no folder {folder}; create it")
    return address


def present_file(url: str) -> str:
    """Return the URL. Raises DatabaseProblem for a file that is missing, which SQLite would make anew and empty."""
    address = address_of(url)
    file = address.database
    if address.get_backend_name() == "sqlite" and file and not Path(file).is_file():
        raise DatabaseProblem(f"there is no database {file}; a demo leaves one in var/runs/<run>/backend.sqlite")
    return url


def _engine(address: URL) -> Engine:
    try:
        # Parameters are what shoppers do and say: they are kept out of errors, which end in logs.
        return create_engine(address, hide_parameters=True)
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseProblem(f"the database {address!r} cannot be used: {error}; install its driver") from error


def _missing_folder(address: URL) -> Path | None:
    file = _plain_file(address)
    return None if file is None or file.parent.is_dir() else file.parent


def _plain_file(address: URL) -> Path | None:
    """Return the file of a SQLite database, None for one in memory, one that is opened by an URI, and for a server."""
    file = address.database
    if address.get_backend_name() != "sqlite" or not file or file.startswith(("file:", ":memory:")):
        return None
    return Path(file)


def _keep_from_others(address: URL) -> None:
    file = _plain_file(address)
    if file is not None:
        # What cannot be made or narrowed is opened as it is, or SQLite says why not.
        with suppress(OSError):
            private_file.create_or_narrow_database(file)


def _make_durable(connection: Any, _record: Any) -> None:
    # Python's driver would open transactions by itself, and not for every statement: `_begin` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _plan_anew(connection: Any, _record: Any) -> None:
    # A plan that was made while a table was empty reads all of it, and would be kept until the table is analyzed; and
    # what is in memory, as a store's tables are, costs the same in any order.
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION plan_cache_mode = force_custom_plan")
        cursor.execute("SET SESSION random_page_cost = 1.1")
    connection.commit()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("aisle_looks", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("aisle_writes", False) else "BEGIN")


def _check_file(engine: Engine) -> None:
    """Find damage and a file that cannot be written now, not with the first shopper."""
    with engine.connect() as connection:
        report = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if report != "ok":
        remedy = _REMEDIES["SQLITE_CORRUPT"]
        raise DatabaseProblem(f"the database {engine.url!r} is damaged ({' '.join(report.split())}); {remedy}")
    with writing(engine).connect() as connection:
        # SQLite lets a reader begin even an immediate transaction: only a change shows that it may write.
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version = {int(version)}")
        connection.rollback()


@contextmanager
def _problems_of(engine: Engine) -> Iterator[None]:
    """Close the engine, and say in one sentence what is wrong, when the block fails."""
    try:
        yield
    except (SQLAlchemyError, SchemaProblem) as error:
        engine.dispose()
        said = f"{error}" if isinstance(error, SchemaProblem) else f"{cause_of(error)}; {_remedy(error)}"
        raise DatabaseProblem(f"the database {engine.url!r} cannot be used: {said}") from error
    except DatabaseProblem:
        engine.dispose()
        raise


def _has_our_tables(engine: Engine) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == TABLES_VERSION


def _remedy(error: SQLAlchemyError) -> str:
    name = str(getattr(getattr(error, "orig", None), "sqlite_errorname", ""))
    return next((remedy for prefix, remedy in _REMEDIES.items() if name.startswith(prefix)), _ELSE)
