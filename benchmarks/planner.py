"""How fast the global planner is, and whether its paths are legal and shortest.

With `--map` and `--scen` on a MovingAI scenario; without on a generated map of the same size as MovingAI's orz900d,
with peers beside it, and the cost-aware planner across the demo store. Lengths are in cells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from aisle_navigation.planning.jump_point import JumpPointSearch
from benchmarks.grid_rules import fault_of, length_of, moves_of, shortest_lengths
from benchmarks.machine import one_core
from benchmarks.movingai import Free, Query, read_map, read_scenario
from benchmarks.planner_map import generated_map, largest_part
from benchmarks.planner_peers import peer_rows
from benchmarks.planner_store import store_rows
from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.timing import timed

SEED = 20_264
_MAP, _SCENARIO, _QUERIES = "--map", "--scen", "--queries"
OPTIONS = (_MAP, _SCENARIO, _QUERIES)
_GOALS_FOR_START = 40


def run(request: Request) -> list[Row]:
    """Measure on one core. Raises BenchmarkProblem for files that cannot be used."""
    map_path, scenario_path = request.path(_MAP), request.path(_SCENARIO)
    if (map_path is None) != (scenario_path is None):
        raise BenchmarkProblem(f"{_MAP} and {_SCENARIO} belong together; give both or neither")
    with one_core():
        if map_path is not None and scenario_path is not None:
            free = read_map(map_path)
            queries = read_scenario(scenario_path, free)
            chosen = spread(queries, request.count(_QUERIES, otherwise=len(queries)))
            return search_rows(free, chosen, "the scenario's")
        return _generated_rows(request)


def _generated_rows(request: Request) -> list[Row]:
    free = generated_map(SEED)
    queries = random_queries(free, request.count(_QUERIES, otherwise=200 if request.quick else 1000), SEED)
    return [
        *search_rows(free, queries, "that of SciPy's Dijkstra"),
        *peer_rows(free, spread(queries, 10 if request.quick else 40)),
        *store_rows(pairs=60 if request.quick else 300),
    ]


def spread(queries: Sequence[Query], count: int) -> list[Query]:
    """Return that many of the queries, evenly from the first to the last; all when there are no more."""
    if count >= len(queries):
        return list(queries)
    return [queries[index] for index in np.linspace(0, len(queries) - 1, count).round().astype(int)]


def random_queries(free: Free, count: int, seed: int) -> list[Query]:
    """Return random queries within the largest part of a map, with the lengths of the shortest ways."""
    rng = np.random.default_rng(seed)
    moves, cells = moves_of(free), np.argwhere(largest_part(free))
    queries: list[Query] = []
    while len(queries) < count:
        start, *goals = [
            (int(row), int(column))
            for row, column in cells[rng.integers(len(cells), size=1 + min(_GOALS_FOR_START, count - len(queries)))]
        ]
        lengths = shortest_lengths(moves, free, start, goals)
        queries += [Query(start, goal, length) for goal, length in zip(goals, lengths, strict=True)]
    return queries


def search_rows(free: Free, queries: Sequence[Query], reference: str) -> list[Row]:
    """Answer all queries, each once, and judge every path."""
    JumpPointSearch(np.ones((3, 3), dtype=np.bool_)).find((0, 0), (2, 2))
    prepared_ms, search = timed(JumpPointSearch, free)
    times_ms, ratios, faults = [], [1.0], []
    for query in queries:
        taken_ms, found = timed(search.find, query.start, query.goal)
        times_ms.append(taken_ms)
        fault = "is not found" if found is None else fault_of(free, found.cells, query.start, query.goal)
        if fault is not None:
            faults.append(fault)
        elif found is not None:
            ratios.append(_ratio(length_of(found.cells), query.optimum))
    height, width = free.shape
    on = f"{width} x {height} cells, {100.0 * free.mean():.0f} % free"
    return [
        Row("jump-point search: queries", len(queries), "", "", on, key="queries"),
        Row("jump-point search: median", float(np.median(times_ms)), "ms", "at most 1", "each once", key="median_ms"),
        Row("jump-point search: 95th percentile", _p95(times_ms), "ms", "at most 7", key="p95_ms"),
        Row("length over the shortest, at most", max(ratios), "", "at most 1.0005", reference, key="max_cost_ratio"),
        Row("illegal paths", len(faults), "", "0", ", ".join(sorted(set(faults))), key="illegal_paths"),
        Row("jump-point search: preparing the map", prepared_ms, "ms", "", "once for a map", key="preparing_ms"),
    ]


def _ratio(length: float, optimum: float) -> float:
    if optimum == 0.0:
        return 1.0 if length == 0.0 else math.inf
    return length / optimum


def _p95(values: Sequence[float]) -> float:
    return float(np.percentile(values, 95.0))
