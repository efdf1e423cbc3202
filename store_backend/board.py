"""The board of staff: what is committed now, published twice a second.

Each message is the whole board, so that one who comes late, or misses a message, sees everything with the next; and
since it is read from the database, nothing is on it that was not committed, whichever process wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aisle import bus, channels
from aisle.messages.staff import BoardQuery, CareBoard
from store_backend.backend import Backend


@dataclass(slots=True)
class Board:
    """Publishes when it is time to."""

    backend: Backend
    publisher: bus.Publisher
    _published_s: float = float("-inf")

    def turn(self, now_s: float) -> None:
        """Publish the board when the last one is old enough; `now_s` never runs backwards."""
        if now_s - self._published_s < 1.0 / channels.CARE_BOARD.rate_hz:
            return
        self._published_s = now_s
        board = self.backend.answer("admin", BoardQuery())
        # What the backend refused is in its log; a board that is not renewed grows stale, and whoever shows it says so.
        if isinstance(board, CareBoard):
            self.publisher.publish(board)


@contextmanager
def open_board(backend: Backend, identity: bus.Identity) -> Iterator[Board]:
    """Open the stream of the board. Raises BusError and KeyProblem."""
    with bus.publisher(channels.CARE_BOARD, identity) as publisher:
        yield Board(backend, publisher)
