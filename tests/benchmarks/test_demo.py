"""The benchmark of the live store: what it makes of samples, without playing a visit."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from apps.processes import PROCESSES
from benchmarks import demo
from benchmarks.demo import BUDGET, Usage


def test_every_process_counts_towards_a_line_of_the_budget() -> None:
    groups = {demo._GROUPS.get(process.name, "the rest") for process in PROCESSES}
    assert groups == set(BUDGET)
    assert sum(BUDGET.values()) == pytest.approx(2.0)


def test_usage_is_processor_time_over_the_time_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, cpu_s = [100.0], [5.0]
    process = SimpleNamespace(
        cpu_times=lambda: SimpleNamespace(user=cpu_s[0], system=0.0),
        memory_info=lambda: SimpleNamespace(rss=50 * 2**20),
    )
    monkeypatch.setattr(demo.time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(demo.psutil, "Process", lambda _pid: process)
    supervisor, usage = SimpleNamespace(pids=lambda: {"sim": 1}), Usage()
    usage.look(supervisor, None)  # type: ignore[arg-type]
    now_s[0], cpu_s[0] = 110.0, 9.0
    usage.look(supervisor, None)  # type: ignore[arg-type]
    assert usage.cores() == {"sim": pytest.approx(0.4)}
    assert usage.memory_mib == {"sim": 50.0}


def test_ages_are_read_from_the_nodes_and_the_screen(tmp_path: Path) -> None:
    (tmp_path / "ages.json").write_bytes(msgspec.json.encode({"scan to command p95 ms": 60.0, "command p95 ms": 20.0}))
    log = tmp_path / "kiosk.log"
    log.write_text("INFO kiosk: touch to frame: p50 12.5 ms, p95 30.0 ms over 9 touches\n")
    site = SimpleNamespace(run_dir=tmp_path, log_of=lambda _name: log)
    rows = {row.name: row.value for row in demo._ages(site)}  # type: ignore[arg-type]
    assert rows["age: scan to wheel, at most (sum of the 95th percentiles, without transport)"] == 80.0
    assert rows["age: touch to frame p95"] == 30.0
