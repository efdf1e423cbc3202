"""The board of staff over the real bus, beside a backend that other processes write into."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisle import bus, channels, clock, keys
from aisle.messages.staff import AcknowledgeAlert, CareBoard, ClaimCall, Rule
from store_backend.backend import Backend
from store_backend.board import open_board
from store_backend.database import writing
from store_backend.handlers.visits import record_event
from store_backend.unit_of_work import unit_of_work
from tests.store_backend.ports import free_port
from tests.store_backend.steps import NOW_S, answer, call, opening, step

pytestmark = pytest.mark.integration


@pytest.fixture
def staff_board(backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bus.Subscriber]:
    """What staff hear of a board that a thread publishes."""
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.CARE_BOARD.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    stop = threading.Event()

    def run() -> None:
        with open_board(backend, bus.Identity("store_backend", tmp_path / "keys")) as board:
            while not stop.wait(0.02):
                board.turn(clock.monotonic_s())

    thread = threading.Thread(target=run)
    thread.start()
    with bus.subscriber(channels.CARE_BOARD, bus.Identity("admin", tmp_path / "keys")) as subscriber:
        yield subscriber
    stop.set()
    thread.join()


def heard(subscriber: bus.Subscriber, alerts: int, calls: int = 0) -> CareBoard:
    """Wait for the board that has so many cards."""
    for _ in range(200):
        subscriber.update(0.1)
        board = subscriber.latest()
        if board is not None and (board.open_alerts, board.waiting_calls) == (alerts, calls):
            assert isinstance(board, CareBoard)
            return board
    raise AssertionError(f"no board with {alerts} alerts and {calls} calls, the last was {subscriber.latest()}")


def test_an_alert_is_on_the_board_when_it_is_committed_and_not_before(
    backend: Backend, staff_board: bus.Subscriber
) -> None:
    answer(backend, opening())
    heard(staff_board, 0)
    with writing(backend.engine).connect() as connection:
        work = unit_of_work(connection, backend.catalogue, backend.key_file, NOW_S)
        record_event(step("e1", outcome="tour_lost"), work)
        for _ in range(3):
            assert staff_board.update(5.0)
            board = staff_board.latest()
            assert board is not None
            assert board.open_alerts == 0
        connection.commit()
    (card,) = heard(staff_board, 1).alerts
    assert (card.rule, card.about) == (Rule.ABANDONED_TOUR, "s1")
    assert "tour lost" in card.story
    answer(backend, AcknowledgeAlert(alert_id=1, staff_id="7"))
    heard(staff_board, 0)


def test_a_waiting_call_is_on_the_board_without_its_story_until_it_is_claimed(
    backend: Backend, staff_board: bus.Subscriber
) -> None:
    answer(backend, call("c1"))
    (card,) = heard(staff_board, 0, 1).calls
    assert (card.assistance_id, card.robot_id, card.escalated) == (1, "robot-1", False)
    assert "milk" not in repr(card)
    answer(backend, ClaimCall(assistance_id=1, staff_id="7"))
    heard(staff_board, 0)
