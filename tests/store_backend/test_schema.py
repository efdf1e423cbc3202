"""Migrations both ways with rows in the tables, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, insert, inspect, select

from aisle.messages import Problem, store
from store_backend import schema
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import DatabaseProblem, SchemaProblem, open_database, writing
from store_backend.tables import TABLES_VERSION, metadata, sessions
from tests.catalogue.samples import MILK
from tests.store_backend.steps import NOW_S, asked, call, opening, status, step

FIRST_NAMES = {"sessions", "journey_events", "feedback", "assistance", "stock", "robots"}
FIRST_TABLES = [table for table in metadata.sorted_tables if table.name in FIRST_NAMES]
EVERYTHING = (opening(), step("e1"), call("c1"), status(NOW_S), store.StockCounted(product_id=MILK, count=3))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def fill(engine: Engine, catalogue: CatalogueFile) -> None:
    group = [asked(command, f"k{number}") for number, command in enumerate(EVERYTHING)]
    answers = Backend(engine, catalogue, lambda: NOW_S).write(group)
    assert not any(isinstance(one, Problem) for one in answers)


def contents(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {table.name: list(connection.execute(select(table))) for table in FIRST_TABLES}


def test_the_migrated_tables_are_those_that_the_records_use(engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema.differences(connection) == []


def test_the_version_of_the_tables_is_that_of_the_newest_migration() -> None:
    assert schema.revisions()[-1] == TABLES_VERSION


def test_the_way_back_to_each_version_and_forward_again_keeps_what_that_version_knows(
    engine: Engine, catalogue: CatalogueFile
) -> None:
    fill(engine, catalogue)
    before = contents(engine)
    for version in reversed(schema.revisions()):
        schema.migrate(writing(engine), version)
        with engine.connect() as connection:
            assert schema.current_revision(connection) == version
    schema.migrate(writing(engine))
    assert contents(engine) == before
    with engine.connect() as connection:
        assert schema.differences(connection) == []


def test_the_step_to_days_leaves_no_time_of_day_and_the_way_back_keeps_open_tickets(engine: Engine) -> None:
    schema.migrate(writing(engine), "0009")
    with writing(engine).begin() as connection:
        for statement in (
            "INSERT INTO consents VALUES (1, 'c', 's', 'contact', true, 1, 'de', 172800.5)",
            "INSERT INTO facts VALUES (1, 'f', 's', 'wish', 'wish_list', 'x', 'till', 259199.9, NULL, 172800.0)",
            "INSERT INTO memory_accesses VALUES (1, 't', 's', 'shopper', 'care', 172801.0)",
            "INSERT INTO data_keys VALUES ('shopper-s', 'x', 1, 200000.0)",
            "INSERT INTO replies VALUES ('k', 'admin', 'x', 200000.0)",
        ):
            connection.exec_driver_sql(statement)
    schema.migrate(writing(engine))
    with writing(engine).begin() as connection:
        times = [
            tuple(connection.exec_driver_sql(f"SELECT {columns} FROM {table}").one())
            for table, columns in (
                ("consents", "changed_unix_s"), ("facts", "happened_unix_s, corrected_unix_s, kept_until_unix_s"),
                ("memory_accesses", "opened_unix_s, ticket_until_unix_s"), ("data_keys", "made_unix_s"),
                ("replies", "given_unix_s"),
            )
        ]  # fmt: skip
        day_s = 172_800.0
        assert times == [(day_s,), (day_s, None, day_s), (day_s, None), (day_s,), (day_s + 86_400.0,)]
        connection.exec_driver_sql("UPDATE memory_accesses SET ticket_until_unix_s = 200300.0")
    schema.migrate(writing(engine), "0009")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT opened_unix_s FROM memory_accesses").scalar() == 200_000.0


def test_the_way_to_the_base_leaves_no_table_of_ours_and_leads_up_again(
    engine: Engine, catalogue: CatalogueFile
) -> None:
    fill(engine, catalogue)
    schema.migrate(writing(engine), schema.BASE)
    assert not set(inspect(engine).get_table_names()) & set(metadata.tables)
    schema.migrate(writing(engine))
    fill(engine, catalogue)


def test_a_database_of_the_time_before_migrations_is_taken_up_with_its_rows(
    database_url: str, catalogue: CatalogueFile
) -> None:
    engine = open_database(database_url)
    schema.migrate(writing(engine), "0001")
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.execute(insert(sessions).values(("old", "r", "en", 1.0)))
    engine.dispose()
    again = open_database(database_url)
    assert contents(again)["sessions"] == [("old", "r", "en", 1.0)]
    with again.connect() as connection:
        assert schema.differences(connection) == []
        assert schema.current_revision(connection) == TABLES_VERSION
    fill(again, catalogue)
    again.dispose()


def test_a_database_of_a_newer_program_is_left_alone(engine: Engine, database_url: str) -> None:
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseProblem, match=r"its tables have version 9999.*update this program"):
        open_database(database_url)


def test_a_version_that_nobody_knows_is_refused_with_those_that_are_known(engine: Engine) -> None:
    with pytest.raises(SchemaProblem, match="there is no version 12 of the tables; known are base, 0001"):
        schema.migrate(writing(engine), "12")


def test_a_step_that_fails_leaves_the_version_before(engine: Engine) -> None:
    schema.migrate(writing(engine), "0001")
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE replies (role TEXT)")
    with pytest.raises(DatabaseProblem, match=r"replies.*exists"):
        open_database(engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert schema.current_revision(connection) == "0001"


@pytest.mark.integration
def test_several_processes_may_open_an_empty_database_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(open_database, [database_url] * 4))
    with engines[0].connect() as connection:
        assert schema.differences(connection) == []
    for engine in engines:
        engine.dispose()
