"""Compiled kernels of the controller: the cost terms one by one, two motion models, and one update of MPPI.

Everything is float32, and the innermost loops run over rollouts, so that the compiler works on many at once; a
division by zero gives infinity and raises nothing, for a check would keep it from that. All kernels that call one
another stand in this file: numba's cache looks at one file only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

_MATH: dict[str, Any] = {
    "cache": True,
    "error_model": "numpy",
    "fastmath": {"nsz", "arcp", "contract", "afn", "reassoc"},
}
"""Fast, but infinity stays infinity: the cost to go is infinite where the robot cannot be."""
BLOCK = 256
"""So many rollouts are stepped together; their state stays in the fastest cache."""
STATES = 8
_X, _Y, _OLD_X, _OLD_Y, _COS, _SIN, _FIRST, _SECOND = range(STATES)
_HOLONOMIC = 1
_ZERO, _HALF, _ONE, _TINY = np.float32(0.0), np.float32(0.5), np.float32(1.0), np.float32(1e-9)
_SIXTH, _TWENTY_FOURTH = np.float32(1.0 / 6.0), np.float32(1.0 / 24.0)
_FULL_PACE_MPS = np.float32(0.3)


# The cost terms: each the cost of one second in one situation


@njit(**_MATH)
def contact_cost(gap, margin, step, weight):
    """Touching, or as good as: jumps up where the gap falls below the margin, and grows from there."""
    depth = margin - gap
    return weight * (depth + step) if depth > _ZERO else _ZERO


@njit(**_MATH)
def closeness_cost(gap, reach, weight):
    """Being near: nothing from `reach` on, the full weight at the surface, squared between."""
    nearness = max(_ZERO, _ONE - max(gap, _ZERO) / reach)
    return weight * nearness * nearness


@njit(**_MATH)
def intrusion_cost(gap, approach, free, space, weight):
    """Coming towards somebody faster than `free` within their personal space."""
    return weight * max(_ZERO, approach - free) * (_ONE + (space - gap) / space) if gap < space else _ZERO


@njit(**_MATH)
def between_cost(gap, reach, weight):
    """Cutting between people who belong together; `gap` is to the line that joins them."""
    return weight * max(_ZERO, _ONE - max(gap, _ZERO) / reach)


@njit(**_MATH)
def wall_cost(free, margin, soft, weight, contact, contact_step):
    """Being near to what does not move; below the margin it counts as contact."""
    near = weight * max(_ZERO, _ONE - max(_ZERO, free - margin) / soft)
    return near + contact_cost(free, margin, contact_step, contact)


@njit(**_MATH)
def pace(speed, standing_share):
    """How much the terms for people count at a speed: a robot that stands disturbs less."""
    return standing_share + (_ONE - standing_share) * min(_ONE, speed / _FULL_PACE_MPS)


# The motion models: one step for a block of rollouts


@njit(**_MATH)
def _limit(control, applied, mean, noise, least, most, rise, fall):
    """Bring one control to the wished value, as far as limits and accelerations allow."""
    for k in range(applied.shape[0]):
        wanted = min(most, max(least, mean + noise[k]))
        control[k] = min(control[k] + rise, max(control[k] - fall, wanted))
        applied[k] = control[k]


@njit(**_MATH)
def _turn_half(cosine, sine, rate, half_step, count):
    """Rotate headings by half a step's turn; the series is exact to 1e-7 for turns below 0.3 rad."""
    for k in range(count):
        turn = rate[k] * half_step
        square = turn * turn
        c = _ONE - square * (_HALF - square * _TWENTY_FOURTH)
        s = turn * (_ONE - square * _SIXTH * (_ONE - square * np.float32(0.05)))
        turned = cosine[k] * c - sine[k] * s
        sine[k] = sine[k] * c + cosine[k] * s
        cosine[k] = turned


@njit(**_MATH)
def _shift(place, old, speed, direction, step_s, count):
    for k in range(count):
        old[k] = place[k]
        place[k] += speed[k] * direction[k] * step_s


@njit(**_MATH)
def _move_differential(state, linear, angular, mean, linear_noise, angular_noise, motion, step_s):
    count = linear.shape[0]
    _limit(
        state[_FIRST], linear, mean[0], linear_noise, motion.slowest, motion.fastest,
        motion.acceleration * step_s, motion.braking * step_s,
    )  # fmt: skip
    swing = motion.turn_acceleration * step_s
    _limit(state[_SECOND], angular, mean[1], angular_noise, -motion.turn, motion.turn, swing, swing)
    _turn_half(state[_COS], state[_SIN], state[_SECOND], _HALF * step_s, count)
    _shift(state[_X], state[_OLD_X], state[_FIRST], state[_COS], step_s, count)
    _shift(state[_Y], state[_OLD_Y], state[_FIRST], state[_SIN], step_s, count)
    _turn_half(state[_COS], state[_SIN], state[_SECOND], _HALF * step_s, count)


@njit(**_MATH)
def _limit_velocity(first, second, applied_x, applied_y, mean, noise_x, noise_y, fastest, change):
    """Bring a velocity to the wished one: first its length is limited, then the length of its change."""
    for k in range(applied_x.shape[0]):
        x, y = mean[0] + noise_x[k], mean[1] + noise_y[k]
        share = min(_ONE, fastest / math.sqrt(x * x + y * y + _TINY))
        x, y = x * share - first[k], y * share - second[k]
        share = min(_ONE, change / math.sqrt(x * x + y * y + _TINY))
        applied_x[k], applied_y[k] = first[k] + x * share, second[k] + y * share


@njit(**_MATH)
def _glide(place, old, velocity, applied, step_s):
    for k in range(applied.shape[0]):
        velocity[k] = applied[k]
        old[k] = place[k]
        place[k] += applied[k] * step_s


@njit(**_MATH)
def _move_holonomic(state, applied_x, applied_y, mean, noise_x, noise_y, motion, step_s):
    change = motion.acceleration * step_s
    _limit_velocity(state[_FIRST], state[_SECOND], applied_x, applied_y, mean, noise_x, noise_y, motion.fastest, change)
    _glide(state[_X], state[_OLD_X], state[_FIRST], applied_x, step_s)
    _glide(state[_Y], state[_OLD_Y], state[_SECOND], applied_y, step_s)


# Adding the terms up for a block of rollouts


@njit(**_MATH)
def _add_person(state, total, crowd, t, p, costs, step_s):
    """Add what one person costs in step t, at the moment of the step at which the robot is nearest to them.

    Robot and person walk straight within a step, so the nearest moment is exact: nobody is passed between two steps.
    """
    x, y, old_x, old_y = state[_X], state[_Y], state[_OLD_X], state[_OLD_Y]
    from_x, from_y = crowd.places[t, 0, p], crowd.places[t, 1, p]
    move_x, move_y = crowd.places[t + 1, 0, p] - from_x, crowd.places[t + 1, 1, p] - from_y
    spread = crowd.spread_m[t + 1, p]
    reach, free = crowd.reach_m[p] + spread, crowd.free_mps[p]
    share = step_s / (_ONE + costs.far_fade * spread)
    rate = _ONE / step_s
    for k in range(total.shape[0]):
        own_x, own_y = x[k] - old_x[k], y[k] - old_y[k]
        away_x, away_y = old_x[k] - from_x, old_y[k] - from_y
        by_x, by_y = own_x - move_x, own_y - move_y
        when = min(_ONE, max(_ZERO, -(away_x * by_x + away_y * by_y) / (by_x * by_x + by_y * by_y + _TINY)))
        away_x, away_y = away_x + when * by_x, away_y + when * by_y
        distance = math.sqrt(away_x * away_x + away_y * away_y + _TINY)
        gap = distance - reach
        speed = rate * math.sqrt(own_x * own_x + own_y * own_y)
        approach = -rate * (away_x * own_x + away_y * own_y) / distance
        near = contact_cost(gap, costs.contact_margin_m, costs.contact_step_m, costs.contact)
        near += closeness_cost(gap, costs.closeness_m, costs.closeness)
        near *= pace(speed, costs.standing_share)
        near += intrusion_cost(gap, approach, free, costs.intrusion_m, costs.intrusion)
        total[k] += share * near


@njit(**_MATH)
def _add_between(state, total, crowd, t, a, b, costs, step_s):
    """Add what it costs to be between two people who belong together, after step t."""
    x, y = state[_X], state[_Y]
    from_x, from_y = crowd.places[t + 1, 0, a], crowd.places[t + 1, 1, a]
    line_x, line_y = crowd.places[t + 1, 0, b] - from_x, crowd.places[t + 1, 1, b] - from_y
    square = line_x * line_x + line_y * line_y + _TINY
    share = step_s / (_ONE + costs.far_fade * crowd.spread_m[t + 1, a])
    for k in range(total.shape[0]):
        away_x, away_y = x[k] - from_x, y[k] - from_y
        along = min(_ONE, max(_ZERO, (away_x * line_x + away_y * line_y) / square))
        away_x, away_y = away_x - along * line_x, away_y - along * line_y
        gap = math.sqrt(away_x * away_x + away_y * away_y)
        total[k] += share * between_cost(gap, costs.between_m, costs.between)


@njit(**_MATH)
def _look_up(grid, frame, x, y, outside):
    column, row = (x - frame[1]) * frame[0], (y - frame[2]) * frame[0]
    if column < _ZERO or row < _ZERO or column >= np.float32(grid.shape[1]) or row >= np.float32(grid.shape[0]):
        return outside
    return grid[np.intp(row), np.intp(column)]


@njit(**_MATH)
def _interpolate(grid, frame, x, y, worst):
    """Read the cost to go between the centres of four cells; what is out of reach counts as `worst`.

    Outside the map counts what is at its edge, where walls are.
    """
    column = min(max((x - frame[1]) * frame[0] - _HALF, _ZERO), np.float32(grid.shape[1] - 2))
    row = min(max((y - frame[2]) * frame[0] - _HALF, _ZERO), np.float32(grid.shape[0] - 2))
    left, low = np.intp(column), np.intp(row)
    right, high = column - np.float32(left), row - np.float32(low)
    a, b = min(worst, grid[low, left]), min(worst, grid[low, left + 1])
    c, d = min(worst, grid[low + 1, left]), min(worst, grid[low + 1, left + 1])
    lower, upper = a + right * (b - a), c + right * (d - c)
    return lower + high * (upper - lower)


@njit(**_MATH)
def _add_floor(state, total, floor, goal_share, costs, step_s):
    """Add what is left to go, and the nearness of fixtures and of what the laser sees."""
    x, y = state[_X], state[_Y]
    for k in range(total.shape[0]):
        total[k] += goal_share * _interpolate(floor.cost_to_go, floor.frame, x[k], y[k], floor.worst)
        fixed = _look_up(floor.clearance, floor.frame, x[k], y[k], _ZERO)
        seen = _look_up(floor.near_clearance, floor.near_frame, x[k], y[k], np.float32(9.0))
        total[k] += step_s * wall_cost(
            min(fixed, seen) - floor.radius_m, costs.wall_margin_m, costs.wall_soft_m, costs.wall, costs.contact,
            costs.contact_step_m,
        )  # fmt: skip


@njit(**_MATH)
def _add_distance(state, total, goal, goal_share):
    """Add the distance to the goal: all that there is to go on open ground."""
    x, y = state[_X], state[_Y]
    for k in range(total.shape[0]):
        way_x, way_y = x[k] - goal[0], y[k] - goal[1]
        total[k] += goal_share * math.sqrt(way_x * way_x + way_y * way_y)


@njit(**_MATH)
def _add_change(total, first, second, first_before, second_before, weight):
    """Add the restlessness of the controls."""
    for k in range(total.shape[0]):
        a, b = first[k] - first_before[k], second[k] - second_before[k]
        total[k] += weight * (a * a + b * b)


@njit(**_MATH)
def _add_turn(total, rate, weight):
    for k in range(total.shape[0]):
        total[k] += weight * rate[k] * rate[k]


# The optimizer


@njit(**_MATH)
def _begin(state, total, start):
    count = total.shape[0]
    cosine, sine = np.float32(math.cos(start[2])), np.float32(math.sin(start[2]))
    for k in range(count):
        state[_X, k], state[_Y, k], state[_COS, k], state[_SIN, k] = start[0], start[1], cosine, sine
        state[_FIRST, k], state[_SECOND, k], total[k] = start[3], start[4], _ZERO


@njit(**_MATH)
def roll_out(start, mean, noise, low, high, motion, step_s, goal, floor, crowd, costs, state, applied, totals):
    """Step the rollouts from `low` to `high`, at most BLOCK of them, to the horizon and add up what they cost.

    `start` is (x, y, yaw, first control, second control); `mean` has shape (steps, 2), `noise` and `applied`
    (steps, 2, rollouts), `totals` (rollouts,). A floor of None is open ground. Writes `applied`, the controls that
    the limits let through, and `totals`.
    """
    total = totals[low:high]
    _begin(state, total, start)
    steps = mean.shape[0]
    for t in range(steps):
        first, second = applied[t, 0, low:high], applied[t, 1, low:high]
        first_noise, second_noise = noise[t, 0, low:high], noise[t, 1, low:high]
        if motion.drive == _HOLONOMIC:
            _move_holonomic(state, first, second, mean[t], first_noise, second_noise, motion, step_s)
        else:
            _move_differential(state, first, second, mean[t], first_noise, second_noise, motion, step_s)
            _add_turn(total, second, costs.turn * step_s)
        for p in range(crowd.places.shape[2]):
            _add_person(state, total, crowd, t, p, costs, step_s)
        for m in range(crowd.pairs.shape[0]):
            _add_between(state, total, crowd, t, crowd.pairs[m, 0], crowd.pairs[m, 1], costs, step_s)
        goal_share = costs.goal_run * step_s + (costs.goal_end if t == steps - 1 else _ZERO)
        if floor is None:
            _add_distance(state, total, goal, goal_share)
        else:
            _add_floor(state, total, floor, goal_share, costs, step_s)
        if t > 0:
            before = applied[t - 1]
            _add_change(total, first, second, before[0, low:high], before[1, low:high], costs.change)


@njit(**_MATH)
def _propose(noise, mean, proposals):
    """Put plain plans among the rollouts: the noise that turns the mean into them. Rollout 0 stays the mean."""
    for m in range(proposals.shape[0]):
        for t in range(mean.shape[0]):
            noise[t, 0, m + 1] = proposals[m, t, 0] - mean[t, 0]
            noise[t, 1, m + 1] = proposals[m, t, 1] - mean[t, 1]


@njit(**_MATH)
def _average(applied, total, best, temperature, shares, result):
    """Average the rollouts, each with the share exp(-cost / temperature); returns nothing, writes `result`."""
    everything = _ZERO
    for k in range(total.shape[0]):
        shares[k] = math.exp((total[best] - total[k]) / temperature)
        everything += shares[k]
    for t in range(result.shape[0]):
        for i in range(2):
            control, one = _ZERO, applied[t, i]
            for k in range(total.shape[0]):
                control += shares[k] * one[k]
            result[t, i] = control / everything


@njit(**_MATH)
def optimize(
    start, mean, noise, proposals, motion, step_s, goal, floor, crowd, costs, state, applied, total, shares, single,
    result,
):  # fmt: skip
    """One update of MPPI; writes the new controls to `result`, shape (steps, 2), and returns their cost.

    `noise` has shape (steps, 2, rollouts); its first columns are overwritten by the proposals. `single`, shape
    (2, steps, 2, 1), is room for one more rollout: the average of two ways around somebody may lead into them, so
    where the average costs more than the best rollout, the best is taken.
    """
    _propose(noise, mean, proposals)
    rollouts = total.shape[0]
    for low in range(0, rollouts, BLOCK):
        high = min(low + BLOCK, rollouts)
        roll_out(start, mean, noise, low, high, motion, step_s, goal, floor, crowd, costs, state, applied, total)
    best = np.argmin(total)
    lowest = total[best]
    _average(applied, total, best, costs.temperature, shares, result)
    roll_out(start, result, single[0], 0, 1, motion, step_s, goal, floor, crowd, costs, state, single[1], shares)
    if shares[0] <= lowest:
        return shares[0]
    result[:] = applied[:, :, best]
    return lowest
