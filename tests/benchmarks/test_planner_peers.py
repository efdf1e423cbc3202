import math
from pathlib import Path

import msgspec
import numpy as np
import pytest

from benchmarks import planner_peers
from benchmarks.movingai import Query
from benchmarks.peer_environment import PeerProblem, installed, run_program
from benchmarks.planner_peers import PEERS, REQUIREMENTS, Answer, peer_rows, row
from benchmarks.planner_store import random_trips, store_rows
from tests.navigation.rooms import grid, room

FREE = np.ones((5, 5), dtype=bool)
FREE[2, 2] = False
QUERIES = [Query((0, 0), (4, 4), 8.0), Query((1, 2), (2, 1), 2.0)]


def test_a_row_says_how_many_times_as_long_a_peer_takes_and_whose_paths_cut_corners() -> None:
    answer = Answer([20.0, 30.0], [[(0, 0), (0, 1)], [(1, 2), (2, 1)]])
    found = row(PEERS[0], FREE, answer, ours_ms=[0.5, 0.5, 99.0])
    assert found.value == pytest.approx(50.0)
    assert "2 queries, 1 paths cut corners" in found.note
    assert found.key == "times_pyastar2d"


def test_peers_that_cannot_be_installed_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path, _requirements: tuple[str, ...]) -> Path:
        raise PeerProblem("uv is not installed")

    monkeypatch.setattr(planner_peers, "installed", fail)
    rows = peer_rows(FREE, QUERIES)
    assert [math.isnan(found.value) for found in rows] == [True] * len(PEERS)
    assert all("uv is not installed" in found.note for found in rows)


def test_the_program_is_asked_with_the_queries_and_its_answer_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(_command: list[str], given: bytes) -> bytes:
        task = msgspec.json.decode(given)
        asked.append((np.load(task["grid"]), task["queries"], task["counts"]))
        return msgspec.json.encode({peer.name: {"times_ms": [5.0], "paths": [[[0, 0]]]} for peer in PEERS})

    monkeypatch.setattr(planner_peers, "installed", lambda *_: Path("python"))
    monkeypatch.setattr(planner_peers, "run_program", answer)
    rows = peer_rows(FREE, QUERIES)
    assert len(rows) == len(PEERS)
    ((free, queries, counts),) = asked
    assert (free == FREE).all()
    assert queries == [[[0, 0], [4, 4]], [[1, 2], [2, 1]]]
    assert counts["tcod"] == 2


def test_what_a_peer_prints_that_is_no_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner_peers, "installed", lambda *_: Path("python"))
    monkeypatch.setattr(planner_peers, "run_program", lambda *_: b"a warning\n")
    assert all("not measured" in found.note for found in peer_rows(FREE, QUERIES))


def test_the_peers_that_are_named_are_those_that_are_installed() -> None:
    assert {f"{peer.name}=={peer.version}" for peer in PEERS} <= set(REQUIREMENTS)


def test_a_program_that_fails_or_is_missing_gives_its_last_words() -> None:
    with pytest.raises(PeerProblem, match=r"sh ended with 3: no such wheel"):
        run_program(["sh", "-c", "echo no such wheel >&2; exit 3"], b"")
    with pytest.raises(PeerProblem, match="No such file"):
        run_program(["/no/such/program"], b"")


def test_an_environment_that_is_there_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    (tmp_path / "installed.txt").write_text("one==1\ntwo==2")
    assert installed(tmp_path, ("one==1", "two==2")) == python
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("benchmarks.peer_environment.paths.REPOSITORY", tmp_path)
    with pytest.raises(PeerProblem, match="uv is not installed"):
        installed(tmp_path, ("one==2",))


def test_the_store_is_planned_through_and_every_plan_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.planner_store.demo_store", lambda: grid(room(30.0, 6.0)))
    rows = store_rows(pairs=6)
    figures = {found.name: found.value for found in rows}
    assert figures["cost-aware plans not found"] == 0
    assert figures["their least distance from a fixture"] >= 0.36
    assert next(found.value for found in rows if found.key == "cost_aware_median_ms") > 0.0


def test_every_other_trip_goes_across_the_store() -> None:
    from aisle_navigation.planning.planner import Planner

    trips = random_trips(Planner(grid(room(30.0, 6.0))), 8, seed=1)
    lengths_m = [math.dist(trip.start, trip.goal) for trip in trips]
    assert all(length_m >= 20.0 for length_m in lengths_m[::2])
    assert min(lengths_m) < 20.0
    assert all(trip.shortest_m >= length_m - 1e-6 for trip, length_m in zip(trips, lengths_m, strict=True))
