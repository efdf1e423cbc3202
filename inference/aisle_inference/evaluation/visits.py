"""A pilot's visits: a file with one row a visit, its arm and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import polars as pl

from aisle_inference.advice.arms import Arm
from aisle_inference.harness.metrics import Figures
from aisle_inference.purchases.columns import Column, Kind, TableProblem, read_columns

_MOST_OUTCOME = 1e6
COLUMNS = (
    Column("visit", Kind.TEXT),
    Column("arm", Kind.TEXT),
    Column("outcome", Kind.NUMBER, -_MOST_OUTCOME, _MOST_OUTCOME),
)


class VisitsProblem(TableProblem):
    """A file of visits that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of the visits of each arm, one value a visit: 0 or 1, or a number such as products taken."""

    control: Figures
    ranking: Figures


def read_visits(path: Path) -> Outcomes:
    """Read a Parquet or CSV file of visits. Raises VisitsProblem."""
    try:
        visits = read_columns(path, COLUMNS, {}).collect()
    except TableProblem as problem:
        raise VisitsProblem(str(problem)) from problem
    _check(path, visits)
    values = {arm: visits.filter(pl.col("arm") == arm)["outcome"].to_numpy() for arm in get_args(Arm)}
    return Outcomes(*(values[arm].astype(np.float64) for arm in ("control", "ranking")))


def _check(path: Path, visits: pl.DataFrame) -> None:
    known = get_args(Arm)
    other = visits.filter(~pl.col("arm").is_in(known))["arm"].unique().sort()
    if len(other):
        raise VisitsProblem(f"{path}: arm {other[0]!r} is none of {', '.join(known)}; write one of these")
    twice = visits.filter(pl.col("visit").is_duplicated())["visit"].unique().sort()
    if len(twice):
        raise VisitsProblem(
            f"{path}: {len(twice)} visits stand there more than once ({twice[0]!r}); keep one row of each"
        )
