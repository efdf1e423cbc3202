"""Groups of writes in one transaction, each write exactly once for its key, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from aisle.messages import MAX_MESSAGE_BYTES, Problem, ProblemCode, care, store
from benchmarks.postgres import PostgresServer
from store_backend.backend import REPLIES_KEPT_S, Backend, open_readers
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database, writing
from store_backend.handlers import visits
from store_backend.records.replies import Reply, ReplyRecords
from store_backend.routing import ROUTES, Access, Route
from store_backend.tables import feedback, journey_events, replies, sessions
from store_backend.unit_of_work import UnitOfWork
from tests.catalogue.samples import MILK
from tests.store_backend.steps import NOW_S, answer, asked, opening, refused, rows, step


def keys_of(backend: Backend) -> list[str]:
    return [row["event_key"] for row in rows(backend, journey_events)]


def codes(answers: list[Any]) -> list[ProblemCode | None]:
    return [one.code if isinstance(one, Problem) else None for one in answers]


def serve(monkeypatch: pytest.MonkeyPatch, handler: Callable[[Any, UnitOfWork], Any]) -> None:
    """Let another handler serve feedback."""
    route: Route = replace(ROUTES[care.Feedback], handler=handler)
    monkeypatch.setitem(ROUTES, care.Feedback, route)  # type: ignore[misc]


FEEDBACK = care.Feedback(session_id="s1", score=5)


def test_a_group_is_carried_out_in_its_order(backend: Backend) -> None:
    answers = backend.write([asked(opening(), "k1"), asked(step("e1"), "k2"), asked(step("e2"), "k3")])
    assert answers == [care.SessionOpened(session_id="s1"), care.Recorded(event_id=1), care.Recorded(event_id=2)]


def test_what_is_refused_in_a_group_leaves_the_others_alone(backend: Backend) -> None:
    group = [asked(opening(), "k1"), asked(step("e1", "nobody"), "k2"), asked(step("e2"), "k3")]
    assert codes(backend.write(group)) == [None, ProblemCode.UNKNOWN_SESSION, None]
    assert keys_of(backend) == ["e2"]


@pytest.mark.parametrize("ending", ["problem", "error", "database"])
def test_a_command_that_fails_half_way_leaves_nothing(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def half(_command: care.Feedback, work: UnitOfWork) -> Problem:
        visits.record_event(step("half"), work)
        if ending == "error":
            raise KeyError("a name that nobody knows")
        if ending == "database":
            work.visits.add_session({"session_id": "s2"})
        return Problem(code=ProblemCode.NOT_READY, sentence="not now")

    serve(monkeypatch, half)
    answers = backend.write([asked(opening(), "k1"), asked(FEEDBACK, "k2"), asked(step("e1"), "k3")])
    assert codes(answers)[::2] == [None, None]
    assert isinstance(answers[1], Problem)
    assert keys_of(backend) == ["e1"]
    assert {row["request_key"] for row in rows(backend, replies)} == {"k1", "k3"}


def test_a_commit_that_fails_refuses_the_whole_group_and_keeps_nothing(backend: Backend) -> None:
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, RuntimeError("disk I/O error"))

    group = [asked(opening(), "k1"), asked(step("e1"), "k2")]
    event.listen(backend.engine, "commit", fail)
    answers = backend.write(group)
    event.remove(backend.engine, "commit", fail)
    assert answers == [
        Problem(code=ProblemCode.FAILED, sentence=f"the database refused {name}: disk I/O error")
        for name in ("OpenSession", "JourneyEvent")
    ]
    assert [rows(backend, table) for table in (sessions, journey_events, replies)] == [[], [], []]
    assert codes(backend.write(group)) == [None, None]


def test_a_repeated_request_gets_the_same_reply_and_is_carried_out_once(backend: Backend) -> None:
    answer(backend, opening())
    first = backend.write([asked(FEEDBACK, "same")])
    later = care.Feedback(session_id="s1", score=9)
    backend.write([asked(later, "other")])
    assert backend.write([asked(FEEDBACK, "same")]) == first
    assert [row["score"] for row in rows(backend, feedback)] == [9]


def test_a_request_twice_in_one_group_is_carried_out_once(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[care.Feedback] = []

    def count(command: care.Feedback, _work: UnitOfWork) -> care.Recorded:
        calls.append(command)
        return care.Recorded(event_id=len(calls))

    serve(monkeypatch, count)
    assert backend.write([asked(FEEDBACK, "same"), asked(FEEDBACK, "same")]) == [care.Recorded(event_id=1)] * 2


def test_one_role_does_not_get_the_reply_of_another(backend: Backend) -> None:
    first = asked(opening("s1"), "same", role="admin")
    second = asked(opening("s2"), "same", role="kiosk_ui")
    assert backend.write([first, second]) == [care.SessionOpened(session_id=one) for one in ("s1", "s2")]


def test_what_was_refused_may_succeed_when_asked_again(backend: Backend) -> None:
    assert codes(backend.write([asked(step("e1"), "same")])) == [ProblemCode.UNKNOWN_SESSION]
    answer(backend, opening())
    assert codes(backend.write([asked(step("e1"), "same")])) == [None]


def test_a_write_past_its_deadline_is_not_carried_out(backend: Backend) -> None:
    late = asked(opening(), "k1", deadline_unix_s=NOW_S - 0.5)
    assert codes(backend.write([late])) == [ProblemCode.EXPIRED]
    assert rows(backend, sessions) == []


def test_a_repeat_past_its_deadline_still_hears_what_was_done(backend: Backend) -> None:
    (first,) = backend.write([asked(opening(), "same")])
    assert backend.write([asked(opening(), "same", deadline_unix_s=NOW_S - 0.5)]) == [first]


def test_a_read_past_its_deadline_is_not_answered(backend: Backend) -> None:
    query = asked(store.StockQuery(product_ids=(MILK,)), "k1", deadline_unix_s=NOW_S - 0.5)
    with open_readers(backend.engine) as readers:
        assert codes([backend.read(readers, query)]) == [ProblemCode.EXPIRED]


def test_a_reader_sees_what_was_committed_and_nothing_unfinished(backend: Backend) -> None:
    query = asked(store.StockQuery(product_ids=(MILK,)), "k1")
    with open_readers(backend.engine) as readers:
        answer(backend, store.StockCounted(product_id=MILK, count=3))
        with writing(backend.engine).connect() as connection:
            connection.exec_driver_sql("UPDATE stock SET count = 0")
            seen: Any = backend.read(readers, query)
            connection.rollback()
    assert seen.levels[0].count == 3


def test_replies_are_forgotten_when_no_outbox_can_ask_for_them_any_more(backend: Backend) -> None:
    aged_unix_s = NOW_S - REPLIES_KEPT_S
    with writing(backend.engine).begin() as connection:
        aged = Reply("admin", "aged", b"reply", aged_unix_s - 1.0)
        young = Reply("admin", "young", b"reply", aged_unix_s + 1.0)
        ReplyRecords(connection).add_replies([aged, young])
    assert backend.forget_aged_replies() == 1
    assert [row["request_key"] for row in rows(backend, replies)] == ["young"]


@pytest.mark.integration
def test_a_command_that_met_another_process_is_tried_again(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(backend, opening())
    tries: list[None] = []

    def late(_command: care.Feedback, work: UnitOfWork) -> Any:
        """Look, and insert although another process has meanwhile inserted the same key."""
        tries.append(None)
        if len(tries) == 1:
            visits.record_event(step("e1"), work)
            work.visits.add_events([{**rows_of_step(), "event_key": "e1"}])
        return visits.record_event(step("e1"), work)

    def rows_of_step() -> dict[str, Any]:
        return {"session_id": "s1", "recorded_unix_s": 0.0, "stage": "care", "touch_point": "x", "outcome": "x",
                "product_id": None, "taps": 0, "seconds": 0.0, "metres": 0.0,
                "channel": "kiosk", "happened_unix_s": 0.0}  # fmt: skip

    serve(monkeypatch, late)
    assert codes(backend.write([asked(FEEDBACK, "k1")])) == [None]
    assert keys_of(backend) == ["e1"]


def test_a_full_disk_is_a_problem_and_loses_nothing_that_was_acknowledged(sqlite_backend: Backend) -> None:
    answer(sqlite_backend, opening())
    with sqlite_backend.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    answers = [answer(sqlite_backend, step(f"{number:064d}")) for number in range(200)]
    kept = [reply.event_id for reply in answers if isinstance(reply, care.Recorded)]
    assert 0 < len(kept) < 200
    assert [row["event_id"] for row in rows(sqlite_backend, journey_events)] == kept
    assert refused(sqlite_backend, step("x" * 64)) == (
        ProblemCode.FAILED,
        "the database refused JourneyEvent: database or disk is full",
    )


def test_a_disk_that_fills_up_within_a_group_loses_nothing_that_was_acknowledged(sqlite_backend: Backend) -> None:
    """SQLite then rolls back the whole transaction by itself, so the commands before must be refused too."""
    answer(sqlite_backend, opening())
    with sqlite_backend.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    answers = sqlite_backend.write([asked(opening(f"{number:064d}"), f"k{number}") for number in range(200)])
    assert codes(answers) == [ProblemCode.FAILED] * 200
    assert {one.sentence for one in answers if isinstance(one, Problem)} == {
        "the database refused OpenSession: database or disk is full"
    }
    assert [row["session_id"] for row in rows(sqlite_backend, sessions)] == ["s1"]


def test_of_steps_that_are_written_together_the_disk_holds_those_that_were_acknowledged(
    sqlite_backend: Backend,
) -> None:
    answer(sqlite_backend, opening())
    with sqlite_backend.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    answers = sqlite_backend.write([asked(step(f"{number:064d}"), f"k{number}") for number in range(200)])
    kept = [reply.event_id for reply in answers if isinstance(reply, care.Recorded)]
    assert len(kept) < 200
    assert [row["event_id"] for row in rows(sqlite_backend, journey_events)] == kept


def test_a_request_that_another_process_answered_meanwhile_disturbs_nobody_else(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process commits after this one has looked for replies: the group fails, and goes one by one."""
    backend.write([asked(opening(), "k1")])
    look = ReplyRecords.replies_to
    looked: list[None] = []

    def look_too_early(records: ReplyRecords, request_keys: list[str]) -> dict[tuple[str, str], bytes]:
        looked.append(None)
        return {} if len(looked) == 1 else look(records, request_keys)

    monkeypatch.setattr(ReplyRecords, "replies_to", look_too_early)
    answers = backend.write([asked(opening("other"), "k1"), asked(step("e1"), "k2")])
    assert answers[0] == care.SessionOpened(session_id="s1")
    assert codes(answers) == [None, None]
    assert [row["session_id"] for row in rows(backend, sessions)] == ["s1"]
    assert keys_of(backend) == ["e1"]


@pytest.mark.integration
def test_a_database_server_that_cuts_its_lines_is_a_problem_once_and_used_again(
    postgres: PostgresServer, catalogue: CatalogueFile
) -> None:
    backend = Backend(open_database(postgres.new_database()), catalogue, lambda: NOW_S)
    query = asked(store.StockQuery(product_ids=(MILK,)), "k1")
    with open_readers(backend.engine) as readers:
        backend.read(readers, query)
        with backend.engine.connect() as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
        answers = [backend.read(readers, query), backend.read(readers, query)]
    writes = [backend.write([asked(opening(), "k2"), asked(step("e1"), "k3")]) for _ in range(2)]
    backend.engine.dispose()
    assert codes(answers) == [ProblemCode.FAILED, None]
    assert codes(writes[1]) == [None, None]


def test_a_query_that_goes_wrong_is_a_problem_and_the_next_is_answered(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_command: store.ReplicaQuery, _work: UnitOfWork) -> Any:
        raise KeyError("a name that nobody knows")

    route: Route = replace(ROUTES[store.ReplicaQuery], handler=fail)
    monkeypatch.setitem(ROUTES, store.ReplicaQuery, route)  # type: ignore[misc]
    assert codes([answer(backend, store.ReplicaQuery())]) == [ProblemCode.FAILED]
    assert "a name that nobody knows" in caplog.text
    assert codes([answer(backend, store.StockQuery(product_ids=(MILK,)))]) == [None]


def test_a_reply_that_is_too_large_undoes_what_was_done_for_it(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell_too_much(_command: care.Feedback, work: UnitOfWork) -> Any:
        visits.record_event(step("half"), work)
        return Problem(code=ProblemCode.FAILED, sentence="x" * MAX_MESSAGE_BYTES)

    serve(monkeypatch, tell_too_much)
    (_, refused_one, kept) = backend.write([asked(opening(), "k1"), asked(FEEDBACK, "k2"), asked(step("e1"), "k3")])
    assert isinstance(refused_one, Problem)
    assert "could not carry out Feedback" in refused_one.sentence
    assert codes([kept]) == [None]
    assert keys_of(backend) == ["e1"]


def test_a_reply_of_another_version_is_said_to_be_one(backend: Backend) -> None:
    with writing(backend.engine).begin() as connection:
        ReplyRecords(connection).add_replies([Reply("admin", "k1", b"\xc1", NOW_S)])
    assert codes(backend.write([asked(opening(), "k1"), asked(opening(), "k2")])) == [ProblemCode.VERSION, None]


def test_a_read_sees_one_state_although_others_write_meanwhile(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(backend, store.StockCounted(product_id=MILK, count=3))

    def look_twice(_command: store.StockQuery, work: UnitOfWork) -> store.StockLevels:
        before = work.stock.rows_of([MILK])
        answer(backend, store.StockCounted(product_id=MILK, count=4))
        assert work.stock.rows_of([MILK]) == before
        return store.StockLevels(levels=())

    route: Route = replace(ROUTES[store.StockQuery], access=Access.READ, handler=look_twice)
    monkeypatch.setitem(ROUTES, store.StockQuery, route)  # type: ignore[misc]
    assert answer(backend, store.StockQuery(product_ids=())) == store.StockLevels(levels=())
