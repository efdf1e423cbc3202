"""The live demo when something goes wrong: a process is killed, a node refuses, a port base makes no sense."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import psutil
import pytest

from aisle import paths
from apps.processes import environment

pytestmark = pytest.mark.integration
AISLE = Path(sys.executable).parent / "aisle"
PORT_BASE = int(os.environ.get("AISLE_PORT_BASE", "9800"))
REFUSAL = "perception did not start"


@contextmanager
def demo(out: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    command = [str(AISLE), "demo", "--headless", "--seed", "4", "--out", str(out)]
    settings = {**os.environ, "AISLE_PORT_BASE": str(PORT_BASE), **variables}
    with subprocess.Popen(
        command, cwd=paths.REPOSITORY, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield process


def wait_for_screen(screens: Path, name: str, process: subprocess.Popen[str], limit_s: float) -> None:
    for _look in range(int(limit_s / 0.1)):
        if any(screens.glob(f"*{name}*.png")):
            return
        assert process.poll() is None, process.communicate()[0]
        Event().wait(0.1)
    pytest.fail(f"no {name} screen within {limit_s:.0f} s")


def backend_of(process: subprocess.Popen[str]) -> psutil.Process:
    children = psutil.Process(process.pid).children(recursive=True)
    return next(child for child in children if "store_backend.service" in child.cmdline())


@pytest.mark.timeout(650)
def test_a_visit_succeeds_although_the_backend_is_killed_in_the_middle(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        wait_for_screen(tmp_path / "screens", "product", process, 300.0)
        killed = backend_of(process)
        killed.kill()
        output, _ = process.communicate(timeout=300.0)
    assert process.returncode == 0, output
    assert json.loads((tmp_path / "report.json").read_text())["success"]
    assert "store_backend ended with code -9" in output


def test_ports_that_make_no_sense_are_one_line(tmp_path: Path) -> None:
    with demo(tmp_path, AISLE_PORT_BASE="many") as process:
        output, _ = process.communicate(timeout=60.0)
    assert process.returncode == 1
    assert output.strip().splitlines() == [output.strip()]
    assert "AISLE_PORT_BASE is 'many'" in output


@pytest.mark.timeout(90)
def test_the_lifecycle_manager_ends_and_names_the_node_that_refuses(tmp_path: Path) -> None:
    variables = environment(PORT_BASE + 20)
    node = [sys.executable, "-m", "aisle_perception.nodes.perception_node", "--ros-args"]
    manager = [sys.executable, "-m", "aisle_bringup.lifecycle_manager", "--ros-args"]
    settings = ["-p", f"robot:={paths.reference_robot()}", "-p", "nodes:=[perception]"]
    with subprocess.Popen([*node, "-p", f"robot:={tmp_path / 'none.yaml'}"], env=variables) as perception:
        try:
            done = subprocess.run(
                [*manager, *settings], env=variables, capture_output=True, text=True, check=False, timeout=60
            )
        finally:
            perception.terminate()
    assert done.returncode == 1, done.stdout + done.stderr
    assert REFUSAL in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
