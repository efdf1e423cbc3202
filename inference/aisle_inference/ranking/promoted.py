"""What the asked store promotes this week, and how much that moves: display and mailer as everybody there sees them.

A promotion enters a rank as a price or a season does, by what shoppers bought under it before. Who pays for a display
is in no table, and a product gains nothing from a place that moved nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.promotions import Codes, Promotions
from aisle_inference.purchases.table import Floats, Indices, Offsets
from aisle_inference.purchases.weeks import DAYS_OF_WEEK
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import entries
from aisle_inference.ranking.named import Columns

# Purchases that a product or a place is thought to have had as expected before any was seen.
_PRIOR = 5.0
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Promoted:
    """Promotions from the week before a day on, and what those before it moved, of P products.

    A pull is the log ratio of what was bought under a promotion to what was to be expected. `display` and `mailer`
    (cells + 1, P) hold the pull of the place that each promotion has, `stores` (W + 1, P) the share of the stores that
    promote a product in a week; a cell is a row of `Promotions.start`, and last rows are empty. `usual` (P,) is in what
    share of all trips a product was promoted, `pull` (P,) its own. `is_used` says whether the shop has promotions.
    """

    is_used: bool
    promotions: Promotions
    display: sparse.csr_matrix
    mailer: sparse.csr_matrix
    stores: sparse.csr_matrix
    usual: Floats
    pull: Floats

    @classmethod
    def of(cls, past: Past) -> Promoted:
        """Weigh the promotions before the day by the purchases before it."""
        known, now = _Known.of(past), past.promotions.since(past.before_d - DAYS_OF_WEEK)
        return cls(
            is_used=len(past.promotions) > 0,
            promotions=now,
            display=_table(now, known.pull_of_places(past.promotions.display, len(now.display_names))[now.display]),
            mailer=_table(now, known.pull_of_places(past.promotions.mailer, len(now.mailer_names))[now.mailer]),
            stores=_share_of_stores(now),
            usual=known.usual,
            pull=known.pull,
        )

    def here(self, asked: Contexts) -> list[Indices]:
        """Return for each query the products that its store promotes then, ascending; none where none is known."""
        everything = zip(asked.store.tolist(), asked.time_d.tolist(), strict=True)
        return [self.promotions.product[self.promotions.in_store(store, time_d)] for store, time_d in everything]

    def columns(self, asked: Contexts, candidates: Candidates) -> Columns:
        """Return how each candidate is promoted here and now; NaN where nothing is known of the store or the week."""
        query, product = candidates.query, candidates.product
        cell = self.promotions.cell_at(asked.store, asked.time_d)
        before = self.promotions.cell_at(asked.store, asked.time_d - DAYS_OF_WEEK)
        week = np.where(cell < 0, -1, cell // max(1, self.promotions.stores)).astype(np.int32)
        places = {
            "promoted on display": (self.display, cell),
            "promoted in mailer": (self.mailer, cell),
            "promoted on display before": (self.display, before),
            "promoted in mailer before": (self.mailer, before),
            "promoted in share of stores": (self.stores, week),
        }
        columns = {name: _entries(matrix, row[query], product) for name, (matrix, row) in places.items()}
        return columns | {"promoted usually": self.usual[product], "promoted pull": self.pull[product]}


@dataclass(frozen=True, slots=True)
class _Known:
    """R promotions, of which those before the day have `expected` (R,) and `bought` (R,) purchases; others have 0."""

    expected: Values
    bought: Values
    usual: Floats
    pull: Floats

    @classmethod
    def of(cls, past: Past) -> _Known:
        bought, promotions = past.purchases, past.promotions
        known, before = bought.time_d < past.before_d, bought.trip_time_d < past.before_d
        cells = len(promotions.start) - 1
        trip_cell = promotions.cell_at(bought.trip_store, bought.trip_time_d)
        trips = np.bincount(trip_cell[before & (trip_cell >= 0)], minlength=cells)
        under = _promotion_of(promotions, trip_cell[bought.trip[known]], bought.product[known])
        exposed = trips[promotions.cells].astype(np.float64)
        per_trip = past.popularity.astype(np.float64) / max(1, int(np.count_nonzero(before)))
        expected = per_trip[promotions.product] * exposed
        promoted = np.bincount(promotions.product, exposed, minlength=bought.products)
        of_promotion = np.bincount(under[under >= 0], minlength=len(promotions)).astype(np.float64)
        return cls(
            expected=expected,
            bought=of_promotion,
            usual=np.asarray(promoted / max(1, int(trips.sum())), dtype=np.float32),
            pull=_pulls(promotions.product, of_promotion, expected, bought.products),
        )

    def pull_of_places(self, place: Codes, places: int) -> Floats:
        """Return the pull of each place; the first is nowhere and has none."""
        pulls = _pulls(place, self.bought, self.expected, places)
        pulls[:1] = 0.0
        return pulls


def _promotion_of(promotions: Promotions, cell: Indices, product: Indices) -> Offsets:
    """Return the promotion (E,) of products in cells, -1 where there is none."""
    keys = promotions.cells * promotions.products + promotions.product
    wanted = np.where(cell < 0, -1, cell.astype(np.int64) * promotions.products + product)
    place = np.searchsorted(keys, wanted)
    return np.where(np.append(keys, -2)[place] == wanted, place, -1)


def _pulls(code: npt.NDArray[np.integer], bought: Values, expected: Values, codes: int) -> Floats:
    have, thought = (np.bincount(code, values, minlength=codes) for values in (bought, expected))
    return np.log((have + _PRIOR) / (thought + _PRIOR)).astype(np.float32)


def _table(promotions: Promotions, values: Floats) -> sparse.csr_matrix:
    """Return values (R,) of promotions by cell and product, (cells + 1, P); the last row is empty."""
    start = np.append(promotions.start, promotions.start[-1])
    return sparse.csr_matrix((values, promotions.product, start), shape=(len(start) - 1, promotions.products))


def _share_of_stores(promotions: Promotions) -> sparse.csr_matrix:
    """Return in what share of a week's stores that promote anything a product is promoted, (W + 1, P)."""
    weeks = (len(promotions.start) - 1) // max(1, promotions.stores)
    some = np.diff(promotions.start).reshape(weeks, promotions.stores) > 0
    week = promotions.cells // max(1, promotions.stores)
    values = (1.0 / np.maximum(some.sum(axis=1), 1)).astype(np.float32)[week]
    table = sparse.csr_matrix((values, (week, promotions.product)), shape=(weeks + 1, promotions.products))
    table.sum_duplicates()
    return table


def _entries(matrix: sparse.csr_matrix, row: Indices, product: Indices) -> Floats:
    """Return the entries (R,) of rows; NaN in row -1, of which nothing is known."""
    found = entries(matrix, row, product)
    found[row < 0] = np.nan
    return found
