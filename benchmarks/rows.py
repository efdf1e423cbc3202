"""What a benchmark gives: figures with a unit, and where there is one, the figure aimed for."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One figure; `target` is what it should be, in words, and `note` how it was taken.

    A figure with a `key` also stands under that name at the top of the JSON report, for programs that read it.
    """

    name: str
    value: float
    unit: str
    target: str = ""
    note: str = ""
    key: str = ""


class Request(msgspec.Struct, frozen=True):
    """How a benchmark shall run: quickly or whole, going on with an interrupted run, and its own options."""

    quick: bool = False
    resume: bool = False
    options: dict[str, str] = {}

    def path(self, option: str) -> Path | None:
        """Return an option as a path; None when it was not given."""
        return Path(self.options[option]) if option in self.options else None

    def count(self, option: str, otherwise: int, least: int = 1) -> int:
        """Return an option as a whole number. Raises BenchmarkProblem for what is none, or too small."""
        text = self.options.get(option)
        if text is None:
            return otherwise
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise BenchmarkProblem(f"{option} takes a whole number from {least} up, not '{text}'")
        return int(text)


class BenchmarkProblem(RuntimeError):
    """A benchmark that cannot run here; the sentence says what to do first."""
