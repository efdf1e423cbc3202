"""Many rows in one statement are the rows that were given, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, event, func, select

from benchmarks.postgres import PostgresServer
from store_backend.backend import Backend
from store_backend.database import open_database, writing
from store_backend.records.inserted import add_rows
from store_backend.tables import journey_events, replies
from tests.store_backend.steps import answer, opening

# What msgspec takes from the wire and both databases keep: any text without NUL.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=16)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.floats(allow_nan=False, allow_infinity=False)
EVENTS = st.fixed_dictionaries({
    "event_key": TEXTS, "session_id": st.just("s1"), "stage": TEXTS, "touch_point": TEXTS, "outcome": TEXTS,
    "product_id": st.none() | NUMBERS, "taps": st.integers(0, 10_000), "seconds": TIMES, "metres": TIMES,
    "channel": TEXTS, "happened_unix_s": TIMES, "recorded_unix_s": TIMES,
})  # fmt: skip
REPLIES = st.fixed_dictionaries(
    {"request_key": TEXTS, "role": TEXTS, "content": st.binary(max_size=300), "given_unix_s": TIMES}
)
FROM_EMPTY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def engine(backend: Backend) -> Engine:
    answer(backend, opening("s1"))
    return backend.engine


def kept(engine: Engine, table: Table, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Put rows into an empty table and return what stands there then, in the order of its numbers."""
    with writing(engine).begin() as connection:
        connection.execute(delete(table))
        add_rows(connection, table, rows)
        found = connection.execute(select(table).order_by(*table.primary_key)).mappings()
        return [{name: row[name] for name in rows[0]} for row in found] if rows else [dict(row) for row in found]


@FROM_EMPTY
@given(st.lists(EVENTS, max_size=5, unique_by=lambda row: row["event_key"]))
def test_events_are_kept_as_they_are_and_in_their_order(engine: Engine, rows: list[dict[str, object]]) -> None:
    assert kept(engine, journey_events, rows) == rows


@FROM_EMPTY
@given(st.lists(REPLIES, max_size=5, unique_by=lambda row: row["request_key"]))
def test_bytes_are_kept_as_they_are(engine: Engine, rows: list[dict[str, object]]) -> None:
    def by_key(row: dict[str, object]) -> str:
        return str(row["request_key"])

    assert sorted(kept(engine, replies, rows), key=by_key) == sorted(rows, key=by_key)


@pytest.mark.integration
def test_postgresql_gets_one_statement_for_any_number_of_rows(postgres: PostgresServer) -> None:
    engine = open_database(postgres.new_database())
    statements: list[bool] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[-1]))
    rows = [{"request_key": f"k{one}", "role": "admin", "content": b"", "given_unix_s": 1.0} for one in range(500)]
    with writing(engine).begin() as connection:
        add_rows(connection, replies, rows)
        assert statements == [False]
        assert connection.scalar(select(func.count()).select_from(replies)) == len(rows)
    engine.dispose()
