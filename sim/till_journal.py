"""The till's own memory: one line a state, on the disk before anything is said; the last one of a basket counts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sim.till_core import TillState

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(TillState).decode


@dataclass(frozen=True, slots=True)
class Journal:
    """A file that only grows."""

    path: Path

    def write(self, state: TillState) -> None:
        """Append a state; when this returns it is on the disk."""
        with self.path.open("ab") as file:
            file.write(_encode(state) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def states(self) -> list[TillState]:
        """Return every state, oldest first; a last line that was cut off by a crash was never said to anybody."""
        lines = self.path.read_bytes().splitlines(keepends=True) if self.path.exists() else []
        return [_decode(line) for line in lines if line.endswith(b"\n")]

    def last_of(self, basket_id: str) -> TillState | None:
        """Return the newest state of a basket, None when the till has never seen it."""
        return next((state for state in reversed(self.states()) if state.basket_id == basket_id), None)
