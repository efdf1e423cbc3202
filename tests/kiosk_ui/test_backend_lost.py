"""The backend is away for ten minutes: the real kiosk core, the real backend core, and a line that is cut."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from aisle.bus import Unreachable
from aisle.messages import care
from aisle.messages.visit import VisitState
from kiosk_ui.lanes import Outgoing
from kiosk_ui.outbox import Keep
from kiosk_ui.words import words
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database
from store_backend.tables import assistance, feedback, journey_events, sessions
from tests.kiosk_ui.play import Play, robot_view
from tests.store_backend.conftest import catalogue, store_dir

__all__ = ["catalogue", "store_dir"]

EN = words("en")
TIMEOUT_S = 3.0
LOST_S = 600.0
AWAY = Unreachable("store_backend did not answer; is it running?")


@dataclass
class Line:
    """Carries requests to the backend. While it is cut nobody answers in time; a cut also swallows replies."""

    path: Path
    catalogue: CatalogueFile
    is_cut: bool = False
    swallows: bool = False
    now_s: float = 0.0
    late: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.start_backend()

    def start_backend(self) -> None:
        """Start a backend anew on the same database."""
        self.backend = Backend(open_database(f"sqlite:///{self.path}"), self.catalogue, lambda: self.now_s)

    def stop_backend(self) -> None:
        self.backend.engine.dispose()

    def carry(self, outgoing: Outgoing) -> Any:
        """Return the reply, or None when it will be given up later."""
        if not self.is_cut:
            reply = self.backend.answer("kiosk_ui", outgoing.message)
            if not self.swallows:
                return reply
        self.late.append((self.now_s + TIMEOUT_S, outgoing.token))
        return None


@dataclass
class OnLine(Play):
    """A play whose backend is at the other end of a line."""

    line: Line = None  # type: ignore[assignment]
    posted: list[Any] = field(default_factory=list)

    def _answer(self) -> None:
        self.line.now_s = self.now_s
        while self.line.late and self.line.late[0][0] <= self.now_s:
            self.kiosk.answered(self.line.late.popleft()[1], AWAY, self.now_s)
        gateway = []
        for outgoing in self.kiosk.take_requests():
            if outgoing.channel == "gateway":
                gateway.append(outgoing)
            elif (reply := self.line.carry(outgoing)) is not None:
                self.kiosk.answered(outgoing.token, reply, self.now_s)
        self._answer_all(gateway)

    def restart(self) -> None:
        self.posted += self.changes
        super().restart()
        # What was on its way when the process ended is answered to nobody.
        self.line.late.clear()

    def letters(self) -> list[Any]:
        """Return every letter that was ever posted, in order."""
        return [change.letter.message for change in (*self.posted, *self.changes) if isinstance(change, Keep)]


@pytest.fixture
def play(tmp_path: Path, catalogue: CatalogueFile) -> Iterator[OnLine]:
    line = Line(tmp_path / "backend.sqlite", catalogue)
    yield OnLine(line=line)
    line.stop_backend()


def visit(play: OnLine, *, calls: bool = False) -> None:
    """Play a visit to the shelf, about 20 s long."""
    play.tour()
    if calls:
        play.touch("call_person", "close")
    play.wait(8.0, robot_view(VisitState.GUIDING, 2.0))
    play.wait(0.5, robot_view(VisitState.ARRIVED, 3.0))
    play.touch("found", "score:9")
    play.wait(10.0)


def rows(play: OnLine, table: Table) -> list[Any]:
    with play.line.backend.engine.connect() as connection:
        return list(connection.execute(select(table)).mappings())


def check_everything_arrived_once_and_in_order(play: OnLine) -> None:
    letters = play.letters()

    def posted(kind: type, key: str) -> list[str]:
        return [getattr(letter, key) for letter in letters if isinstance(letter, kind)]

    assert play.kiosk.outbox.waiting == 0
    assert [row["session_id"] for row in rows(play, sessions)] == posted(care.OpenSession, "session_id")
    assert [row["event_key"] for row in rows(play, journey_events)] == posted(care.JourneyEvent, "event_key")
    assert [row["call_key"] for row in rows(play, assistance)] == posted(care.CallPerson, "call_key")
    assert [row["session_id"] for row in rows(play, feedback)] == posted(care.Feedback, "session_id")


def test_ten_minutes_without_a_backend_lose_nothing_and_double_nothing(play: OnLine) -> None:
    visit(play)
    play.line.is_cut = True
    until_s = play.now_s + LOST_S
    visit(play, calls=True)
    play.touch("start")
    assert play.kiosk.view(play.now_s).offline == EN.offline
    play.wait(46.0)
    visit(play)
    play.tour()
    play.restart()
    play.wait(5.0, robot_view(VisitState.GUIDING))
    play.wait(0.5, robot_view(VisitState.ARRIVED))
    play.touch("found", "skip")
    play.wait(60.0)
    visit(play, calls=True)
    play.restart()
    play.wait(until_s - play.now_s)
    assert len(rows(play, sessions)) == 1
    assert play.kiosk.outbox.waiting > 20
    play.line.is_cut = False
    play.wait(20.0)
    visit(play)
    check_everything_arrived_once_and_in_order(play)
    assert len(rows(play, feedback)) == 5
    assert len(rows(play, assistance)) == 2
    assert play.kiosk.view(play.now_s).offline == ""


def test_events_of_an_outage_bear_the_time_at_which_they_happened(play: OnLine) -> None:
    play.line.is_cut = True
    began_s = play.now_s
    visit(play)
    ended_s = play.now_s
    play.wait(LOST_S)
    play.line.is_cut = False
    play.wait(20.0)
    events = rows(play, journey_events)
    assert len(events) > 4
    assert all(began_s <= event["happened_unix_s"] <= ended_s for event in events)
    assert all(event["recorded_unix_s"] > ended_s + LOST_S - TIMEOUT_S for event in events)


def test_a_backend_that_is_started_again_in_the_middle_of_a_delivery_keeps_everything_once(play: OnLine) -> None:
    play.line.is_cut = True
    visit(play, calls=True)
    visit(play)
    play.line.is_cut, play.line.swallows = False, True
    play.wait(8.0)
    play.line.stop_backend()
    play.line.start_backend()
    play.line.swallows = False
    play.restart()
    play.wait(10.0)
    check_everything_arrived_once_and_in_order(play)


def test_a_backend_with_an_empty_database_is_told_of_the_visit_again(tmp_path: Path, play: OnLine) -> None:
    play.touch("start", "suggestion:0")
    play.wait(1.0)
    play.line.stop_backend()
    play.line.path = tmp_path / "empty.sqlite"
    play.line.start_backend()
    play.touch("take_me_there")
    play.wait(10.0, robot_view(VisitState.GUIDING))
    assert [row["session_id"] for row in rows(play, sessions)] == ["session1"]
    assert [row["outcome"] for row in rows(play, journey_events)] == ["tour_started"]
