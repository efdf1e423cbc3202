"""What a run with a fault looked like from outside, and the two ways in which it may end well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from aisle.messages.visit import Screen
from apps.demo_report import DemoReport

_STANDING_M = 0.05


class Ending(Enum):
    """How the visit ended."""

    AT_SHELF = "the shopper got to the shelf"
    WITH_PERSON = "a person was called"
    POLITELY = "the visit ended and the screen rests"
    OPEN = "the visit was still under way"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened in a run.

    `done` is what the fault did to the run, empty if it never came to that, and `is_over` whether what was taken away
    came back; `drove_after_m` is how far the robot still drove from a second after the fault until it was over, where
    that is asked for.
    """

    report: DemoReport
    screens: tuple[Screen, ...]
    calls: int
    done: str
    drove_after_m: float | None = None
    is_over: bool = True
    notes: tuple[str, ...] = ()

    @property
    def ending(self) -> Ending:
        if self.report.success:
            return Ending.AT_SHELF
        if self.calls:
            return Ending.WITH_PERSON
        rests = bool(self.screens) and self.screens[-1] is Screen.ATTRACT
        return Ending.POLITELY if rests and len(self.screens) > 1 else Ending.OPEN

    @property
    def contacts(self) -> int:
        return self.report.score.contacts_by_robot

    def in_words(self) -> str:
        """Say in one sentence what was observed."""
        score, parts = self.report.score, [self.done or "the fault never came", self.ending.value]
        if self.ending is Ending.AT_SHELF and score.arrival is not None:
            parts[-1] += f", {score.arrival.distance_m:.2f} m and {score.arrival.angle_deg:.0f} degrees from the bay"
        if self.drove_after_m is not None:
            parts.append(f"drove {100 * self.drove_after_m:.0f} cm from a second after the fault until it was over")
        return "; ".join([*parts, *self.notes, f"{self.contacts} contacts caused by the robot"])


Judge = Callable[[Outcome], bool]


def goes_on(outcome: Outcome) -> bool:
    """The visit succeeds as if nothing had been."""
    return bool(outcome.done) and outcome.is_over and outcome.report.success


def goes_on_or_ends_politely(outcome: Outcome) -> bool:
    """The visit succeeds, or ends with a person or at rest; nobody is touched."""
    ended_well = outcome.ending is not Ending.OPEN and outcome.contacts == 0
    return bool(outcome.done) and outcome.is_over and ended_well


def ends_with_person(outcome: Outcome) -> bool:
    """A person is called, and nobody is touched."""
    return bool(outcome.done) and outcome.calls > 0 and outcome.contacts == 0


def stands_and_ends_politely(outcome: Outcome) -> bool:
    """The robot does not drive while the fault lasts, and the visit ends well."""
    return _stood(outcome) and goes_on_or_ends_politely(outcome)


def stands_and_ends_with_person(outcome: Outcome) -> bool:
    """The robot does not drive any more, and a person is called."""
    return _stood(outcome) and ends_with_person(outcome)


def ends_without_shelf(outcome: Outcome) -> bool:
    """The visit ends before the shelf, and the screen rests; nobody is touched."""
    return bool(outcome.done) and outcome.ending is Ending.POLITELY and outcome.contacts == 0


def _stood(outcome: Outcome) -> bool:
    return outcome.drove_after_m is not None and outcome.drove_after_m < _STANDING_M


def stands_and_goes_on(outcome: Outcome) -> bool:
    """The robot does not drive while the fault lasts, and then goes on to the shelf."""
    return stands_and_ends_politely(outcome) and outcome.report.success
