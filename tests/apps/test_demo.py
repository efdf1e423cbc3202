"""The live demo as a newcomer runs it: every process real, the scripted shopper touching the real screen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from aisle.paths import REPOSITORY

pytestmark = pytest.mark.integration
AISLE = Path(sys.executable).parent / "aisle"


def run_demo(out: Path, seed: int, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(AISLE), "demo", "--headless", "--seed", str(seed), "--out", str(out), *arguments]
    variables = {**os.environ, "AISLE_PORT_BASE": str(9300 + 20 * seed), **environment}
    return subprocess.run(
        command, cwd=REPOSITORY, env=variables, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.timeout(650)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_live_visit_ends_at_the_right_shelf_without_a_touch(tmp_path: Path, seed: int) -> None:
    done = run_demo(tmp_path, seed)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    score = report["score"]
    assert report["success"]
    assert score["contacts_by_robot"] == 0
    assert score["arrival"]["distance_m"] <= 1.0
    assert score["arrival"]["angle_deg"] <= 20.0
    assert score["distance_m"] > 1.0
    assert {"sim_time_s", "wall_time_s", "nearest_person_m", "steps"} <= score.keys()
    screens = [path.stem.split("-", 1)[-1] for path in sorted((tmp_path / "screens").glob("*.png"))]
    for name in ("attract", "home", "search", "product", "guiding", "arrival"):
        assert any(name in screen for screen in screens), (name, screens)
    for picture in [tmp_path / "path.png", *(tmp_path / "screens").glob("*.png")]:
        with Image.open(picture) as image:
            colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
        assert colours is not None
        assert len(colours) > 20, picture
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(tmp_path) in " ".join(process.info["cmdline"] or [])
    ]
    assert left == []


def test_a_store_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "out", 1, AISLE_VAR=str(tmp_path))
    assert done.returncode == 1
    assert "aisle store build" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_with_other_things_is_never_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    done = run_demo(tmp_path, 1)
    assert done.returncode == 1
    assert "not from a demo run" in done.stdout.replace("\n", " ")
    assert precious.read_text() == "years of work"


def test_a_product_that_does_not_exist_ends_with_a_call_for_a_person(tmp_path: Path) -> None:
    done = run_demo(tmp_path, 3, "--lockstep", "--product", "xqzzv")
    assert done.returncode == 1, done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    assert not report["success"]
    assert report["product_id"] is None
    assert any(step["name"] == "touch call_person" for step in report["score"]["steps"])
    assert report["score"]["sim_time_s"] < 60.0


def test_a_wish_that_cannot_be_typed_is_refused_in_words(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "out", 1, "--product", "12%")
    assert done.returncode == 1
    assert "keyboard" in done.stdout
