"""Clients of Nav2 meet the very types of navigation2's jazzy branch: fields, order, types and constants.

The tables were written from the interface pages of nav2_msgs for Jazzy (docs.ros.org/en/jazzy/p/nav2_msgs), not from
our definition files. A field more, less or elsewhere changes the type hash, and DDS then pairs nobody with anybody.
"""

from __future__ import annotations

from typing import Any

import pytest

from aisle.paths import REPOSITORY

pytest.importorskip("rclpy")
pytest.importorskip("nav2_msgs.msg")

from nav2_msgs import action, msg, srv
from rclpy.serialization import deserialize_message, serialize_message

pytestmark = pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning")

DEFINITIONS = REPOSITORY / "robot_ws" / "src" / "ecosystem_interfaces" / "nav2_msgs"

POSE = "geometry_msgs/PoseStamped"
POSES = f"sequence<{POSE}>"
HEADER = "std_msgs/Header header"
DURATION = "builtin_interfaces/Duration"
CODE = "uint16 error_code, string error_msg"
PLANNED = f"nav_msgs/Path path, {DURATION} planning_time, {CODE}"
NAVIGATING = (
    f"{POSE} current_pose, {DURATION} navigation_time, {DURATION} estimated_time_remaining, "
    "int16 number_of_recoveries, float distance_remaining"
)
DRIVE = f"geometry_msgs/Point target, float speed, {DURATION} time_allowance"
TIMED = f"{DURATION} total_elapsed_time, {CODE}"

MESSAGES = {
    "CostmapFilterInfo": f"{HEADER}, uint8 type, string filter_mask_topic, float base, float multiplier",
    "MissedWaypoint": f"uint32 index, {POSE} goal, uint16 error_code",
    "Particle": "geometry_msgs/Pose pose, double weight",
    "ParticleCloud": f"{HEADER}, sequence<nav2_msgs/Particle> particles",
    "SpeedLimit": f"{HEADER}, boolean percentage, double speed_limit",
}
"""Message -> its fields in order, each as type and name."""

SERVICES = {
    "ClearCostmapAroundRobot": ("float reset_distance", "std_msgs/Empty response"),
    "ClearCostmapExceptRegion": ("float reset_distance", "std_msgs/Empty response"),
    "ClearEntireCostmap": ("std_msgs/Empty request", "std_msgs/Empty response"),
}
"""Service -> fields of request and response."""

ACTIONS = {
    "BackUp": (DRIVE, TIMED, "float distance_traveled"),
    "ComputePathToPose": (
        f"{POSE} goal, {POSE} start, string planner_id, boolean use_start",
        PLANNED,
        "",
    ),
    "DriveOnHeading": (DRIVE, TIMED, "float distance_traveled"),
    "FollowPath": (
        "nav_msgs/Path path, string controller_id, string goal_checker_id, string progress_checker_id",
        f"std_msgs/Empty result, {CODE}",
        "float distance_to_goal, float speed",
    ),
    "FollowWaypoints": (
        f"uint32 number_of_loops, uint32 goal_index, {POSES} poses",
        f"sequence<nav2_msgs/MissedWaypoint> missed_waypoints, {CODE}",
        "uint32 current_waypoint",
    ),
    "NavigateThroughPoses": (
        f"{POSES} poses, string behavior_tree",
        CODE,
        f"{NAVIGATING}, int16 number_of_poses_remaining",
    ),
    "NavigateToPose": (f"{POSE} pose, string behavior_tree", CODE, NAVIGATING),
    "Spin": (f"float target_yaw, {DURATION} time_allowance", TIMED, "float angular_distance_traveled"),
    "Wait": (f"{DURATION} time", TIMED, f"{DURATION} time_left"),
}
"""Action -> fields of goal, result and feedback."""

PLANNING = (
    "UNKNOWN", "INVALID_PLANNER", "TF_ERROR", "START_OUTSIDE_MAP", "GOAL_OUTSIDE_MAP", "START_OCCUPIED",
    "GOAL_OCCUPIED", "TIMEOUT", "NO_VALID_PATH",
)  # fmt: skip
FOLLOWING = (
    "UNKNOWN", "INVALID_CONTROLLER", "TF_ERROR", "INVALID_PATH", "PATIENCE_EXCEEDED", "FAILED_TO_MAKE_PROGRESS",
    "NO_VALID_CONTROL", "CONTROLLER_TIMED_OUT",
)  # fmt: skip


def numbered(first: int, names: tuple[str, ...]) -> dict[str, int]:
    return dict(zip(names, range(first, first + len(names)), strict=True))


def codes(first: int, *names: str) -> dict[str, int]:
    return {"NONE": 0, **numbered(first, names)}


CONSTANTS = {
    action.BackUp.Result: codes(710, "UNKNOWN", "TIMEOUT", "TF_ERROR", "INVALID_INPUT", "COLLISION_AHEAD"),
    action.ComputePathToPose.Result: codes(200, *PLANNING),
    action.DriveOnHeading.Result: codes(720, "UNKNOWN", "TIMEOUT", "TF_ERROR", "COLLISION_AHEAD", "INVALID_INPUT"),
    action.FollowPath.Result: codes(100, *FOLLOWING),
    action.FollowWaypoints.Result: codes(600, "UNKNOWN", "TASK_EXECUTOR_FAILED"),
    action.NavigateThroughPoses.Result: codes(0),
    action.NavigateToPose.Result: codes(0),
    action.Spin.Result: codes(700, "UNKNOWN", "TIMEOUT", "TF_ERROR", "COLLISION_AHEAD"),
}
"""Generated class -> its constants; every other class has none."""

PARTS = {
    **{name: (getattr(msg, name), fields) for name, fields in MESSAGES.items()},
    **{
        f"{name}.{part}": (getattr(getattr(srv, name), part), fields)
        for name, both in SERVICES.items()
        for part, fields in zip(("Request", "Response"), both, strict=True)
    },
    **{
        f"{name}.{part}": (getattr(getattr(action, name), part), fields)
        for name, three in ACTIONS.items()
        for part, fields in zip(("Goal", "Result", "Feedback"), three, strict=True)
    },
}

each_part = pytest.mark.parametrize("part", PARTS)


@each_part
def test_fields_have_the_names_types_and_order_of_jazzy(part: str) -> None:
    generated, fields = PARTS[part]
    assert ", ".join(f"{kind} {name}" for name, kind in generated.get_fields_and_field_types().items()) == fields


@each_part
def test_constants_have_the_names_and_values_of_jazzy(part: str) -> None:
    generated: Any = PARTS[part][0]
    named = {name for name in dir(type(generated)) if name.isupper() and not name.startswith("_")}
    named = {name for name in named if not name.endswith("__DEFAULT")}
    assert {name: getattr(generated, name) for name in named} == CONSTANTS.get(generated, {})


@each_part
def test_every_part_crosses_the_wire(part: str) -> None:
    generated: Any = PARTS[part][0]
    assert deserialize_message(serialize_message(generated()), generated) == generated()


def test_waypoints_start_at_the_first_one_where_nothing_is_said() -> None:
    assert action.FollowWaypoints.Goal().goal_index == 0


def test_the_tables_speak_of_every_definition() -> None:
    for kind, names in (("msg", MESSAGES), ("srv", SERVICES), ("action", ACTIONS)):
        assert {path.stem for path in (DEFINITIONS / kind).iterdir()} == set(names)


def test_every_definition_is_built() -> None:
    built = (DEFINITIONS / "CMakeLists.txt").read_text(encoding="utf-8").split()
    for kind in ("msg", "srv", "action"):
        for path in (DEFINITIONS / kind).iterdir():
            assert f"{kind}/{path.name}" in built
