"""The rollouts of the controller once more, in plain numpy: the peer in the benchmark, and a check on the kernels.

The same cost terms as in `aisle_navigation/control/kernels.py`, written down a second time for a differential drive on
a store's floor, and over whole arrays of rollouts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aisle_navigation.control.path_integral import Problem
from aisle_navigation.control.scene import Costs, Crowd, Floats, Floor, Motion

Array = npt.NDArray[np.float64]
_FULL_PACE_MPS = 0.3


def totals(problem: Problem, mean: Floats, noise: Floats, step_s: float, costs: Costs) -> tuple[Array, Array]:
    """Return what each rollout costs, shape (rollouts,), and the controls that the limits let through.

    `mean` has shape (steps, 2); `noise` and the controls have shape (steps, 2, rollouts).
    """
    assert problem.floor is not None
    steps, _, rollouts = noise.shape
    start = problem.start.astype(np.float64)
    place, yaw = np.tile(start[:2, None], rollouts), np.full(rollouts, start[2])
    linear, angular = np.full(rollouts, start[3]), np.full(rollouts, start[4])
    total, applied = np.zeros(rollouts), np.zeros((steps, 2, rollouts))
    for t in range(steps):
        before = place
        linear, angular = _limited(linear, angular, mean[t][:, None] + noise[t], problem.motion, step_s)
        applied[t] = linear, angular
        middle = yaw + 0.5 * step_s * angular
        place = place + step_s * linear * np.array([np.cos(middle), np.sin(middle)])
        yaw = yaw + step_s * angular
        total += step_s * costs.turn * angular**2
        if t > 0:
            total += costs.change * ((applied[t] - applied[t - 1]) ** 2).sum(axis=0)
        total += step_s * _people(before, place, problem.crowd, t, step_s, costs)
        total += step_s * _between(place, problem.crowd, t, costs) + step_s * _walls(place, problem.floor, costs)
        goal_share = costs.goal_run * step_s + (costs.goal_end if t == steps - 1 else 0.0)
        total += goal_share * _cost_to_go(place, problem.floor)
    return total, applied


def update(problem: Problem, mean: Floats, noise: Floats, step_s: float, costs: Costs) -> Array:
    """Return the average of the rollouts, shape (steps, 2): the paper's update."""
    cost, applied = totals(problem, mean, noise, step_s, costs)
    shares = np.exp((cost.min() - cost) / costs.temperature)
    return np.asarray(applied @ (shares / shares.sum()))


def _limited(linear: Array, angular: Array, wanted: Array, motion: Motion, step_s: float) -> tuple[Array, Array]:
    wanted_linear = np.clip(wanted[0], motion.slowest, motion.fastest)
    wanted_angular = np.clip(wanted[1], -motion.turn, motion.turn)
    swing = motion.turn_acceleration * step_s
    return (
        np.clip(wanted_linear, linear - motion.braking * step_s, linear + motion.acceleration * step_s),
        np.clip(wanted_angular, angular - swing, angular + swing),
    )


def _people(before: Array, after: Array, crowd: Crowd, t: int, step_s: float, costs: Costs) -> Array:
    own = (after - before)[:, :, None]
    start, end = crowd.places[t][:, None], crowd.places[t + 1][:, None]
    away = before[:, :, None] - start
    by = own - (end - start)
    when = np.clip(-(away * by).sum(axis=0) / ((by**2).sum(axis=0) + 1e-9), 0.0, 1.0)
    away = away + when * by
    distance = np.sqrt((away**2).sum(axis=0) + 1e-9)
    spread = crowd.spread_m[t + 1]
    gap = distance - crowd.reach_m - spread
    speed, approach = np.hypot(*own) / step_s, -(away * own).sum(axis=0) / distance / step_s
    near = _contact(gap, costs.contact_margin_m, costs)
    near += costs.closeness * np.maximum(0.0, 1.0 - np.maximum(gap, 0.0) / costs.closeness_m) ** 2
    near *= costs.standing_share + (1.0 - costs.standing_share) * np.minimum(1.0, speed / _FULL_PACE_MPS)
    intrusion = costs.intrusion * np.maximum(0.0, approach - crowd.free_mps) * (2.0 - gap / costs.intrusion_m)
    near += np.where(gap < costs.intrusion_m, intrusion, 0.0)
    return np.asarray((near / (1.0 + costs.far_fade * spread)).sum(axis=1))


def _between(place: Array, crowd: Crowd, t: int, costs: Costs) -> Array:
    cost = np.zeros(place.shape[1])
    for a, b in crowd.pairs:
        start, line = crowd.places[t + 1, :, a, None], (crowd.places[t + 1, :, b] - crowd.places[t + 1, :, a])[:, None]
        away = place - start
        along = np.clip((away * line).sum(axis=0) / ((line**2).sum() + 1e-9), 0.0, 1.0)
        gap = np.hypot(*(away - along * line))
        share = 1.0 / (1.0 + costs.far_fade * crowd.spread_m[t + 1, a])
        cost += share * costs.between * np.maximum(0.0, 1.0 - gap / costs.between_m)
    return cost


def _walls(place: Array, floor: Floor, costs: Costs) -> Array:
    fixed = _look_up(floor.clearance, floor.frame, place, 0.0)
    seen = _look_up(floor.near_clearance, floor.near_frame, place, 9.0)
    free = np.minimum(fixed, seen) - floor.radius_m
    nearness = np.maximum(0.0, 1.0 - np.maximum(0.0, free - costs.wall_margin_m) / costs.wall_soft_m)
    return np.asarray(costs.wall * nearness + _contact(free, costs.wall_margin_m, costs))


def _contact(gap: Array, margin_m: float, costs: Costs) -> Array:
    return np.where(gap < margin_m, costs.contact * (margin_m - gap + costs.contact_step_m), 0.0)


def _look_up(grid: Floats, frame: Floats, place: Array, outside: float) -> Array:
    columns, rows = np.floor((place - frame[1:, None]) * frame[0]).astype(np.int64)
    inside = (rows >= 0) & (columns >= 0) & (rows < grid.shape[0]) & (columns < grid.shape[1])
    found = np.full(place.shape[1], outside)
    found[inside] = grid[rows[inside], columns[inside]]
    return found


def _cost_to_go(place: Array, floor: Floor) -> Array:
    rows, columns = floor.cost_to_go.shape
    most = np.array([[columns - 2], [rows - 2]])
    at = np.clip((place - floor.frame[1:, None]) * floor.frame[0] - 0.5, 0.0, most)
    left, low = np.floor(at).astype(np.int64)
    right, high = at[0] - left, at[1] - low
    known = np.minimum(floor.cost_to_go, floor.worst)
    lower = (1.0 - right) * known[low, left] + right * known[low, left + 1]
    upper = (1.0 - right) * known[low + 1, left] + right * known[low + 1, left + 1]
    return np.asarray((1.0 - high) * lower + high * upper)
