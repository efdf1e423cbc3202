"""Start the robot's nodes on a full ROS installation: `ros2 launch aisle_bringup robot.launch.py robot_id:=... ...`.

The lifecycle manager takes them from there. Where `launch` is missing (the ROS wheels), the supervisor starts the same
processes from the process table.
"""

from __future__ import annotations

from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

from aisle.messages.robot import robot_name
from store_model.plan import load_plan

ARGUMENTS = {
    "store": "Store directory, built by `aisle store build`.",
    "keys": "Folder of CURVE keys, made by `aisle keys`.",
    "robot": "Configuration of the robot model, such as config/robots/reference.yaml.",
    "model": "Folder of the adviser's model, made by `aisle train`.",
    "robot_id": "Name of the robot, such as robot-2; no other robot of the store has it, its screen has the same.",
}


def generate_launch_description() -> LaunchDescription:
    """Return the launch description; every argument must be given."""
    declared = [DeclareLaunchArgument(name, description=sentence) for name, sentence in ARGUMENTS.items()]
    return LaunchDescription([*declared, OpaqueFunction(function=_nodes)])


def _nodes(context: LaunchContext) -> list[Node]:
    """Return the nodes. Raises ValueError for a name that no robot can have."""
    store, keys, robot, model, given_name = (LaunchConfiguration(name).perform(context) for name in ARGUMENTS)
    # As text, also when it looks like a number.
    robot_id = ParameterValue(robot_name(given_name), value_type=str)
    plan = load_plan(Path(store))
    home, dock = plan.home, plan.dock
    places = {
        "home_x": home.x_m,
        "home_y": home.y_m,
        "home_yaw": home.yaw_rad,
        "dock_x": dock.x_m,
        "dock_y": dock.y_m,
        "dock_yaw": dock.yaw_rad,
    }
    start = {
        "start_x": home.x_m,
        "start_y": home.y_m,
        "start_yaw": home.yaw_rad,
        # Where the robot was last, so that a restart in the middle of the store finds it there.
        "last_pose": str(Path(keys).parent / "last_pose.json"),
    }
    # A robot that is switched off while staff hold it is held when it comes back.
    stop_note = str(Path(keys).parent / "store_stop.json")
    return [
        _node("aisle_firmware_bridge", "bridge_node", "firmware_bridge", robot=robot),
        _node("aisle_navigation", "localization", map=str(Path(store) / "map.yaml"), robot=robot, **start),
        _node("aisle_perception", "perception", robot=robot),
        _node("aisle_navigation", "navigator", robot=robot),
        _node("aisle_navigation", "collision_guard", robot=robot),
        _node("aisle_behaviour", "behaviour", robot=robot, **places),
        _node("aisle_inference", "inference", model=model, store=store),
        _node("aisle_gateway", "gateway", robot_id=robot_id, store=store, keys=keys, stop_note=stop_note),
        _node("aisle_bringup", "lifecycle_manager", robot=robot),
    ]


def _node(package: str, executable: str, name: str = "", **parameters: str | float | ParameterValue) -> Node:
    common = str(Path(get_package_share_directory("aisle_bringup")) / "config" / "robot.yaml")
    return Node(
        package=package,
        executable=executable,
        name=name or executable,
        parameters=[common, parameters],
        output="screen",
    )
