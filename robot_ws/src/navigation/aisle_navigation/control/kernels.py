"""Compiled kernels of the controller: one update of MPPI, rollout by rollout."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def _look_up(grid, frame, x, y, outside):
    column = math.floor((x - frame[1]) / frame[0])
    row = math.floor((y - frame[2]) / frame[0])
    if row < 0 or column < 0 or row >= grid.shape[0] or column >= grid.shape[1]:
        return outside
    return grid[row, column]


@njit(cache=True)
def _interpolate(grid, frame, x, y, worst):
    """Bilinear cost-to-go; cells out of reach count as `worst`."""
    column = (x - frame[1]) / frame[0] - 0.5
    row = (y - frame[2]) / frame[0] - 0.5
    left, low = math.floor(column), math.floor(row)
    if low < 0 or left < 0 or low + 1 >= grid.shape[0] or left + 1 >= grid.shape[1]:
        return worst
    right_share, high_share = column - left, row - low
    total = 0.0
    for row_step in range(2):
        for column_step in range(2):
            value = min(worst, grid[low + row_step, left + column_step])
            weight_row = high_share if row_step else 1.0 - high_share
            weight_column = right_share if column_step else 1.0 - right_share
            total += weight_row * weight_column * value
    return total


@njit(cache=True)
def optimize(state, mean, noise, limits, step_s, cost_to_go, clearance, frame, local, local_frame, people, weights):
    """One MPPI update. Rollout 0 is the plain mean and rollout 1 is braking, so that both are always compared."""
    rollouts, steps, _ = noise.shape
    costs = np.empty(rollouts)
    applied = np.empty((rollouts, steps, 2))
    worst = _look_up(cost_to_go, frame, state[0], state[1], np.float32(50.0)) + 8.0
    if not np.isfinite(worst):
        worst = 60.0
    for k in range(rollouts):
        costs[k] = _roll_out(
            k, state, mean, noise, limits, step_s, cost_to_go, clearance, frame, local, local_frame, people, weights,
            applied, worst,
        )  # fmt: skip
    lowest = costs.min()
    result = np.zeros((steps, 2))
    total = 0.0
    for k in range(rollouts):
        share = math.exp(-(costs[k] - lowest) / weights[9])
        total += share
        for t in range(steps):
            result[t, 0] += share * applied[k, t, 0]
            result[t, 1] += share * applied[k, t, 1]
    return result / total


@njit(cache=True)
def _roll_out(
    k, state, mean, noise, limits, step_s, cost_to_go, clearance, frame, local, local_frame, people, weights,
    applied, worst,
):  # fmt: skip
    x, y, yaw, v, w = state[0], state[1], state[2], state[3], state[4]
    radius, margin, soft, wall_weight = weights[0], weights[1], weights[2], weights[3]
    cost = 0.0
    for t in range(mean.shape[0]):
        want_v, want_w = mean[t, 0], mean[t, 1]
        if k == 1:
            want_v, want_w = 0.0, 0.0
        elif k > 1:
            want_v += noise[k, t, 0]
            want_w += noise[k, t, 1]
        want_v = min(limits[1], max(limits[0], want_v))
        want_w = min(limits[2], max(-limits[2], want_w))
        v = min(v + limits[3] * step_s, max(v - limits[4] * step_s, want_v))
        w = min(w + limits[5] * step_s, max(w - limits[5] * step_s, want_w))
        applied[k, t, 0], applied[k, t, 1] = v, w
        middle = yaw + 0.5 * w * step_s
        x += v * step_s * math.cos(middle)
        y += v * step_s * math.sin(middle)
        yaw += w * step_s
        free_fixed = _look_up(clearance, frame, x, y, np.float32(0.0))
        free = min(free_fixed, _look_up(local, local_frame, x, y, np.float32(9.0))) - radius
        if free < margin:
            cost += weights[6] * (margin - free + 0.2) * step_s
        elif free < margin + soft:
            cost += wall_weight * (1.0 - (free - margin) / soft) * step_s
        cost += _people_cost(x, y, v, t, step_s, people, radius, weights)
        cost += weights[8] * w * w * step_s
        cost += 0.25 * weights[7] * _interpolate(cost_to_go, frame, x, y, worst) * step_s
    return cost + weights[7] * _interpolate(cost_to_go, frame, x, y, worst)


@njit(cache=True)
def _people_cost(x, y, v, t, step_s, people, radius, weights):
    """Cost of being near people at step t; their uncertainty grows with time, so far-off meetings weigh less."""
    cost = 0.0
    time = (t + 1) * step_s
    fade = 1.0 / (1.0 + 0.3 * time)
    for p in range(people.shape[0]):
        dx = x - people[p, 0] - people[p, 2] * time
        dy = y - people[p, 1] - people[p, 3] * time
        gap = math.sqrt(dx * dx + dy * dy) - radius - people[p, 4]
        if gap < weights[10]:
            cost += fade * weights[6] * (weights[10] - gap + 0.2) * step_s * (0.3 + v)
        if gap < weights[4]:
            cost += fade * weights[5] * (1.0 - max(0.0, gap) / weights[4]) * step_s
    return cost
