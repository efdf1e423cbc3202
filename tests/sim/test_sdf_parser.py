"""The real SDF parser, called by `ign sdf --check`, takes what we write and refuses what it must."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aisle import paths
from sim.scene.store_layout import layout_of
from sim.scene.world_files import ROBOT_FOLDER, WORLD_FILE, world_texts, write_world
from sim.sdf.write import Flavour
from store_model.plan import load_plan
from tests.sim.rooms import reference_robot

MISSING = (
    "the SDF parser is missing: apt install ignition-tools sdformat-sdf libsdformat-dev (./run installs them as root)"
)

pytestmark = pytest.mark.integration


@pytest.fixture
def world(tmp_path: Path, flavour: Flavour) -> Path:
    layout = layout_of(load_plan(paths.config_dir() / "stores" / "demo"))
    write_world(tmp_path, world_texts(layout, reference_robot(), layout.home, flavour))
    return tmp_path


def said_by_the_parser(folder: Path, name: str) -> str:
    """Return what the parser says of a file; it looks for included models where SDF_PATH says."""
    program = shutil.which("ign")
    if program is None or not Path("/usr/share/ignition/sdformat12.yaml").exists():
        pytest.fail(MISSING)
    environment = {**os.environ, "SDF_PATH": str(folder)}
    command = [program, "sdf", "--check", str(folder / name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    # It always misses a library for backtraces, which Debian does not ship.
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "tools-backward" not in line)


@pytest.mark.parametrize("flavour", Flavour)
@pytest.mark.parametrize("name", [WORLD_FILE, f"{ROBOT_FOLDER}/model.sdf"])
def test_the_real_parser_takes_the_demo_store_and_the_robot(world: Path, name: str) -> None:
    assert said_by_the_parser(world, name) == "Valid."


@pytest.mark.parametrize("flavour", [Flavour.HARMONIC])
def test_the_real_parser_finds_a_joint_to_nowhere_and_a_missing_model(world: Path) -> None:
    robot = world / ROBOT_FOLDER / "model.sdf"
    robot.write_text(robot.read_text().replace("<child>left_wheel_link<", "<child>nothing<"))
    assert "nothing" in said_by_the_parser(world, f"{ROBOT_FOLDER}/model.sdf")
    robot.unlink()
    assert "aisle_robot" in said_by_the_parser(world, WORLD_FILE)
