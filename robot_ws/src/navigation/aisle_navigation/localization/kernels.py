"""Compiled kernels of the particle filter: how well each particle explains the beams."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def log_likelihoods(particles, points, clearance, resolution, origin_x, origin_y, stddev, hit_weight, random_weight):
    logs = np.zeros(particles.shape[0])
    for i in range(particles.shape[0]):
        cos, sin = math.cos(particles[i, 2]), math.sin(particles[i, 2])
        for j in range(points.shape[0]):
            x = particles[i, 0] + cos * points[j, 0] - sin * points[j, 1]
            y = particles[i, 1] + sin * points[j, 0] + cos * points[j, 1]
            column = math.floor((x - origin_x) / resolution)
            row = math.floor((y - origin_y) / resolution)
            distance = 2.0
            if 0 <= row < clearance.shape[0] and 0 <= column < clearance.shape[1]:
                distance = clearance[row, column]
            logs[i] += math.log(hit_weight * math.exp(-0.5 * (distance / stddev) ** 2) + random_weight)
    return logs
