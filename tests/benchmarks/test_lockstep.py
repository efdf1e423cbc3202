"""The lockstep benchmark over a few seconds: that it measures everything, not how fast it is."""

from pathlib import Path

import pytest

from benchmarks import lockstep
from benchmarks.rows import BenchmarkProblem, Request

pytestmark = pytest.mark.integration


def test_it_reports_every_part_and_that_a_seed_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUICK_S", "REPEAT_S", "WARM_UP_S"):
        monkeypatch.setattr(lockstep, name, 2.0)
    rows = {row.name: row for row in lockstep.run(Request(quick=True))}
    assert set(lockstep.PARTS) <= set(rows)
    assert all(rows[part].value > 0.0 for part in lockstep.PARTS if part != "navigator")
    assert rows["runs of one seed that are equal bit for bit"].value == 2.0


def test_without_a_store_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    with pytest.raises(BenchmarkProblem, match=r"build the demo store first: \./run store build"):
        lockstep.run(Request(quick=True))
