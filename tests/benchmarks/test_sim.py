import math
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks import peer_simulators, sim
from benchmarks.peer_environment import PeerProblem
from benchmarks.peer_simulators import PEERS, box_around, peer_rows, task_of
from benchmarks.rows import Request
from tests.sim.rooms import reference_robot, small_shop

ROBOT = reference_robot()


@pytest.mark.integration
def test_every_figure_has_a_name_and_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim, "peer_rows", lambda *_: [])
    rows = sim.run(Request(quick=True))
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.unit and row.value >= 0.0 for row in rows if not row.note.startswith("not measured"))
    overlaps = {row.name: row.value for row in rows if "overlap" in row.name}
    assert overlaps["people overlapping people"] == 0.0
    assert overlaps["deepest overlap of people"] < 1.0


def test_the_task_is_the_store_in_boxes() -> None:
    shop = small_shop()
    task = task_of(shop, ROBOT, 0.005, 10.0)
    assert len(task.boxes) == len(shop.solids)
    assert (task.rays, task.scan_hz, task.radius_m) == (720, 10.0, 0.25)
    turned = box_around(((0.0, 0.0), (1.0, 1.0), (0.0, 2.0), (-1.0, 1.0)))
    assert (turned.x_m, turned.y_m) == pytest.approx((0.0, 1.0))
    assert turned.length_m == pytest.approx(math.sqrt(2.0))
    assert math.cos(4.0 * turned.yaw_rad) == pytest.approx(-1.0)


def test_a_peer_that_cannot_be_installed_says_so_in_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path) -> Path:
        raise PeerProblem("uv is not installed, so the other simulators cannot be")

    monkeypatch.setattr(peer_simulators, "install", fail)
    rows = peer_rows(small_shop(), ROBOT, 0.005, 10.0, 100.0)
    assert [math.isnan(row.value) for row in rows] == [True, True]
    assert all("uv is not installed" in row.note for row in rows)


def test_the_row_of_a_peer_says_how_much_faster_ours_is(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = msgspec.json.encode({"wall_s": 2.0})
    monkeypatch.setattr(peer_simulators, "install", lambda _folder: Path(sys.executable))
    monkeypatch.setattr(peer_simulators, "run_program", lambda *_: b"built today\n" + answer + b"\n")
    rows = peer_rows(small_shop(), ROBOT, 0.005, 10.0, 50.0)
    assert [row.value for row in rows] == [5.0] * len(PEERS)
    assert all("10.0 times as fast" in row.note for row in rows)


def test_a_peer_that_fails_gives_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, b"", b"some lines\nno such wheel\n")
    monkeypatch.setattr(peer_simulators, "install", lambda _folder: Path(sys.executable))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    rows = peer_rows(small_shop(), ROBOT, 0.005, 10.0, 50.0)
    assert all(math.isnan(row.value) and "no such wheel" in row.note for row in rows)
