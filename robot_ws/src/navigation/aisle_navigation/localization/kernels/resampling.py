"""Compiled resampling that draws as many particles as the posterior needs.

After D. Fox, "Adapting the sample size in particle filters through KLD-sampling", Int. J. Robotics Research 22(12),
2003: with k occupied bins, n(k) particles keep the distance to the true posterior below an error bound.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_GOLDEN = 0.6180339887498949
_EMPTY = -1


@njit(cache=True)
def draw(particles, weights, start, bin_m, bin_rad, error, quantile, least, most):
    """Return indices of the particles drawn, shape (m,), `least` <= m <= `most`.

    Draws follow the golden ratio sequence from `start`: each beginning of it is spread evenly over the weights, as
    in low-variance sampling, although nobody knows before how many draws there will be.
    """
    cumulative = np.cumsum(weights)
    table = np.full(4 * most, _EMPTY, np.int64)
    drawn = np.empty(most, np.int64)
    bins, needed, count = 0, float(least), 0
    while count < most and count < needed:
        position = (start + count * _GOLDEN) % 1.0 * cumulative[-1]
        index = min(np.searchsorted(cumulative, position, side="right"), weights.shape[0] - 1)
        drawn[count] = index
        count += 1
        if _is_new(table, _bin_of(particles[index], bin_m, bin_rad)):
            bins += 1
            needed = max(float(least), particles_needed(bins, error, quantile))
    return drawn[:count]


@njit(cache=True)
def particles_needed(bins, error, quantile):
    """Return Fox's bound for k bins: the Wilson-Hilferty approximation of the chi-square quantile over 2 error."""
    if bins < 2:
        return 1.0
    spread = 2.0 / (9.0 * (bins - 1))
    return (bins - 1) / (2.0 * error) * (1.0 - spread + math.sqrt(spread) * quantile) ** 3


@njit(cache=True)
def _bin_of(particle, bin_m, bin_rad):
    """Return a number of its own for each bin of position and heading."""
    turns = math.floor(particle[2] % (2.0 * math.pi) / bin_rad)
    column, row = math.floor(particle[0] / bin_m), math.floor(particle[1] / bin_m)
    return ((int(column) & 0xFFFFF) << 32) | ((int(row) & 0xFFFFF) << 12) | (int(turns) & 0xFFF)


@njit(cache=True)
def _is_new(table, key):
    """Put a key into an open hash table and tell whether it was not there."""
    size = table.shape[0]
    slot = (key * 0x9E3779B1) % size
    while table[slot] != _EMPTY:
        if table[slot] == key:
            return False
        slot = (slot + 1) % size
    table[slot] = key
    return True
