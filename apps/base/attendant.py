"""The person beside a robot that is about to move: asked at a terminal, warned, and heard key by key while it moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console

from aisle_firmware_bridge.square import SquareSettings
from apps.base.keyboard import Keyboard

GO = "go"
COUNTED_S = 3.0
HOW_TO_STOP = "Any key, Ctrl-C or the emergency stop on the robot stops it."

Pressed = Callable[[], bool]
"""Whether a key was pressed since the last call."""


class Person(Protocol):
    """Somebody who watches over a drive."""

    def tell(self, text: str) -> None: ...

    def ask(self, question: str) -> str:
        """Return the line that was typed. Raises EOFError when the input has ended."""
        ...

    def watching(self) -> AbstractContextManager[Pressed]:
        """Return what hears keys at once, for as long as the robot may move."""
        ...


class Attendant:
    """The person at this terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def ask(self, question: str) -> str:
        return self._console.input(f"{question}: ", markup=False)

    @contextmanager
    def watching(self) -> Iterator[Pressed]:
        """Hear every key. Raises NoTerminal where keys cannot be heard: then nothing may move."""
        with Keyboard() as keyboard:
            yield lambda: bool(keyboard.keys())


def is_consent(answer: str) -> bool:
    """Tell whether an answer lets the robot move; everything but the one word does not."""
    return answer.strip().lower() == GO


def first_side(settings: SquareSettings) -> str:
    """Say what moves from the start mark to the first measured place."""
    return f"The robot will drive {settings.side_m:g} m straight ahead, at up to {settings.speed_mps:g} m/s."


def rest_of_square(settings: SquareSettings) -> str:
    """Say what moves from the first corner to the end."""
    corner = "right" if settings.clockwise else "left"
    return (
        f"The robot will turn to the {corner} and drive the other three sides, {3.0 * settings.side_m:g} m in all at up"
        f" to {settings.speed_mps:g} m/s. It stands {settings.stand_s:g} s at each corner, goes on by itself, and turns"
        " on its start mark at the end."
    )


def consent_question(motion: str) -> str:
    """Return the question whose answer lets the robot move."""
    return (
        f"{motion} It sees nobody: keep its way free and walk beside it. {HOW_TO_STOP}"
        f" Type {GO} and Enter, and it drives in {COUNTED_S:g} s; anything else does not move it"
    )


def seconds_left(began_s: float, now_s: float) -> int:
    """Return the whole seconds of the countdown that are left; 0 means that it is over.

    A clock that was set back begins it anew, rather than ending it early.
    """
    return min(math.ceil(COUNTED_S), max(0, math.ceil(COUNTED_S - (now_s - began_s) - 1e-9)))
