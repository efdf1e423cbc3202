"""How far two distributions are apart, and how far they would be by chance.

The population stability index is sum((q - p) ln(q / p)); below 0.1 it is taken for steady and from 0.25 on for a real
change (Siddiqi, 2006, "Credit Risk Scorecards"). Without any change it is about chi-square times (1/n + 1/m) with one
degree of freedom less than there are classes (Yurdakul, 2018, "Statistical Properties of Population Stability Index"),
so that few events or many classes look like a change. The Jensen-Shannon distance is the square root of the divergence
to base 2, from 0 to 1 (Lin, 1991, "Divergence Measures Based on the Shannon Entropy", IEEE Trans. Inf. Theory 37).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.spatial import distance

_CHANCE = 0.99
# Half an event in every class, so that an empty one leaves the index finite.
_SMOOTHING = 0.5
_CLASSES = 10

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def stability_index(before: Counts, now: Counts) -> float:
    """Return the population stability index of counts (C,) over the same classes."""
    first, second = _shares(before), _shares(now)
    return float(((second - first) * np.log(second / first)).sum())


def index_by_chance(before: Counts, now: Counts, before_trips: int, now_trips: int) -> float:
    """Return what the index stays below in 99 of 100 samples without any change.

    Products of one trip belong together, so that trips are counted and not events; this errs on the careful side.
    """
    classes = int(np.count_nonzero(before + now))
    samples = 1.0 / max(1, before_trips) + 1.0 / max(1, now_trips)
    return float(stats.chi2.ppf(_CHANCE, max(1, classes - 1))) * samples


def shannon_distance(before: Counts, now: Counts) -> float:
    """Return the Jensen-Shannon distance of counts (C,); 0 when either is empty."""
    if not before.sum() or not now.sum():
        return 0.0
    return float(distance.jensenshannon(before, now, base=2))


def limits_of(values: Values, classes: int = _CLASSES) -> Values:
    """Return the inner limits of classes that hold about equal parts of the values; equal limits are one."""
    return np.unique(np.quantile(values, np.arange(1, classes) / classes)) if len(values) else np.empty(0)


def counts_between(values: Values, limits: Values) -> Counts:
    """Return how many values are in each class (C,); a value at a limit belongs below it."""
    return np.bincount(np.searchsorted(limits, values, side="left"), minlength=len(limits) + 1).astype(np.int64)


def _shares(counts: Counts) -> Values:
    smoothed = counts + _SMOOTHING
    return np.asarray(smoothed / smoothed.sum(), dtype=np.float64)
