"""`aisle sim export` and `aisle sim lint`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from aisle import paths
from apps.cli import Gazebo, app
from sim.scene.world_files import ROBOT_FOLDER, WORLD_FILE, load_scene
from sim.sdf.write import Flavour

DEMO = paths.config_dir() / "stores" / "demo"


def aisle(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["sim", *arguments], catch_exceptions=False)
    return result.exit_code, result.output


def test_the_export_is_a_world_that_the_simulator_loads(tmp_path: Path) -> None:
    code, said = aisle("export", "--store", str(DEMO), "--out", str(tmp_path), "--flavour", "fortress")
    assert code == 0
    assert "for Gazebo Fortress" in said
    scene = load_scene(tmp_path)
    assert len(scene.standing) > 80
    assert (tmp_path / ROBOT_FOLDER / "model.config").read_text().count("model.sdf") == 1
    assert "ignition-gazebo-physics-system" in (tmp_path / WORLD_FILE).read_text()


@pytest.mark.parametrize("option", ["--store", "--robot"])
def test_an_export_that_cannot_be_made_is_one_line(tmp_path: Path, option: str) -> None:
    nowhere = tmp_path / "nowhere"
    options = {"--store": str(DEMO), "--out": str(tmp_path / "out"), option: str(nowhere)}
    code, said = aisle("export", *(word for pair in options.items() for word in pair))
    assert code == 1
    assert said.startswith("The world cannot be written: ")
    assert str(nowhere) in said
    assert not (tmp_path / "out").exists()


def test_the_demo_store_has_no_finding() -> None:
    code, said = aisle("lint")
    assert code == 0
    assert "no findings in 4 SDF files" in said


def test_a_file_with_a_mistake_fails_and_names_it(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.sdf"
    wrong.write_text('<sdf version="1.9"><model name="m"><lnk name="l"/></model></sdf>')
    code, said = aisle("lint", str(wrong))
    assert code == 1
    assert f"{wrong}:1: /sdf/model[m]/lnk[l]: unknown element <lnk>; did you mean 'link'?" in said


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    code, said = aisle("lint", str(tmp_path / "nowhere.sdf"))
    assert code == 1
    assert "nowhere.sdf" in said


def test_the_command_line_knows_every_flavour() -> None:
    assert {flavour.value for flavour in Gazebo} == {flavour.value for flavour in Flavour}
