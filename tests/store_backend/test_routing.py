from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from aisle.messages import BackendRequest, ProblemCode, care, operation, store
from store_backend.backend import Backend
from store_backend.routing import ROUTES
from store_backend.tables import journey_events, metadata
from tests.catalogue.samples import MILK
from tests.store_backend.steps import NOW_S, answer, call, opening, refused, rows, status, step

SCREEN_ONLY = (opening(), step("e1"), care.JourneyEvents(events=(step("e2"),)), care.Feedback(session_id="s1", score=5))
SAMPLES = (
    *SCREEN_ONLY, call("c1"), status(NOW_S), store.ProductQuery(product_id=MILK), store.ReplicaQuery(),
    store.ReplicaChunkQuery(sha256="0" * 64, offset=0), store.StockQuery(product_ids=(MILK,)),
    store.StockCounted(product_id=MILK, count=3), operation.HealthQuery(),
    operation.PilotsQuery(session_id="s1"),
)  # fmt: skip


def test_every_message_of_the_channel_has_a_handler() -> None:
    assert set(ROUTES) == set(get_args(BackendRequest)) == {type(sample) for sample in SAMPLES}


@pytest.mark.parametrize("command", SAMPLES, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("role", ["unknown", "robot", "sim", "store_backend", ""])
def test_a_role_without_business_here_is_refused(backend: Backend, command: msgspec.Struct, role: str) -> None:
    code, sentence = refused(backend, command, role)
    assert code is ProblemCode.FORBIDDEN
    assert type(command).__name__ in sentence
    assert all(rows(backend, table) == [] for table in metadata.sorted_tables)


@pytest.mark.parametrize("command", SCREEN_ONLY, ids=lambda command: type(command).__name__)
def test_a_gateway_cannot_write_a_journey(backend: Backend, command: msgspec.Struct) -> None:
    assert refused(backend, command, "gateway")[0] is ProblemCode.FORBIDDEN


@pytest.mark.parametrize("role", ["kiosk_ui", "gateway"])
def test_only_staff_say_what_was_counted(backend: Backend, role: str) -> None:
    assert refused(backend, store.StockCounted(product_id=MILK, count=0), role)[0] is ProblemCode.FORBIDDEN


def test_a_screen_cannot_say_where_the_robot_is(backend: Backend) -> None:
    assert refused(backend, status(NOW_S), "kiosk_ui")[0] is ProblemCode.FORBIDDEN


def test_a_person_can_be_called_from_screen_and_robot(backend: Backend) -> None:
    assert [answer(backend, call(role), role).waiting_before for role in ("kiosk_ui", "gateway")] == [0, 1]


@pytest.mark.parametrize("product_id", [2**63, 2**64 - 1])
def test_a_number_that_no_database_holds_is_a_problem_and_stores_nothing(backend: Backend, product_id: int) -> None:
    answer(backend, opening())
    code, sentence = refused(backend, step("e1", product_id=product_id))
    assert code is ProblemCode.FAILED
    assert "the database refused JourneyEvent" in sentence
    assert rows(backend, journey_events) == []


def test_a_lost_table_is_a_problem_and_not_the_end_of_the_process(backend: Backend) -> None:
    with backend.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE assistance")
    code, sentence = refused(backend, call("c1"))
    assert code is ProblemCode.FAILED
    assert sentence.startswith("the database refused CallPerson: ")
    assert "assistance" in sentence
