"""Bringing a database's tables to the version that this program was written for, or to an older one (Alembic)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from store_backend.database import SchemaProblem
from store_backend.tables import metadata

HEAD = "head"
BASE = "base"
_BEFORE_MIGRATIONS = "0001"
# Any number that no other program locks in this database.
_LOCK = 0x_A15_1E
_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Bring the tables to a revision ("head", "base", or a number such as "0001"), all steps or none.

    Several processes may do it at once: one does, the others wait. Raises SchemaProblem.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = _config(connection)
        _take_up(config, connection)
        _step(config, current_revision(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """Return the version of the tables, None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Return every version that this program knows, oldest first."""
    script = ScriptDirectory(str(_FOLDER))
    return [step.revision for step in reversed(list(script.walk_revisions()))]


def differences(connection: Connection) -> list[Any]:
    """Return what Alembic would change to make the database equal to `store_backend.tables`; nothing when it is."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _take_up(config: Config, connection: Connection) -> None:
    """Name the version of a database that was made before there were migrations."""
    if current_revision(connection) is None and inspect(connection).has_table("sessions"):
        command.stamp(config, _BEFORE_MIGRATIONS)


def _step(config: Config, present: str | None, wanted: str) -> None:
    places = [None, *revisions()]
    if present not in places:
        raise SchemaProblem(
            f"its tables have version {present}, the newest known here is {places[-1]}; update this program"
        )
    target = {HEAD: places[-1], BASE: None}.get(wanted, wanted)
    if target not in places:
        raise SchemaProblem(f"there is no version {wanted} of the tables; known are {BASE}, {', '.join(revisions())}")
    way = places.index(target) - places.index(present)
    if way > 0:
        command.upgrade(config, target or BASE)
    elif way < 0:
        command.downgrade(config, target or BASE)
