"""The result of an evaluation, as it is printed, written as JSON and told in the model card."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from aisle_inference.evaluation.cold import ColdFigure
from aisle_inference.evaluation.figures import Compared
from aisle_inference.evaluation.splits import Split
from aisle_inference.evaluation.spread import Spread
from aisle_inference.harness.queries import Task


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task: how many queries, the figures by name, for whom they hold, and what the lists show."""

    queries: int
    strongest: str
    figures: Mapping[str, Compared]
    splits: tuple[Split, ...]
    spread: Spread


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An adviser learnt before `first_day` and judged from then to `last_day`; `took_s` is all that it took."""

    first_day: datetime.date
    last_day: datetime.date
    products: int
    households: int
    is_quick: bool
    took_s: float
    tasks: Mapping[Task, TaskResult]
    cold: tuple[ColdFigure, ...]


def as_json(result: Evaluation) -> str:
    """Return the result as JSON; tasks stand under their words on the command line."""
    return msgspec.json.encode(result).decode()
