"""The figures of ranked lists, query by query, and ours beside others with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aisle_inference.harness.bootstrap import Interval, difference_interval, mean_interval
from aisle_inference.harness.judge import figures_of
from aisle_inference.harness.metrics import Figures
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.table import Indices

# With 2,000 the ends of an interval move in their third digit from seed to seed.
RESAMPLES = 2_000
SEED = 20_171


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure: ours, popularity's and the strongest simple baseline's, and by how much ours is above each."""

    ours: Interval
    popularity: Interval
    strongest: Interval
    over_popularity: Interval
    over_strongest: Interval


def compared(ours: Indices, popularity: Indices, strongest: Indices, queries: Sequence[Query]) -> dict[str, Compared]:
    """Compare lists (n, k) of the same queries, figure by figure and query by query."""
    truths = [query.truth for query in queries]
    own, sold, best = (figures_of(ranked, truths) for ranked in (ours, popularity, strongest))
    return {name: _beside(name, own, sold, best) for name in own}


def interval_of(figures: Figures) -> Interval:
    """Return the mean with its interval. Raises ValueError without queries."""
    return mean_interval(figures, SEED, RESAMPLES)


def _beside(
    name: str, ours: Mapping[str, Figures], popularity: Mapping[str, Figures], strongest: Mapping[str, Figures]
) -> Compared:
    return Compared(
        ours=interval_of(ours[name]),
        popularity=interval_of(popularity[name]),
        strongest=interval_of(strongest[name]),
        over_popularity=difference_interval(ours[name], popularity[name], SEED, RESAMPLES),
        over_strongest=difference_interval(ours[name], strongest[name], SEED, RESAMPLES),
    )
