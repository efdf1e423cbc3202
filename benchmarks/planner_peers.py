"""Other packages on the same map and queries as the jump-point search, in a program of their own."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from aisle import paths
from aisle_navigation.planning.jump_point import JumpPointSearch
from benchmarks.grid_rules import corners_cut
from benchmarks.movingai import Cell, Free, Query
from benchmarks.peer_environment import PeerProblem, installed, peer_program, run_program
from benchmarks.rows import Row
from benchmarks.timing import timed

REQUIREMENTS = (
    "pyastar2d==1.1.4", "tcod==21.2.2", "scikit-image==0.26.0", "networkx==3.6.1", "numpy==2.4.6",
)  # fmt: skip
_AIM = "at least 10"


@dataclass(frozen=True, slots=True)
class Peer:
    """One package: its name and version, what it does otherwise, and whether it is too slow for all queries."""

    name: str
    version: str
    how: str
    is_slow: bool = False


PEERS = (
    Peer("pyastar2d", "1.1.4", "A* in C++, a diagonal step costs as much as a straight one"),
    Peer("tcod", "21.2.2", "A* in C"),
    Peer("scikit-image", "0.26.0", "Dijkstra in Cython"),
    Peer("networkx", "3.6.1", "A* in Python over a graph of the legal moves", is_slow=True),
)


class Task(msgspec.Struct, frozen=True):
    """What the program is asked: where the grid lies, the queries, and how many of them each package answers."""

    grid: str
    queries: list[tuple[Cell, Cell]]
    counts: dict[str, int]


class Answer(msgspec.Struct, frozen=True):
    """Milliseconds and path of every query, in their order."""

    times_ms: list[float]
    paths: list[list[Cell]]


def peer_rows(free: Free, queries: Sequence[Query]) -> list[Row]:
    """Return for each package how many times as long it takes; one that cannot run here has no figure and says why.

    What a package needs beforehand, a graph or our jumps, is prepared once and not counted.
    """
    counts = {peer.name: max(3, len(queries) // 8) if peer.is_slow else len(queries) for peer in PEERS}
    try:
        answers = _ask(free, queries, counts)
    except (PeerProblem, msgspec.DecodeError) as problem:
        return [_missing(peer, problem) for peer in PEERS]
    ours_ms = _our_times_ms(free, queries)
    return [row(peer, free, answers[peer.name], ours_ms) for peer in PEERS]


def row(peer: Peer, free: Free, answer: Answer, ours_ms: Sequence[float]) -> Row:
    """Compare the medians over the queries that the peer answered."""
    count = len(answer.times_ms)
    theirs_ms, own_ms = float(np.median(answer.times_ms)), float(np.median(ours_ms[:count]))
    cut = sum(corners_cut(free, np.array(path)) > 0 for path in answer.paths)
    note = f"{peer.how}; median {theirs_ms:.3g} ms, ours {own_ms:.3g} ms; {count} queries, {cut} paths cut corners"
    return Row(_name(peer), theirs_ms / own_ms, "x", _AIM, note, key=_key(peer))


def _ask(free: Free, queries: Sequence[Query], counts: dict[str, int]) -> dict[str, Answer]:
    python = installed(paths.var_dir() / "bench" / "planner_peers", REQUIREMENTS)
    with tempfile.TemporaryDirectory() as folder:
        grid = Path(folder) / "grid.npy"
        np.save(grid, free, allow_pickle=False)
        task = Task(str(grid), [(query.start, query.goal) for query in queries], counts)
        printed = run_program([str(python), peer_program("grid_planners_task.py")], msgspec.json.encode(task))
    return msgspec.json.decode(printed, type=dict[str, Answer])


def _our_times_ms(free: Free, queries: Sequence[Query]) -> list[float]:
    search = JumpPointSearch(free)
    search.find(queries[0].start, queries[0].goal)
    return [timed(search.find, query.start, query.goal)[0] for query in queries]


def _missing(peer: Peer, problem: Exception) -> Row:
    return Row(_name(peer), math.nan, "x", _AIM, f"not measured: {problem}", key=_key(peer))


def _name(peer: Peer) -> str:
    return f"{peer.name} {peer.version}: times as long as ours"


def _key(peer: Peer) -> str:
    return f"times_{peer.name.replace('-', '_')}"
