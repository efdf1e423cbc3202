"""Figures and health: what is counted, and that nothing of a message is in it."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from aisle.bus import BusError
from aisle.messages import Problem
from aisle.messages.operation import Health, HealthQuery, PilotGroups, PilotsQuery
from aisle.pilots import Pilot, Pilots
from store_backend.backend import Backend
from store_backend.meter import Meter
from store_backend.monitor import health_of, monitor, watch_size
from tests.store_backend.steps import answer, asked, opening, step


def figures(meter: Meter) -> dict[str, float]:
    lines = [line for line in meter.exposition().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_kind_and_outcome_and_never_by_content(sqlite_backend: Backend) -> None:
    meter = sqlite_backend.meter
    for body in (opening(), step("e1", touch_point="Anna's wish"), step("e2", "nobody")):
        request = asked(body, "k")
        meter.note_answer(request, sqlite_backend.answer("admin", body))
    found = figures(meter)
    assert found['aisle_requests_total{kind="OpenSession",outcome="done"}'] == 1
    assert found['aisle_requests_total{kind="JourneyEvent",outcome="done"}'] == 1
    assert found['aisle_requests_total{kind="JourneyEvent",outcome="unknown_session"}'] == 1
    assert b"Anna" not in meter.exposition()


def test_groups_are_counted_and_the_database_has_a_size(backend: Backend) -> None:
    watch_size(backend.engine, backend.meter)
    backend.write([asked(opening(f"s{number}"), f"k{number}") for number in range(3)])
    found = figures(backend.meter)
    assert found["aisle_group_size_sum"] == 3
    assert found["aisle_group_size_count"] == found["aisle_group_seconds_count"] == 1
    assert found["aisle_database_bytes"] > 0


def test_a_write_that_fails_ends_being_ready_and_the_next_that_succeeds_brings_it_back(backend: Backend) -> None:
    assert not answer(backend, HealthQuery()).is_ready
    answer(backend, opening())
    assert answer(backend, HealthQuery()) == Health(is_ready=True, sentence="ready")

    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is gone"))

    event.listen(backend.engine, "commit", fail)
    assert isinstance(backend.write([asked(step("e1"), "k1")])[0], Problem)
    event.remove(backend.engine, "commit", fail)
    assert "the disk is gone" in backend.meter.health().sentence
    answer(backend, step("e1"))
    assert backend.meter.health().is_ready


def test_trouble_is_told_until_a_write_succeeds(sqlite_backend: Backend) -> None:
    answer(sqlite_backend, opening())
    sqlite_backend.meter.note_trouble("the last write was refused: database or disk is full")
    refused = sqlite_backend.write([asked(step("e1", "nobody"), "k1")])
    assert isinstance(refused[0], Problem)
    told = answer(sqlite_backend, HealthQuery())
    assert (told.is_ready, "disk is full" in told.sentence) == (False, True)
    answer(sqlite_backend, step("e1"))
    assert answer(sqlite_backend, HealthQuery()).is_ready


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5.0) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_health_and_figures_are_served_on_this_machine(sqlite_backend: Backend) -> None:
    engine, meter = sqlite_backend.engine, Meter()
    with monitor(engine, meter, 0) as port:
        assert get(port, "/health") == (503, "not ready: it has just started\n")
        meter.note_working()
        assert get(port, "/health") == (200, "ready\n")
        status, text = get(port, "/metrics")
        assert (status, "aisle_ready 1.0" in text) == (200, True)
        assert get(port, "/etc/passwd")[0] == 404
        with pytest.raises(BusError, match="give --monitor another port"), monitor(engine, meter, port):
            pass


def test_a_database_that_does_not_answer_is_told_before_anybody_writes(sqlite_backend: Backend) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server has gone"))

    sqlite_backend.meter.note_working()
    assert health_of(sqlite_backend.engine, sqlite_backend.meter).is_ready
    event.listen(sqlite_backend.engine, "before_cursor_execute", fail)
    told = health_of(sqlite_backend.engine, sqlite_backend.meter)
    assert told == Health(is_ready=False, sentence="not ready: the database does not answer: the server has gone")


def test_a_visit_hears_its_groups_and_always_the_same(sqlite_backend: Backend) -> None:
    pilots = Pilots(
        pilots=(Pilot(name="greeting", pilot_share=1.0), Pilot(name="music", control_share=1.0), Pilot(name="off"))
    )
    backend = replace(sqlite_backend, pilots=pilots)
    for _ in range(2):
        groups = answer(backend, PilotsQuery(session_id="s1"))
        assert groups == PilotGroups(groups={"greeting": "pilot", "music": "control"})
