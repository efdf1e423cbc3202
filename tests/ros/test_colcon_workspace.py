"""The Python ROS packages built by colcon into a folder of their own, and a node started from there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("colcon_ros")

from lifecycle_msgs.msg import Transition

from aisle.paths import reference_robot
from tests.ros.live_nodes import Listener, ros_arguments, ros_environment, running
from tests.ros.packages import PACKAGES

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

BIN = Path(sys.executable).parent
SOURCED = ["bash", "-c", 'source "$0" && exec "$@"']


def build(workspace: Path) -> None:
    """Run colcon as in docs/ros.md; the interfaces come from the environment that runs it."""
    command = [
        str(BIN / "colcon"), "--log-base", str(workspace / "log"), "build",
        "--base-paths", *(str(package.folder) for package in PACKAGES),
        "--build-base", str(workspace / "build"), "--install-base", str(workspace / "install"),
    ]  # fmt: skip
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PACKAGES)} packages finished" in done.stdout


def sources() -> set[Path]:
    return {path for package in PACKAGES for path in package.folder.iterdir()}


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("workspace")
    before = sources()
    build(workspace)
    assert sources() == before, "the build must leave nothing in the checkout"
    return workspace / "install"


def test_every_node_has_an_executable_and_every_package_its_marker(install: Path) -> None:
    for package in PACKAGES:
        prefix = install / package.name
        assert (prefix / "share" / "ament_index" / "resource_index" / "packages" / package.name).exists()
        assert (prefix / "share" / package.name / "package.xml").exists()
        for executable in package.executables:
            assert os.access(prefix / "lib" / package.name / executable, os.X_OK)
    bringup = install / "aisle_bringup" / "share" / "aisle_bringup"
    assert (bringup / "launch" / "robot.launch.py").exists()
    assert (bringup / "config" / "robot.yaml").exists()


def test_a_built_node_answers_its_lifecycle_services(install: Path, listener: Listener, tmp_path: Path) -> None:
    setup = str(install / "setup.bash")
    where = [*SOURCED, setup, sys.executable, "-c", "import aisle_navigation; print(aisle_navigation.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(found).is_relative_to(install), "the node must run from what colcon built, not from the checkout"

    guard = install / "aisle_navigation" / "lib" / "aisle_navigation" / "collision_guard"
    command = [*SOURCED, setup, str(guard), *ros_arguments(robot=reference_robot())]
    with running(command, tmp_path / "guard.log", ros_environment()):
        assert listener.state_of("collision_guard") == "unconfigured"
        assert listener.change("collision_guard", Transition.TRANSITION_CONFIGURE)
        assert listener.state_of("collision_guard") == "inactive"
