"""The sturdiness list: complete, judged by what was seen, and played as it says."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from aisle import paths
from aisle.messages.visit import Screen, ScreenState
from apps.demo_report import DemoReport
from apps.faults import live, outcome, verb
from apps.faults.live import Kill
from apps.faults.outcome import Ending, Outcome
from apps.faults.table import faults
from apps.processes import PROCESSES
from sim.scoring import Recording, score

GUIDING = ScreenState(screen=Screen.GUIDING, session_id="s", idle_s=0.0, product_id=1, controls=())


def report(success: bool = False) -> DemoReport:
    return DemoReport(
        mode="lockstep",
        seed=1,
        shoppers=0,
        wish="milk",
        product_id=1,
        product="Milk",
        bay_id="A-1",
        success=success,
        why_not="",
        score=score(Recording(0.25), None, 1.0),
        fingerprint=None,
    )


def seen(**changes: Any) -> Outcome:
    usual = Outcome(report=report(), screens=(Screen.ATTRACT, Screen.GUIDING, Screen.ATTRACT), calls=0, done="it broke")
    return replace(usual, **changes)


def test_every_process_but_the_world_itself_is_restarted_in_some_run() -> None:
    restarted = {fault.name.removeprefix("restart-") for fault in faults() if fault.is_live}
    assert restarted == {process.name for process in PROCESSES} - {"sim"}


def test_names_are_unique_and_every_row_says_what_is_expected() -> None:
    rows = faults()
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.what and row.expected for row in rows)


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        ({"report": report(success=True)}, Ending.AT_SHELF),
        ({"calls": 1}, Ending.WITH_PERSON),
        ({}, Ending.POLITELY),
        ({"screens": (Screen.ATTRACT, Screen.GUIDING)}, Ending.OPEN),
        ({"screens": (Screen.ATTRACT,)}, Ending.OPEN),
        ({"screens": ()}, Ending.OPEN),
    ],
)
def test_the_ending_is_what_was_seen_last(changes: dict[str, Any], ending: Ending) -> None:
    assert seen(**changes).ending is ending


@pytest.mark.parametrize(
    ("judge", "changes", "passes"),
    [
        (outcome.goes_on, {"report": report(success=True)}, True),
        (outcome.goes_on, {"report": report(success=True), "done": ""}, False),
        (outcome.goes_on, {}, False),
        (outcome.goes_on_or_ends_politely, {}, True),
        (outcome.goes_on_or_ends_politely, {"screens": (Screen.ATTRACT, Screen.GUIDING)}, False),
        (outcome.ends_with_person, {"calls": 1}, True),
        (outcome.ends_with_person, {}, False),
        (outcome.stands_and_ends_politely, {"drove_after_m": 0.01}, True),
        (outcome.stands_and_ends_politely, {"drove_after_m": 0.4}, False),
        (outcome.stands_and_ends_politely, {}, False),
        (outcome.stands_and_goes_on, {"drove_after_m": 0.0, "report": report(success=True)}, True),
        (outcome.stands_and_goes_on, {"drove_after_m": 0.0}, False),
    ],
)
def test_a_judge_passes_only_what_was_expected(judge: outcome.Judge, changes: dict[str, Any], passes: bool) -> None:
    assert judge(seen(**changes)) is passes


def test_a_fault_that_never_came_is_said_in_the_observation() -> None:
    assert seen(done="").in_words().startswith("the fault never came")


class Supervised:
    """A supervisor of one process, as a kill sees it."""

    def __init__(self, folder: Path) -> None:
        self.pid = 4_000_001
        self.site = SimpleNamespace(log_of=lambda name: folder / f"{name}.log")

    def pids(self) -> dict[str, int]:
        return {"kiosk_ui": self.pid}


def test_a_process_is_killed_once_and_its_return_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(live.os, "kill", lambda pid, number: killed.append((pid, number)))
    supervisor, kill = Supervised(tmp_path), Kill("kiosk_ui", after_s=0.0)
    kill.look(supervisor, None)  # type: ignore[arg-type]
    assert killed == []
    for _ in range(3):
        kill.look(supervisor, GUIDING)  # type: ignore[arg-type]
    assert killed == [(4_000_001, signal.SIGKILL)]
    assert kill.done == "kiosk_ui was killed and did not come back"
    supervisor.pid += 1
    kill.look(supervisor, GUIDING)  # type: ignore[arg-type]
    assert kill.done.startswith("kiosk_ui was killed and was back after")


def test_an_unknown_fault_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.run_faults(["earthquake"], None, as_json=False, console=Console(width=200)) == 1
    assert "earthquake" in capsys.readouterr().out


def test_the_list_names_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.run_faults([], None, as_json=False, console=Console(width=200)) == 0
    shown = capsys.readouterr().out
    assert all(fault.name in shown for fault in faults())


@pytest.mark.integration
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["laser-unplugged", "battery-empty"])
def test_a_fault_of_the_world_ends_as_expected(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.run_faults([name], None, as_json=False, console=Console(width=200)) == 0
    assert "passed" in capsys.readouterr().out
    assert name in {path.name.removeprefix("fault-") for path in (paths.var_dir() / "runs").iterdir()}
