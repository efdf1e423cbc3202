"""Purchases that fade by trips, as in TIFU-KNN, compiled for the milliseconds of a request."""

from __future__ import annotations

import numba
import numpy as np

from aisle_inference.baselines.tifu_knn import TifuSettings
from aisle_inference.ranking.contexts import Contexts, Values

# As a feature this is no worse than the settings that are best by themselves (baselines/chosen.py).
FADING = TifuSettings(7, 0.9, 0.7, 100, 0.7)


def fading(asked: Contexts) -> Values:
    """Return the weights (E,) of own events that fade by trips, as in TIFU-KNN: `tifu_knn.decayed`, compiled."""
    weights = np.empty(asked.events)
    _fade(asked.start, asked.age_trips, FADING.group_trips, FADING.decay_within, FADING.decay_between, weights)
    return weights


@numba.njit(cache=True)
def _fade(start, age_trips, size, within, between, weights):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        if start[query] == start[query + 1]:
            continue
        trips = int(age_trips[start[query]]) + 1
        groups = (trips + size - 1) // size
        for event in range(start[query], start[query + 1]):
            age = int(age_trips[event])
            group = age // size
            members = trips - (groups - 1) * size if group == groups - 1 else size
            weights[event] = within ** (age % size) / members * between**group / groups
