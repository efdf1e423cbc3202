"""The cost-aware planner in the demo store: plans between places that are far apart, around people who stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aisle import paths
from aisle_navigation.planning.jump_point import JumpPointSearch
from aisle_navigation.planning.planner import Plan, Planner, PlanOutcome, Point
from aisle_navigation.planning.standing import Standing, person
from benchmarks.planner_map import largest_part
from benchmarks.rows import Row
from benchmarks.timing import timed
from store_model.clearance import ClearanceMap, clearance_map
from store_model.maps import occupancy_grid
from store_model.plan import load_plan

SEED = 20_265
PEOPLE, ACROSS_M = 10, 20.0


@dataclass(frozen=True, slots=True)
class Trip:
    """Two places of the map frame, who stands in the store meanwhile, and the shortest way where the robot fits."""

    start: Point
    goal: Point
    standing: tuple[Standing, ...]
    shortest_m: float


def store_rows(pairs: int) -> list[Row]:
    """Plan between random pairs of places, half of them at least ACROSS_M apart."""
    grid = demo_store()
    prepared_ms, planner = timed(Planner, grid)
    trips = random_trips(planner, pairs, SEED)
    planner.plan(trips[0].start, trips[0].goal, trips[0].standing)
    answers = [timed(planner.plan, trip.start, trip.goal, trip.standing) for trip in trips]
    across_ms = [taken_ms for (taken_ms, _), trip in zip(answers, trips, strict=True) if _is_across(trip)]
    anywhere_ms = [taken_ms for taken_ms, _ in answers]
    rows, columns = grid.clearance_m.shape
    how = f"{len(across_ms)} pairs at least {ACROSS_M:.0f} m apart, {PEOPLE} people standing, {columns} x {rows} cells"
    name = "cost-aware plan across the store"
    return [
        Row(f"{name}: median", _quantile(across_ms, 50), "ms", "at most 20", how, key="cost_aware_median_ms"),
        Row(f"{name}: 95th percentile", _quantile(across_ms, 95), "ms", key="cost_aware_p95_ms"),
        Row("cost-aware plan anywhere: median", _quantile(anywhere_ms, 50), "ms", "", f"{len(trips)} pairs"),
        Row("cost-aware planner: preparing the map", prepared_ms, "ms", "", "once for a map and its zones"),
        *_quality(planner, trips, [plan for _, plan in answers]),
    ]


def _quality(planner: Planner, trips: Sequence[Trip], plans: Sequence[Plan]) -> list[Row]:
    found = [(trip, plan) for trip, plan in zip(trips, plans, strict=True) if plan.outcome is PlanOutcome.FOUND]
    longer = [plan.length_m / trip.shortest_m for trip, plan in found if trip.shortest_m > 1.0]
    least_m = min(float(planner.grid.at(plan.path[1:]).min()) for _, plan in found)
    radius_m = planner.settings.radius_m
    return [
        Row("cost-aware plans not found", len(plans) - len(found), "", "0"),
        Row(
            "their length over the shortest on the grid: median",
            _quantile(longer, 50),
            "",
            "",
            "for distance, side and people",
        ),
        Row("their least distance from a fixture", least_m, "m", f"at least {radius_m:g}", "from the robot's centre"),
    ]


def demo_store() -> ClearanceMap:
    """Return the clearance map of the demo store."""
    cells = occupancy_grid(load_plan(paths.config_dir() / "stores" / "demo"))
    return clearance_map(cells.cells, cells.resolution_m, cells.origin.x_m, cells.origin.y_m)


def random_trips(planner: Planner, count: int, seed: int) -> list[Trip]:
    """Draw pairs of places between which there is a way, every other one across the store."""
    grid, rng = planner.grid, np.random.default_rng(seed)
    free = largest_part(grid.clearance_m >= planner.settings.radius_m)
    free[[0, -1], :] = free[:, [0, -1]] = False
    cells, search = np.argwhere(free), JumpPointSearch(free)
    trips: list[Trip] = []
    while len(trips) < count:
        picked = [(int(row), int(column)) for row, column in cells[rng.integers(len(cells), size=2 + PEOPLE)]]
        start, goal, *places = (grid.centre_of(*cell) for cell in picked)
        way = search.find(picked[0], picked[1])
        shortest_m = grid.resolution_m * (way.cost if way is not None else np.inf)
        trip = Trip(start, goal, tuple(person(*place) for place in places), shortest_m)
        if _is_across(trip) or len(trips) % 2:
            trips.append(trip)
    return trips


def _is_across(trip: Trip) -> bool:
    return bool(np.hypot(trip.goal[0] - trip.start[0], trip.goal[1] - trip.start[1]) >= ACROSS_M)


def _quantile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent))
