"""What a backend must survive, in short: judged by what is stored, and played on real processes."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from rich.console import Console

from aisle import envelope, paths
from aisle.channels import BACKEND
from aisle.messages import MalformedMessage, Problem, care
from apps.faults.backend import kill, pest, verb
from apps.faults.backend.crowd import Answered
from apps.faults.backend.table import Amounts
from tests.store_backend.conftest import store_dir

__all__ = ["store_dir"]

SHORT = Amounts(rounds=3, operations=3_000, frames=3_000, connections=100, cuts_s=(2.0,))
NEVER = r"[1-9]\d* (lost|doubled|missing|after their|more than|objects without)|out of order|: ended|not writing"


def acknowledged(key: str, number: int, attempts: int = 1) -> Answered:
    return Answered(0, key, 0.0, 1.0, attempts, care.Recorded(event_id=number))


def test_a_lost_and_a_doubled_write_are_counted() -> None:
    result = kill.Killed()
    answered = [acknowledged("a", 1), acknowledged("b", 2, attempts=2), acknowledged("c", 3)]
    kill.count(answered, [("a", 1), ("b", 2), ("b", 4)], result)
    assert (result.acknowledged, result.repeated, result.lost, result.doubled) == (3, 1, 1, 1)


def test_what_the_pest_sends_is_never_a_request() -> None:
    chance = random.Random(1)
    for _ in range(2_000):
        parts = pest.malformed(chance)
        assert len(parts) != 1 or not is_request(parts[0])


def is_request(content: bytes) -> bool:
    try:
        request = envelope.decode_request(content)
        if isinstance(envelope.other_version(request), Problem):
            return False
        envelope.decode_body(request.body, BACKEND.request)
    except MalformedMessage:
        return False
    return True


def test_an_unknown_trial_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.run_backend_faults(["earthquake"], SHORT, False, False, Console(width=200)) == 1
    assert "earthquake" in capsys.readouterr().out


def test_a_list_that_was_cut_short_goes_on_behind_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "var_dir", lambda: tmp_path)
    kept = [verb.Row("partition", "SQLite", "as it was", "seen before", passed=True)]
    verb._keep(SHORT, kept)
    assert verb.run_backend_faults(["partition"], SHORT, True, False, Console(width=200)) == 0
    assert "seen before" in capsys.readouterr().out
    assert verb._kept_rows(Amounts(rounds=4)) == []


@pytest.mark.integration
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["kill", "disk", "partition", "history", "reservations", "hostile"])
def test_a_backend_survives_in_short(
    name: str, store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "var_dir", lambda: tmp_path)
    verb.run_backend_faults([name], SHORT, False, True, Console(width=200), store_dir)
    rows = verb._kept_rows(SHORT)
    assert rows
    for row in rows:
        assert "could not be played" not in row.observed, row.observed
        # How long things take is for the benchmark of the whole list; what must never be is for every run.
        assert not re.search(NEVER, row.observed), row.observed
