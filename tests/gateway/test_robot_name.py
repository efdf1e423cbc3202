"""Each robot has the name that it was launched with, and none is launched without one."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from aisle.geometry import Pose2
from aisle.messages.robot import StopQuery, robot_name
from aisle.paths import REPOSITORY

LAUNCH = REPOSITORY / "robot_ws" / "src" / "bringup" / "launch" / "robot.launch.py"
GIVEN = {"store": "/store", "keys": "/robot/keys", "robot": "/robot.yaml", "model": "/model"}


def module(name: str, **contents: Any) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(contents)
    return made


class Argument:
    """An argument of the launch file: declared with or without a default, performed from what was given."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name, self.options = name, options

    def perform(self, context: dict[str, str]) -> str:
        return context[self.name]


@pytest.fixture
def launch_file(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the launch file, run with stand-ins for `launch`, which the ROS wheels lack."""
    stand_ins = (
        module("ament_index_python.packages", get_package_share_directory=lambda package: f"/share/{package}"),
        module("launch", LaunchContext=dict, LaunchDescription=list),
        module("launch.actions", DeclareLaunchArgument=Argument, OpaqueFunction=lambda function: function),
        module("launch.substitutions", LaunchConfiguration=Argument),
        module("launch_ros", actions=None),
        module("launch_ros.actions", Node=lambda **what: what),
        module("launch_ros.parameter_descriptions", ParameterValue=lambda value, value_type: value_type(value)),
    )
    for one in stand_ins:
        monkeypatch.setitem(sys.modules, one.__name__, one)
    spec = importlib.util.spec_from_file_location("robot_launch", LAUNCH)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    place = Pose2(0.0, 0.0, 0.0)
    monkeypatch.setattr(loaded, "load_plan", lambda _store: SimpleNamespace(home=place, dock=place))
    return loaded


def gateway_of(launch_file: ModuleType, **given: str) -> dict[str, Any]:
    """Return the parameters that the launch file gives to the gateway."""
    nodes = launch_file._nodes({**GIVEN, **given})
    (parameters,) = (node["parameters"][-1] for node in nodes if node["name"] == "gateway")
    return dict(parameters)


def test_the_name_that_was_given_reaches_the_gateway(launch_file: ModuleType) -> None:
    assert gateway_of(launch_file, robot_id="robot-2")["robot_id"] == "robot-2"
    assert gateway_of(launch_file, robot_id="7")["robot_id"] == "7"


def test_a_robot_cannot_be_launched_without_a_name(launch_file: ModuleType) -> None:
    *arguments, _ = launch_file.generate_launch_description()
    (name,) = (one for one in arguments if one.name == "robot_id")
    assert "default_value" not in name.options
    with pytest.raises(ValueError, match="robot_id is '', but it must have 1 to 64 characters"):
        gateway_of(launch_file, robot_id="")


def test_the_parameters_that_all_robots_share_hold_no_name() -> None:
    assert "robot_id" not in (LAUNCH.parents[1] / "config" / "robot.yaml").read_text()


@pytest.mark.parametrize("name", ["r", "robot-2", "x" * 64])
def test_a_name_that_messages_can_bear_is_taken(name: str) -> None:
    assert StopQuery(robot_id=robot_name(name)).robot_id == name


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_no_message_can_bear_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 characters"):
        robot_name(name)
