"""The navigator's error codes are Nav2's: each has the value of the constant that it is named after."""

from __future__ import annotations

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("nav2_msgs.action")

from nav2_msgs import action

from aisle_navigation.driving.outcome import ErrorCode

RESULTS = {
    100: action.FollowPath.Result,
    200: action.ComputePathToPose.Result,
    600: action.FollowWaypoints.Result,
    700: action.Spin.Result,
    710: action.BackUp.Result,
    720: action.DriveOnHeading.Result,
}
PREFIXES = ("CONTROLLER_", "PLANNER_", "WAYPOINTS_", "SPIN_", "BACKUP_", "DRIVE_")
THROUGH_POSES = {ErrorCode.NO_VIAPOINTS_GIVEN}
"""Of an action that is not served, and not built; its value is on the interface page of ComputePathThroughPoses."""


@pytest.mark.parametrize("code", [code for code in ErrorCode if code and code not in THROUGH_POSES])
def test_every_code_is_a_constant_of_its_action(code: ErrorCode) -> None:
    result = RESULTS[max(first for first in RESULTS if first <= code)]
    name = next((code.name.removeprefix(prefix) for prefix in PREFIXES if code.name.startswith(prefix)), code.name)
    assert getattr(result, name) == code
