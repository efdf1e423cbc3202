from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aisle import paths
from apps import setup_steps
from apps.setup_steps import SetupProblem, Step, run_steps


@dataclass
class Bench:
    """A step with one input file that writes one output file and counts how often it worked."""

    root: Path
    runs: list[str] = field(default_factory=list)

    def step(self, name: str = "demo", work: Callable[[], None] | None = None) -> Step:
        def write() -> None:
            self.runs.append(name)
            (self.root / f"{name}.out").write_text("made")

        source = self.root / "source.txt"
        return Step(name, f"making {name}", lambda: [source], self.root / f"{name}.out", work or write)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(paths, "REPOSITORY", tmp_path)
    monkeypatch.setattr(setup_steps, "VENV", tmp_path)
    monkeypatch.setenv("AISLE_VAR", str(tmp_path / "var"))
    (tmp_path / "source.txt").write_text("one")
    return Bench(tmp_path)


def test_a_step_runs_once_and_says_so(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_steps([bench.step()]) == 0
    # What a command prints for another program stays whole.
    assert capsys.readouterr() == ("", "aisle: making demo\n")
    assert run_steps([bench.step()]) == 0
    assert capsys.readouterr() == ("", "")
    assert bench.runs == ["demo"]


def test_a_step_runs_again_when_its_input_changed(bench: Bench) -> None:
    run_steps([bench.step()])
    (bench.root / "source.txt").write_text("two")
    run_steps([bench.step()])
    assert bench.runs == ["demo", "demo"]


def test_a_step_runs_again_when_its_output_is_gone(bench: Bench) -> None:
    run_steps([bench.step()])
    (bench.root / "demo.out").unlink()
    run_steps([bench.step()])
    assert bench.runs == ["demo", "demo"]


def test_a_failed_step_gives_one_message_ends_the_set_up_and_is_tried_again(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise SetupProblem("first failed: there is no compiler; install build-essential")

    assert run_steps([bench.step("first", fail), bench.step("second")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == ["aisle: making first", "aisle: first failed: there is no compiler; install build-essential"]
    assert bench.runs == []
    assert run_steps([bench.step("first"), bench.step("second")]) == 0
    assert bench.runs == ["first", "second"]


def test_an_unforeseen_failure_is_one_line_and_its_traceback_lies_in_the_log(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError("No space left on device")

    assert run_steps([bench.step(work=fail)]) == 1
    log_file = bench.root / "var" / "log" / "setup-demo.log"
    expected = f"aisle: making demo\naisle: demo failed: No space left on device; the traceback is in {log_file}\n"
    assert capsys.readouterr().err == expected
    assert "Traceback" in log_file.read_text()


def test_the_real_steps_have_names_of_their_own_and_inputs() -> None:
    steps = setup_steps.steps()
    assert len({step.name for step in steps}) == len(steps)
    assert all(list(step.inputs()) for step in steps)
