import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from aisle_navigation.planning.jump_point import Cell, GridPath, JumpPointSearch
from benchmarks import planner
from benchmarks.planner import OPTIONS, random_queries, run, search_rows, spread
from benchmarks.planner_map import generated_map
from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.runner import Benchmark, run_benchmark

FREE = generated_map(1, width=100, height=300)
QUERIES = random_queries(FREE, 30, seed=2)
BENCH = Benchmark("planner", "", run, 1, 1, OPTIONS)


def keyed(rows: list[Row]) -> dict[str, float]:
    return {row.key: row.value for row in rows if row.key}


def files(folder: Path) -> tuple[str, str]:
    """The small map and its queries as MovingAI files."""
    height, width = FREE.shape
    cells = "\n".join("".join(".@"[not free] for free in row) for row in FREE)
    lines = [
        f"0\tsmall.map\t{width}\t{height}\t{q.start[1]}\t{q.start[0]}\t{q.goal[1]}\t{q.goal[0]}\t{q.optimum:.6g}"
        for q in QUERIES
    ]
    (folder / "small.map").write_text(f"type octile\nheight {height}\nwidth {width}\nmap\n{cells}\n")
    (folder / "small.map.scen").write_text("\n".join(["version 1", *lines]) + "\n")
    return str(folder / "small.map"), str(folder / "small.map.scen")


def bench(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    return run_benchmark("planner", True, False, list(arguments), Console(file=out), (BENCH,)), out.getvalue()


def test_a_scenario_is_answered_with_the_five_figures_at_the_top(tmp_path: Path) -> None:
    map_file, scenario_file = files(tmp_path)
    code, said = bench("--map", map_file, "--scen", scenario_file)
    report = json.loads(said)
    assert code == 0
    assert report["queries"] == len(QUERIES)
    assert report["illegal_paths"] == 0
    assert 1.0 <= report["max_cost_ratio"] < 1.0005
    assert 0.0 < report["median_ms"] <= report["p95_ms"]


def test_as_many_queries_as_asked_for_are_taken_from_the_whole_scenario(tmp_path: Path) -> None:
    map_file, scenario_file = files(tmp_path)
    assert json.loads(bench("--map", map_file, "--scen", scenario_file, "--queries", "7")[1])["queries"] == 7
    assert [query.start for query in spread(QUERIES, 2)] == [QUERIES[0].start, QUERIES[-1].start]
    assert spread(QUERIES, 10_000) == QUERIES


def test_a_map_without_a_scenario_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("--map", files(tmp_path)[0]) == (1, "")
    assert "--map and --scen belong together" in capsys.readouterr().err


def test_a_malformed_file_ends_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    map_file, scenario_file = files(tmp_path)
    Path(scenario_file).write_text("nothing\n")
    assert bench("--map", map_file, "--scen", scenario_file) == (1, "")
    assert "line 1: must be 'version 1'" in " ".join(capsys.readouterr().err.split())


class Sloppy(JumpPointSearch):
    """Answers with straight lines through everything, and not at all for every other goal."""

    def find(self, start: Cell, goal: Cell) -> GridPath | None:
        if goal[0] % 2:
            return None
        count = max(abs(goal[0] - start[0]), abs(goal[1] - start[1])) + 1
        cells = np.linspace(start, goal, count).round().astype(np.int32)
        return GridPath(cells, 0.0)


def test_paths_through_walls_and_missing_ones_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "JumpPointSearch", Sloppy)
    rows = search_rows(FREE, QUERIES, "")
    assert keyed(rows)["illegal_paths"] > 10
    note = next(row.note for row in rows if row.key == "illegal_paths")
    assert "is not found" in note
    assert "leaves the free cells" in note


def test_a_path_that_is_too_long_shows_in_the_ratio() -> None:
    shortened = [type(query)(query.start, query.goal, 0.5 * query.optimum) for query in QUERIES]
    assert keyed(search_rows(FREE, shortened, ""))["max_cost_ratio"] == pytest.approx(2.0)


def test_random_queries_can_all_be_answered_and_repeat_with_the_seed() -> None:
    assert all(math.isfinite(query.optimum) for query in QUERIES)
    assert random_queries(FREE, 30, seed=2) == QUERIES
    assert random_queries(FREE, 30, seed=3) != QUERIES


def test_no_more_queries_than_asked_for() -> None:
    assert len(random_queries(FREE, 41, seed=4)) == 41


def test_without_files_a_map_is_generated_and_peers_and_store_stand_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "generated_map", lambda seed: FREE)
    monkeypatch.setattr(planner, "peer_rows", lambda free, queries: [Row("a peer", float(len(queries)), "x")])
    monkeypatch.setattr(planner, "store_rows", lambda pairs: [Row("the store", float(pairs), "")])
    rows = run(Request(quick=True, options={"--queries": "12"}))
    assert keyed(rows)["queries"] == 12
    assert [row.value for row in rows[-2:]] == [10.0, 60.0]


def test_a_number_of_queries_that_is_none_is_refused() -> None:
    with pytest.raises(BenchmarkProblem, match="whole number"):
        run(Request(options={"--queries": "many"}))
