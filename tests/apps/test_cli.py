import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aisle import paths
from apps.cli import app
from apps.processes import PROCESSES
from tests.store_model.small_store import write_store

DEMO_CONFIG = paths.config_dir() / "stores" / "demo"


def aisle(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return result.exit_code, result.output


def test_a_sound_store_passes_its_check(tmp_path: Path) -> None:
    write_store(tmp_path)
    code, said = aisle("store", "check", str(tmp_path))
    assert code == 0
    assert "no fault" in said


@pytest.mark.parametrize("name", ["plan.geojson", "planogram.csv", "catalogue.sqlite", "store.yaml"])
def test_checking_a_broken_store_names_the_file_and_fails(tmp_path: Path, name: str) -> None:
    write_store(tmp_path)
    (tmp_path / name).write_bytes(b"\x00 rubbish")
    code, said = aisle("store", "check", str(tmp_path))
    assert code == 1
    assert f"{tmp_path / name}: " in said


def test_checking_a_directory_that_is_not_there_fails_without_a_traceback(tmp_path: Path) -> None:
    code, said = aisle("store", "check", str(tmp_path / "nowhere"))
    assert code == 1
    assert f"{tmp_path / 'nowhere' / 'plan.geojson'}: the file is missing" in said


def test_the_plan_verb_writes_the_committed_plan(tmp_path: Path) -> None:
    shutil.copyfile(DEMO_CONFIG / "categories.yaml", tmp_path / "categories.yaml")
    assert aisle("store", "plan", str(tmp_path))[0] == 0
    assert (tmp_path / "plan.geojson").read_bytes() == (DEMO_CONFIG / "plan.geojson").read_bytes()


def test_the_process_table_is_shown() -> None:
    code, said = aisle("processes")
    assert code == 0
    assert all(process.name in said for process in PROCESSES)
