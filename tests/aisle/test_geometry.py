import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2, advance, wrap_angle

coordinates = st.floats(-100.0, 100.0)
angles = st.floats(-10.0, 10.0)
poses = st.builds(Pose2, coordinates, coordinates, angles)


def assert_same(left: Pose2, right: Pose2) -> None:
    assert math.isclose(left.x_m, right.x_m, abs_tol=1e-6)
    assert math.isclose(left.y_m, right.y_m, abs_tol=1e-6)
    assert abs(wrap_angle(left.yaw_rad - right.yaw_rad)) < 1e-9


@given(angles)
def test_wrapped_angle_is_the_same_direction_within_pi(angle: float) -> None:
    wrapped = wrap_angle(angle)
    assert -math.pi <= wrapped <= math.pi
    assert math.isclose(math.cos(wrapped), math.cos(angle), abs_tol=1e-9)


@given(poses)
def test_pose_times_its_inverse_is_the_identity(pose: Pose2) -> None:
    assert_same(pose @ pose.inverse(), Pose2(0.0, 0.0, 0.0))


@given(poses, poses, poses)
def test_composition_is_associative(first: Pose2, second: Pose2, third: Pose2) -> None:
    assert_same((first @ second) @ third, first @ (second @ third))


@given(poses, coordinates, coordinates)
def test_transforming_a_point_agrees_with_composition(pose: Pose2, x_m: float, y_m: float) -> None:
    moved = pose.transform(np.array([[x_m, y_m]]))[0]
    composed = pose @ Pose2(x_m, y_m, 0.0)
    assert np.allclose(moved, (composed.x_m, composed.y_m), atol=1e-6)


@given(st.floats(-1.0, 1.0), st.floats(-1.5, 1.5))
def test_advancing_in_many_small_steps_ends_where_one_big_step_does(linear_mps: float, angular_radps: float) -> None:
    twist = Twist2(linear_mps, angular_radps)
    pose = Pose2(1.0, 2.0, 0.3)
    for _ in range(50):
        pose = advance(pose, twist, 0.02)
    assert_same(pose, advance(Pose2(1.0, 2.0, 0.3), twist, 1.0))


def test_bearing_is_relative_to_the_heading() -> None:
    assert math.isclose(Pose2(0.0, 0.0, math.pi / 2).bearing_to(-1.0, 0.0), math.pi / 2)
