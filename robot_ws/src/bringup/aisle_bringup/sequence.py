"""In which order nodes are configured and activated: all configured first, then activated, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Move(Enum):
    """The two lifecycle transitions of a start."""

    CONFIGURE = "configure"
    ACTIVATE = "activate"


@dataclass(slots=True)
class Sequence:
    """Which transition is due next. A refusal is retried a few times, because a node may wait for another's data."""

    nodes: tuple[str, ...]
    most_tries: int = 5
    _done: int = 0
    _tries: int = 0
    _under_way: bool = False

    def next_request(self) -> tuple[str, Move] | None:
        """Return the node and transition to ask for now, or None while waiting or at the end."""
        if self._under_way or self.finished or self.failed:
            return None
        moves = (Move.CONFIGURE, Move.ACTIVATE)
        return self.nodes[self._done % len(self.nodes)], moves[self._done // len(self.nodes)]

    def asked(self) -> None:
        """Note that the request is under way."""
        self._under_way = True

    def answered(self, success: bool) -> None:
        """Note the answer: go on after a success, try again after a refusal."""
        self._under_way = False
        self._done, self._tries = (self._done + 1, 0) if success else (self._done, self._tries + 1)

    @property
    def finished(self) -> bool:
        return self._done >= 2 * len(self.nodes)

    @property
    def failed(self) -> bool:
        return self._tries >= self.most_tries
