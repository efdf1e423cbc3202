"""For whom the lists are good: what is bought again and what is new, new and known shoppers, who pays little or much.

Figures are those that decide (`MAIN_FIGURE`), but for repeat and explore, which are recall@10. Groups differ in how
hard they are (who buys more at once leaves more to find), so that the strongest simple baseline stands beside ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.evaluation.figures import interval_of
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.harness.judge import LISTED, MAIN_FIGURE, figures_of
from aisle_inference.harness.metrics import Figures, hits_of, recall_at, sizes_of
from aisle_inference.harness.queries import UNKNOWN, Query, Task, own_history
from aisle_inference.purchases.table import Floats, Indices, Purchases

KNOWN_TRIPS = 5
SMALL_BASKET = 3
THIRDS = ("pays little a piece", "pays middling", "pays much")

Values = npt.NDArray[np.float64]
# Ours, and the strongest simple baseline's, of the same queries.
Pair = tuple[Figures, Figures]


@dataclass(frozen=True, slots=True)
class Split:
    """One group of a split: how many queries, our figure and the strongest simple baseline's; None without queries."""

    split: str
    group: str
    queries: int
    ours: Interval | None
    strongest: Interval | None

    @classmethod
    def of(cls, split: str, group: str, figures: Pair) -> Split:
        """Take the figures (n,) of the group's queries."""
        ours, strongest = (interval_of(some) if len(some) else None for some in figures)
        return cls(split, group, len(figures[0]), ours, strongest)


def splits_of(
    task: Task, ranked: tuple[Indices, Indices], queries: Sequence[Query], purchases: Purchases, price: Floats
) -> tuple[Split, ...]:
    """Return every split of our lists and the strongest baseline's (n, k); `price` (P,) is what a piece costs."""
    truths, name = [query.truth for query in queries], MAIN_FIGURE[task]
    main = (figures_of(ranked[0], truths)[name], figures_of(ranked[1], truths)[name])
    by_price = grouped("spending", main, thirds_of(price_level(queries, purchases, price)), THIRDS)
    if task in (Task.COMPLETION, Task.SHELF):
        larger = np.array([len(query.given) > SMALL_BASKET for query in queries], dtype=np.int64)
        return (*grouped("basket", main, larger, ("3 products given", "more given")), *by_price)
    trips = np.array([trips_before(purchases, query) for query in queries], dtype=np.int64)
    names = (f"new: fewer than {KNOWN_TRIPS} trips", "known")
    by_trips = grouped("shoppers", main, (trips >= KNOWN_TRIPS).astype(np.int64), names)
    again = repeat_and_explore(ranked, queries, purchases) if task is Task.NEXT_BASKET else ()
    return (*again, *by_trips, *by_price)


def repeat_and_explore(
    ranked: tuple[Indices, Indices], queries: Sequence[Query], purchases: Purchases
) -> tuple[Split, Split]:
    """Return recall@10 within what the household bought before, and within what it did not.

    A query counts where its trip holds such products; lists are the same for both (Li et al., 2023, "A Next Basket
    Recommendation Reality Check", ACM TOIS).
    """
    owned = [np.isin(query.truth, own_history(purchases, query)) for query in queries]
    again = [query.truth[mask] for query, mask in zip(queries, owned, strict=True)]
    new = [query.truth[~mask] for query, mask in zip(queries, owned, strict=True)]
    split = "repeat and explore"
    return (
        Split.of(split, "bought before", (recall_within(ranked[0], again), recall_within(ranked[1], again))),
        Split.of(split, "never bought", (recall_within(ranked[0], new), recall_within(ranked[1], new))),
    )


def recall_within(ranked: Indices, truths: Sequence[Indices]) -> Figures:
    """Return recall@10 of the lists (n, k) whose truth holds anything."""
    asked = np.array([len(truth) > 0 for truth in truths], dtype=np.bool_)
    some = [truth for truth in truths if len(truth)]
    return recall_at(LISTED, hits_of(ranked[asked], some), sizes_of(some))


def grouped(split: str, figures: Pair, group: npt.NDArray[np.int64], names: Sequence[str]) -> tuple[Split, ...]:
    """Return one split a name, of the figures (n,) whose group (n,) is its place; others count nowhere."""
    ours, strongest = figures
    return tuple(
        Split.of(split, name, (ours[group == place], strongest[group == place])) for place, name in enumerate(names)
    )


def trips_before(purchases: Purchases, query: Query) -> int:
    """Return how many trips a household made before the query."""
    start = int(purchases.household_start[query.household])
    if query.household == UNKNOWN or query.events_end <= start:
        return 0
    # The trips of a household are numbered on.
    return int(purchases.trip[query.events_end - 1] - purchases.trip[start]) + 1


def price_level(queries: Sequence[Query], purchases: Purchases, price: Floats) -> Values:
    """Return what each shopper pays a piece: over its purchases, or the mean price of the basket in hand.

    NaN where neither is known.
    """
    return np.array([_paid_a_piece(query, purchases, price) for query in queries], dtype=np.float64)


def thirds_of(values: Values) -> npt.NDArray[np.int64]:
    """Return the third (n,) that each value is in, 0 the lowest; -1 for NaN."""
    known = np.isfinite(values)
    out = np.full(len(values), -1, dtype=np.int64)
    if known.any():
        limits = np.quantile(values[known], (1 / 3, 2 / 3))
        out[known] = np.searchsorted(limits, values[known], side="right")
    return out


def _paid_a_piece(query: Query, purchases: Purchases, price: Floats) -> float:
    if query.household == UNKNOWN:
        return float(price[query.given].mean()) if len(query.given) else float("nan")
    events = slice(int(purchases.household_start[query.household]), query.events_end)
    pieces = float(purchases.quantity[events].sum())
    return float(purchases.paid[events].sum()) / pieces if pieces > 0 else float("nan")
