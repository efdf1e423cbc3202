"""The bootstrap script in a copy of its own, with a PATH that holds only what a test puts there."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from aisle.paths import REPOSITORY

TOOLS = ("bash", "cat", "cut", "dirname", "env", "ln", "mkdir", "sha256sum")
WRONG_PYTHON = '[ "$1" = --version ] && { echo Python 3.9.2; exit; }; exit 1'
RIGHT_PYTHON = '[ "$1 $2" = "-m venv" ] || exit 0; mkdir -p "$3/bin"; ln -sf /bin/false "$3/bin/pip"'


@dataclass
class Machine:
    """A checkout and the programs that are installed."""

    checkout: Path
    programs: Path

    def install(self, name: str, script: str) -> None:
        _script(self.programs / name, script)

    def lose(self, file: str) -> None:
        """Let a system package be missing."""
        text = (self.checkout / "run").read_text()
        (self.checkout / "run").write_text(re.sub(rf"\[{file}\]=\S+", f"[{file}]=/nowhere", text))

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(self.checkout / "run"), *arguments],
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        return done.returncode, done.stdout + done.stderr


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """All system packages, Python 3.11 and a user who is not root; no uv and no network."""
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    checkout.mkdir()
    programs.mkdir()
    for name in ("run", "pyproject.toml", "uv.lock"):
        shutil.copy(REPOSITORY / name, checkout / name)
    text = (checkout / "run").read_text()
    (checkout / "run").write_text(re.sub(r"(?m)^(    \[[a-z0-9-]+\])=\S+", r"\1=/bin/sh", text))
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        os.symlink(found, programs / tool)
    machine = Machine(checkout, programs)
    machine.install("uname", "echo x86_64")
    machine.install("id", "echo 1000")
    machine.install("python3.11", RIGHT_PYTHON)
    return machine


def test_a_wrong_python_is_named_with_what_to_do(machine: Machine) -> None:
    (machine.programs / "python3.11").unlink()
    machine.install("python3", WRONG_PYTHON)
    code, said = machine.run("demo")
    assert code == 1
    assert "needs Python 3.11" in said
    assert "found Python 3.9.2" in said
    assert "AISLE_PYTHON=" in said


def test_no_python_at_all_is_said(machine: Machine) -> None:
    (machine.programs / "python3.11").unlink()
    code, said = machine.run("demo")
    assert code == 1
    assert "found no Python" in said


def test_a_missing_system_package_without_root_names_the_command(machine: Machine) -> None:
    machine.lose("libegl1")
    code, said = machine.run("demo")
    assert code == 1
    assert "missing and you are not root: libegl1" in said
    assert "sudo apt install libegl1" in said


def test_a_missing_system_package_with_root_but_no_network_is_one_message(machine: Machine) -> None:
    machine.lose("libgl1")
    machine.install("id", "echo 0")
    machine.install("apt-get", "exit 100")
    code, said = machine.run("demo")
    assert code == 1
    assert "apt could not install libgl1. Is there a network?" in said


def test_root_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    machine.lose("libgl1")
    machine.install("id", "echo 0")
    code, said = machine.run("demo")
    assert code == 1
    assert "these system packages are missing: libgl1" in said


def test_uv_that_cannot_be_downloaded_is_one_message(machine: Machine) -> None:
    code, said = machine.run("demo")
    assert code == 1
    assert "cannot download uv. Is there a network" in said


def test_packages_that_cannot_be_downloaded_are_tried_again_next_time(machine: Machine) -> None:
    machine.install("uv", "echo 'error: failed to fetch numpy' >&2; exit 2")
    for _ in range(2):
        code, said = machine.run("demo")
        assert code == 1
        assert "failed to fetch numpy" in said
        assert "cannot install the Python packages. Is there a network?" in said


def test_a_set_up_checkout_goes_straight_to_the_verb(machine: Machine) -> None:
    venv = machine.checkout / ".venv"
    _script(venv / "bin" / "python", "exit 0")
    _script(venv / "bin" / "aisle", 'echo "aisle $*"')
    machine.install("uv", "exit 0")
    assert "installing Python packages" in machine.run("demo")[1]
    machine.install("uv", "echo must not be called; exit 1")
    assert machine.run("demo", "--seed", "7") == (0, "aisle demo --seed 7\n")


def test_a_failed_set_up_step_ends_the_start(machine: Machine) -> None:
    _script(machine.checkout / ".venv" / "bin" / "python", "echo 'aisle: keys failed' >&2; exit 1")
    machine.install("uv", "exit 0")
    code, said = machine.run("demo")
    assert code == 1
    assert "keys failed" in said


def test_only_the_tests_ask_for_packages_of_their_own_and_run_without_them(machine: Machine) -> None:
    _script(machine.checkout / ".venv" / "bin" / "python", "exit 0")
    _script(machine.checkout / ".venv" / "bin" / "aisle", 'echo "aisle $*"')
    machine.install("uv", "exit 0")
    machine.run("demo")
    machine.lose("libsdformat-dev")
    assert machine.run("demo") == (0, "aisle demo\n")
    code, said = machine.run("test")
    assert code == 0
    assert "could not install libsdformat-dev: the tests that need them will fail" in said
    assert said.startswith("aisle test\n")
