"""What a benchmark gives: figures with a unit, and where there is one, the figure aimed for."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One figure; `target` is what it should be, in words, and `note` how it was taken."""

    name: str
    value: float
    unit: str
    target: str = ""
    note: str = ""


class BenchmarkProblem(RuntimeError):
    """A benchmark that cannot run here; the sentence says what to do first."""
