"""Keys of a terminal as they are pressed, without Enter and without waiting."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from types import TracebackType
from typing import Self

_ESCAPE, _STOP = "\x1b", " "


class NoTerminal(RuntimeError):
    """There is no terminal to read keys from."""


class Keyboard:
    """A terminal that gives every key at once; leaving it gives the terminal back as it was. Raises NoTerminal.

    Keys typed before it is entered are thrown away: they were meant for something else.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._before: list[object] = []

    def __enter__(self) -> Self:
        if not os.isatty(self._descriptor):
            raise NoTerminal("driving by keys needs a terminal; this input is none")
        self._before = list(termios.tcgetattr(self._descriptor))
        tty.setcbreak(self._descriptor)
        termios.tcflush(self._descriptor, termios.TCIFLUSH)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]

    def keys(self) -> str:
        """Return the keys pressed since the last call; never waits.

        Arrows and function keys come as an escape and letters. Those letters are no keys of ours: they stop.
        """
        if not select.select([self._descriptor], [], [], 0.0)[0]:
            return ""
        typed = os.read(self._descriptor, 256).decode("ascii", errors="ignore")
        return _STOP if _ESCAPE in typed else typed
