"""Compiled weighing: how well each particle explains the beams, with beams that most particles contradict left out."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def weigh(particles, points, log_field, resolution, origin_x, origin_y, agree_log, least_agreement, most_skipped):
    """Return the sum of log-likelihoods, shape (n,), and how many of the beams were skipped.

    Beams stand in the outer loop, so that particles and one row of sums stay in the cache and no matrix is needed.
    """
    count, beams = particles.shape[0], points.shape[0]
    x, y, cos, sin = _columns(particles, resolution, origin_x, origin_y)
    kept, everything, row_logs = np.zeros(count, np.float32), np.zeros(count, np.float32), np.empty(count, np.float32)
    skipped = 0
    for j in range(beams):
        _look_up(
            x,
            y,
            cos,
            sin,
            np.float32(points[j, 0] / resolution),
            np.float32(points[j, 1] / resolution),
            log_field,
            row_logs,
        )
        agreeing = 0
        for i in range(count):
            everything[i] += row_logs[i]
            agreeing += row_logs[i] >= agree_log
        if agreeing >= least_agreement * count:
            for i in range(count):
                kept[i] += row_logs[i]
        else:
            skipped += 1
    # Nearly all skipped: the cloud is wrong or wide, and then every beam has to be heard.
    if skipped > most_skipped * beams:
        return everything, skipped
    return kept, skipped


@njit(cache=True)
def _columns(particles, resolution, origin_x, origin_y):
    """Return x and y in cells, and the heading's cosine and sine, each shape (n,) in single precision."""
    count = particles.shape[0]
    x, y = np.empty(count, np.float32), np.empty(count, np.float32)
    cos, sin = np.empty(count, np.float32), np.empty(count, np.float32)
    for i in range(count):
        x[i] = (particles[i, 0] - origin_x) / resolution
        y[i] = (particles[i, 1] - origin_y) / resolution
        cos[i], sin[i] = math.cos(particles[i, 2]), math.sin(particles[i, 2])
    return x, y, cos, sin


@njit(cache=True)
def _look_up(x, y, cos, sin, point_x, point_y, log_field, out):
    """Write each particle's log-likelihood of one beam; a beam that leaves the map reads the outermost cell."""
    last_row, last_column = log_field.shape[0] - 1, log_field.shape[1] - 1
    for i in range(x.shape[0]):
        column = int(x[i] + cos[i] * point_x - sin[i] * point_y)
        row = int(y[i] + sin[i] * point_x + cos[i] * point_y)
        column = min(max(column, 0), last_column)
        row = min(max(row, 0), last_row)
        out[i] = log_field[row, column]
