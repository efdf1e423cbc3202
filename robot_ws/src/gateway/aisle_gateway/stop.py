"""The store's stop as the robot knows it: the last word counts, and silence releases nothing.

A robot that is switched off while it is held is held when it comes back, so the word is kept in a file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from aisle.messages import Message, Problem
from aisle.messages.robot import StopQuery, StopState

ASK_EVERY_S = 0.4
SILENT_AFTER_S = 5.0
_DAMAGED = "the robot's own note of its stop is damaged"


class StopWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the robot must stand still, and the reason that staff gave."""

    is_stopped: bool
    reason: str = ""


@dataclass(slots=True)
class StoreStop:
    """Asks for the stop; `word` is None while the store has never said anything."""

    robot_id: str
    word: StopWord | None = None
    _heard_s: float = float("-inf")
    _problem: str = ""

    def complaint(self, now_s: float) -> str:
        """Return why a stop at the store does not reach the robot now, an empty sentence while it does."""
        if now_s - self._heard_s < SILENT_AFTER_S:
            return ""
        return f"a stop at the store does not reach the robot: {self._problem or 'the store does not answer'}"

    def wants(self, _now_s: float, since_s: float) -> Message | None:
        return StopQuery(robot_id=self.robot_id) if since_s >= ASK_EVERY_S else None

    def hear(self, _asked: Message, reply: Any, asked_s: float) -> None:
        if isinstance(reply, StopState):
            self.word, self._heard_s, self._problem = StopWord(reply.is_stopped, reply.reason), asked_s, ""
        elif isinstance(reply, Problem):
            self._problem = reply.sentence


def load_stop(path: Path) -> StopWord | None:
    """Return the stop in which the robot was switched off; None without one. A damaged note holds the robot."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=StopWord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError):
        return StopWord(True, _DAMAGED)


def save_stop(path: Path, word: StopWord) -> None:
    """Keep a stop, and remove the note of one that is released. Raises OSError."""
    if not word.is_stopped:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(msgspec.json.encode(word))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
