import io
import json

import pytest
from rich.console import Console

from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.runner import BENCHMARKS, UNUSABLE, Benchmark, run_benchmark

ROWS = [
    Row("laser sweep", 0.8125, "ms", target="under 1", note="720 rays"),
    Row("real-time factor", 1234.5, "x"),
]


def measure(request: Request) -> list[Row]:
    return ROWS[:1] if request.quick else ROWS


def no_store(request: Request) -> list[Row]:
    raise BenchmarkProblem("there is no store; build it: ./run store build")


def asked(request: Request) -> list[Row]:
    queries = request.count("--queries", otherwise=7)
    return [Row(f"map {request.path('--map')}", queries, "", key="queries"), Row("again", request.resume, "")]


TABLE = (
    Benchmark("good", "nothing much", measure, quick_s=5, whole_s=600),
    Benchmark("map", "what it is asked", asked, quick_s=5, whole_s=5, options=("--map", "--queries", "--resume")),
    Benchmark("bad", "what is not there", no_store, quick_s=5, whole_s=5),
)


def bench(name: str, *arguments: str, as_json: bool = False, quick: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    code = run_benchmark(name, as_json, quick, list(arguments), Console(file=out, width=160), TABLE)
    return code, out.getvalue()


def test_the_table_shows_every_figure_with_unit_aim_and_machine() -> None:
    code, said = bench("good")
    assert code == 0
    for expected in ("laser sweep", "0.8125", "ms", "under 1", "720 rays", "1,23", "Python 3."):
        assert expected in said


def test_json_is_nothing_but_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = bench("good", as_json=True)
    report = json.loads(said)
    assert code == 0
    assert report["benchmark"] == "good"
    assert report["quick"] is False
    assert report["machine"]["cores"] >= 1
    assert report["rows"][0] == {
        "name": "laser sweep",
        "value": 0.8125,
        "unit": "ms",
        "target": "under 1",
        "note": "720 rays",
    }
    assert capsys.readouterr().out == ""


def test_quick_is_passed_on_and_said() -> None:
    report = json.loads(bench("good", as_json=True, quick=True)[1])
    assert report["quick"] is True
    assert len(report["rows"]) == 1


@pytest.mark.parametrize(("quick", "expected"), [(True, "takes about 5 s"), (False, "takes about 10 min")])
def test_it_says_first_how_long_it_will_take(quick: bool, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench("good", quick=quick)
    assert expected in capsys.readouterr().err


def test_list_names_every_benchmark_with_its_duration() -> None:
    code, said = bench("list")
    assert code == 0
    for expected in ("good", "nothing much", "10 min", "bad"):
        assert expected in said


def test_an_unknown_benchmark_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("speed") == (UNUSABLE, "")
    assert "there is no benchmark 'speed'; there are: good, map, bad" in capsys.readouterr().err


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("good", "--rounds", "3") == (UNUSABLE, "")
    assert "does not know --rounds; its options: none of its own" in capsys.readouterr().err


def test_what_is_missing_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("bad") == (1, "")
    assert "there is no store; build it: ./run store build" in capsys.readouterr().err


def test_every_real_benchmark_has_a_name_of_its_own_and_is_quick_in_under_five_minutes() -> None:
    assert len({benchmark.name for benchmark in BENCHMARKS}) == len(BENCHMARKS)
    assert all(benchmark.quick_s < 300 for benchmark in BENCHMARKS)
    assert "list" not in {benchmark.name for benchmark in BENCHMARKS}


def test_a_benchmark_takes_options_of_its_own_and_keyed_figures_stand_at_the_top() -> None:
    code, said = bench("map", "--map", "a.map", "--queries=3", "--resume", as_json=True)
    report = json.loads(said)
    assert code == 0
    assert report["queries"] == 3
    assert report["rows"][0]["name"] == "map a.map"
    assert report["rows"][1]["value"] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--map",), "--map needs a value"),
        (("--map", "--resume"), "--map needs a value"),
        (("--queries", "none"), "--queries takes a whole number from 1 up, not 'none'"),
        (("--queries", "0"), "--queries takes a whole number from 1 up, not '0'"),
    ],
)
def test_a_wrong_value_of_an_option_is_said(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = bench("map", *arguments)
    assert code != 0
    assert sentence in capsys.readouterr().err
