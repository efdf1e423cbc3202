"""Compiled search for the pose that explains a scan: all over the floor coarsely, then around a pose finely."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def score_places(places, headings, points, field, resolution, hopeless):
    """Return how well each heading (h,) at each place, shape (p, 2) rows and columns, explains the points: (h, p).

    The field's cells hold 0 (no map near) to 1. A pose whose first third of beams scores below `hopeless` on average
    gets 0: most do.
    """
    beams = points.shape[0]
    probe = max(1, beams // 3)
    scores = np.zeros((headings.shape[0], places.shape[0]), np.float32)
    rows, columns = np.empty(beams, np.int32), np.empty(beams, np.int32)
    for h in range(headings.shape[0]):
        cos, sin = math.cos(headings[h]), math.sin(headings[h])
        for j in range(beams):
            columns[j] = round((cos * points[j, 0] - sin * points[j, 1]) / resolution)
            rows[j] = round((sin * points[j, 0] + cos * points[j, 1]) / resolution)
        for i in range(places.shape[0]):
            total = _sum(field, places[i, 0], places[i, 1], rows, columns, 0, probe)
            if total >= hopeless * probe:
                scores[h, i] = (total + _sum(field, places[i, 0], places[i, 1], rows, columns, probe, beams)) / beams
    return scores


@njit(cache=True)
def _sum(field, row, column, rows, columns, first, last):
    last_row, last_column = field.shape[0] - 1, field.shape[1] - 1
    total = np.float32(0.0)
    for j in range(first, last):
        total += field[min(max(row + rows[j], 0), last_row), min(max(column + columns[j], 0), last_column)]
    return total


@njit(cache=True)
def climb(poses, points, field, resolution, origin_x, origin_y, step, turn, halvings):
    """Move each pose, shape (n, 3), uphill to where the field's sum over the points is largest; return the sums.

    Tries one step to each side and one turn each way; when nothing helps the steps are halved. `poses` is changed.
    """
    sums = np.empty(poses.shape[0], np.float32)
    for i in range(poses.shape[0]):
        sums[i] = _climb_one(poses[i], points, field, resolution, origin_x, origin_y, step, turn, halvings)
    return sums


@njit(cache=True)
def _climb_one(pose, points, field, resolution, origin_x, origin_y, step, turn, halvings):
    best = _score(pose[0], pose[1], pose[2], points, field, resolution, origin_x, origin_y)
    while halvings >= 0:
        better = False
        for move in range(6):
            sign = 1.0 if move % 2 == 0 else -1.0
            x = pose[0] + (sign * step if move < 2 else 0.0)
            y = pose[1] + (sign * step if 2 <= move < 4 else 0.0)
            yaw = pose[2] + (sign * turn if move >= 4 else 0.0)
            score = _score(x, y, yaw, points, field, resolution, origin_x, origin_y)
            if score > best:
                best, better = score, True
                pose[0], pose[1], pose[2] = x, y, yaw
        if not better:
            step, turn, halvings = 0.5 * step, 0.5 * turn, halvings - 1
    return best


@njit(cache=True)
def mean_logs(poses, points, field, resolution, origin_x, origin_y):
    """Return for each pose, shape (n,), the field's mean over the points: the log-likelihood of one beam."""
    means = np.empty(poses.shape[0])
    for i in range(poses.shape[0]):
        total = _score(poses[i, 0], poses[i, 1], poses[i, 2], points, field, resolution, origin_x, origin_y)
        means[i] = total / points.shape[0]
    return means


@njit(cache=True)
def _score(x, y, yaw, points, field, resolution, origin_x, origin_y):
    cos, sin = math.cos(yaw), math.sin(yaw)
    last_row, last_column = field.shape[0] - 1, field.shape[1] - 1
    total = np.float32(0.0)
    for j in range(points.shape[0]):
        column = int((x + cos * points[j, 0] - sin * points[j, 1] - origin_x) / resolution)
        row = int((y + sin * points[j, 0] + cos * points[j, 1] - origin_y) / resolution)
        total += field[min(max(row, 0), last_row), min(max(column, 0), last_column)]
    return total


@njit(cache=True)
def thin_out(poses, apart, turned, at_most):
    """Return the indices of the poses, best first, shape (n, 3), that are no neighbours of a better one."""
    kept = np.empty(at_most, np.int64)
    count = 0
    for i in range(poses.shape[0]):
        if count == at_most:
            break
        if not _has_neighbour(poses, kept[:count], i, apart, turned):
            kept[count] = i
            count += 1
    return kept[:count]


@njit(cache=True)
def _has_neighbour(poses, kept, index, apart, turned):
    for other in kept:
        x, y = poses[index, 0] - poses[other, 0], poses[index, 1] - poses[other, 1]
        turn = poses[index, 2] - poses[other, 2]
        if x * x + y * y <= apart * apart and math.cos(turn) >= math.cos(turned):
            return True
    return False
