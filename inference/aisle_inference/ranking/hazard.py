"""How likely a product of some kind is bought again after so many days, learnt from all shoppers."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices

# Gaps fall into bins whose upper ends, in days, grow; the last bin is open.
_ENDS_D = np.array([1.5, 2.5, 4.5, 6.5, 7.5, 9.5, 12.5, 14.5, 18.5, 21.5, 26.5, 32.5, 40.5, 50.5, 65.5, 90.5, 130.5])
# Gaps that a kind, and then a product, is thought to have had, spread like those of all.
_PRIOR = 30.0


@dataclass(frozen=True, slots=True)
class Hazards:
    """The chance a day (K, B) that one who waited until a bin of ages buys within it; `typical_d` (P,) mean gap."""

    kind: Floats
    typical_d: Floats

    @classmethod
    def of(cls, past: Past) -> Hazards:
        """Learn from the gaps between purchases of one product by one household; the open gap at the end counts too."""
        household, product, time_d = _sorted_events(past)
        again = (household[1:] == household[:-1]) & (product[1:] == product[:-1])
        wait_d = np.append(time_d[1:], past.before_d) - time_d
        wait_d[:-1][~again] = past.before_d - time_d[:-1][~again]
        ended = np.append(again, False)[: len(time_d)]
        kinds = past.assortment.kind[product]
        shape = (int(past.assortment.kind.max(initial=-1)) + 1, len(_ENDS_D) + 1)
        return cls(_hazards(kinds, wait_d, ended, shape), _typical(past, product[ended], wait_d[ended]))

    def at(self, kind: Indices, age_d: Floats) -> Floats:
        """Return the chance a day (R,) for kinds (R,) and days since the last purchase; NaN stays."""
        out = np.empty(len(kind), dtype=np.float32)
        _at(self.kind, _ENDS_D, kind, age_d, out)
        return out


def _sorted_events(past: Past) -> tuple[Indices, Indices, npt.NDArray[np.float64]]:
    bought = past.purchases
    known = np.flatnonzero(bought.time_d < past.before_d)
    order = known[np.lexsort((bought.time_d[known], bought.product[known], bought.household[known]))]
    return bought.household[order], bought.product[order], bought.time_d[order]


def _hazards(
    kind: Indices, wait_d: npt.NDArray[np.float64], ended: npt.NDArray[np.bool_], shape: tuple[int, int]
) -> Floats:
    """Return purchases over days at risk in each bin, drawn towards the figure of all kinds."""
    bins = np.searchsorted(_ENDS_D, wait_d)
    bought = np.zeros(shape)
    np.add.at(bought, (kind[ended], bins[ended]), 1.0)
    begins_d = np.concatenate(([0.0], _ENDS_D))
    widths_d = np.append(np.diff(begins_d), np.inf)
    days = np.stack(
        [
            np.bincount(kind, np.clip(wait_d - begin, 0.0, width), minlength=shape[0])
            for begin, width in zip(begins_d, widths_d, strict=True)
        ],
        axis=1,
    )
    overall = (bought.sum(axis=0) + 1.0) / (days.sum(axis=0) + 1e3)
    chances: Floats = ((bought + _PRIOR * overall) / (days + _PRIOR)).astype(np.float32)
    return chances


def _typical(past: Past, product: Indices, gap_d: npt.NDArray[np.float64]) -> Floats:
    number = np.bincount(product, minlength=past.purchases.products)
    total_d = np.bincount(product, gap_d, minlength=past.purchases.products)
    mean_d = gap_d.mean() if len(gap_d) else 0.0
    return ((total_d + 3.0 * mean_d) / (number + 3.0)).astype(np.float32)


@numba.njit(cache=True)
def _at(chances, ends_d, kind, age_d, out):  # type: ignore[no-untyped-def]
    for row in range(len(kind)):
        known = not np.isnan(age_d[row])
        out[row] = chances[kind[row], np.searchsorted(ends_d, age_d[row])] if known else np.nan
