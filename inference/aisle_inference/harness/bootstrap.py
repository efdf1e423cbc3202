"""Intervals by the percentile bootstrap over queries.

Efron, 1979, "Bootstrap Methods: Another Look at the Jackknife", The Annals of Statistics 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aisle_inference.harness.metrics import Figures

RESAMPLES = 10_000
_TAIL_PERCENT = 2.5
# Indices drawn at once: 32 MB.
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the interval that holds it with 95 % confidence."""

    mean: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        """Return whether even the low end is above zero."""
        return self.low > 0.0


def mean_interval(figures: Figures, seed: int, resamples: int = RESAMPLES) -> Interval:
    """Return the mean over queries with its interval. Raises ValueError without queries."""
    if not len(figures):
        raise ValueError("an interval needs at least one query")
    low, high = np.percentile(
        _means(figures, np.random.default_rng(seed), resamples), [_TAIL_PERCENT, 100 - _TAIL_PERCENT]
    )
    return Interval(float(figures.mean()), float(low), float(high))


def difference_interval(ours: Figures, theirs: Figures, seed: int, resamples: int = RESAMPLES) -> Interval:
    """Return the mean of ours minus theirs, query by query, with its interval. Raises ValueError for other lengths."""
    if ours.shape != theirs.shape:
        raise ValueError(f"{len(ours)} and {len(theirs)} queries cannot be paired")
    return mean_interval(ours - theirs, seed, resamples)


def _means(figures: Figures, rng: np.random.Generator, resamples: int) -> Figures:
    rows = max(1, _BLOCK // len(figures))
    parts = [
        figures[rng.integers(len(figures), size=(min(rows, resamples - start), len(figures)))].mean(axis=1)
        for start in range(0, resamples, rows)
    ]
    return np.concatenate(parts)
