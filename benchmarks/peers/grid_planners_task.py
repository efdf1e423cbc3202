"""Plan paths on a grid with other packages; run by `benchmarks.planner_peers`, which has them installed.

Reads the task as JSON from standard input: the file of the grid (bool, true where free), the queries as pairs of cells
(row, column), and how many of them each planner shall answer. Prints for each planner the milliseconds of every query
and its paths. Preparing, a graph or an array of costs, is not counted.
"""

import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx
import numpy as np
import pyastar2d
import skimage.graph
import tcod.path

Cell = tuple[int, int]
Path = list[list[int]]
Plan = Callable[[Cell, Cell], Any]


def with_pyastar2d(free: Any) -> Plan:
    """A* in C++; a diagonal step costs as much as a straight one."""
    weights = np.where(free, 1.0, np.inf).astype(np.float32)
    return lambda start, goal: pyastar2d.astar_path(weights, start, goal, allow_diagonal=True)


def with_tcod(free: Any) -> Plan:
    """A* in C; a diagonal step costs 1.41 straight ones."""
    finder = tcod.path.AStar(free.astype(np.int8), diagonal=1.41)
    return lambda start, goal: [start, *finder.get_path(*start, *goal)]


def with_scikit_image(free: Any) -> Plan:
    """Dijkstra in Cython."""
    costs = np.where(free, 1.0, -1.0)
    return lambda start, goal: skimage.graph.route_through_array(costs, start, goal, fully_connected=True)[0]


def with_networkx(free: Any) -> Plan:
    """A* in Python over a graph of the legal moves, so that it alone cuts no corner."""
    graph = networkx.Graph()
    number = np.arange(free.size).reshape(free.shape)
    quad = free[:-1, :-1] & free[:-1, 1:] & free[1:, :-1] & free[1:, 1:]
    links = (
        (number[:, :-1], number[:, 1:], free[:, :-1] & free[:, 1:], 1.0),
        (number[:-1], number[1:], free[:-1] & free[1:], 1.0),
        (number[:-1, :-1], number[1:, 1:], quad, math.sqrt(2.0)),
        (number[:-1, 1:], number[1:, :-1], quad, math.sqrt(2.0)),
    )
    for one, other, legal, length in links:
        pairs = zip(one[legal].tolist(), other[legal].tolist(), strict=True)
        graph.add_weighted_edges_from((a, b, length) for a, b in pairs)
    columns: int = free.shape[1]

    def guess(a: int, b: int) -> float:
        rows, places = abs(a // columns - b // columns), abs(a % columns - b % columns)
        return max(rows, places) + (math.sqrt(2.0) - 1.0) * min(rows, places)

    def plan(start: Cell, goal: Cell) -> Path:
        ends = (start[0] * columns + start[1], goal[0] * columns + goal[1])
        return [list(divmod(cell, columns)) for cell in networkx.astar_path(graph, *ends, heuristic=guess)]

    return plan


PLANNERS = {
    "pyastar2d": with_pyastar2d,
    "tcod": with_tcod,
    "scikit-image": with_scikit_image,
    "networkx": with_networkx,
}


def answer(plan: Plan, queries: list[tuple[Cell, Cell]]) -> dict[str, Any]:
    """Time every query once, after one that does not count."""
    plan(*queries[0])
    times_ms, paths = [], []
    for start, goal in queries:
        started_s = time.perf_counter()
        path = plan(start, goal)
        times_ms.append(1e3 * (time.perf_counter() - started_s))
        paths.append(np.asarray(path, dtype=np.int64).reshape(-1, 2).tolist())
    return {"times_ms": times_ms, "paths": paths}


def main() -> None:
    task = json.load(sys.stdin)
    free = np.load(task["grid"], allow_pickle=False)
    queries = [(tuple(start), tuple(goal)) for start, goal in task["queries"]]
    answers = {name: answer(PLANNERS[name](free), queries[:count]) for name, count in task["counts"].items()}
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
