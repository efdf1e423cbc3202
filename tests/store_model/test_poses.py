from __future__ import annotations

import math

import pytest

from aisle.geometry import wrap_angle
from store_model.plan import StorePlan
from store_model.poses import UnknownBayError, free_depth, shelf_pose


def test_the_robot_stands_seventy_centimetres_before_a_shelf_and_looks_at_it(small_plan: StorePlan) -> None:
    pose = shelf_pose(small_plan, "G1-W1")
    assert (pose.x_m, pose.y_m) == pytest.approx((1.8, 2.5))
    assert pose.yaw_rad == pytest.approx(0.0, abs=1e-5)


def test_in_a_narrow_aisle_it_stands_in_the_middle(small_plan: StorePlan) -> None:
    pose = shelf_pose(small_plan, "G1-E1")
    assert free_depth(small_plan, small_plan.bays["G1-E1"]) == pytest.approx(1.2)
    assert (pose.x_m, pose.y_m) == pytest.approx((4.1, 2.5))
    assert abs(pose.yaw_rad) == pytest.approx(math.pi)


def test_every_pose_of_the_demo_store_is_near_its_bay_and_faces_it(demo_plan: StorePlan) -> None:
    for bay in demo_plan.bays.values():
        pose = shelf_pose(demo_plan, bay.bay_id)
        assert math.dist((pose.x_m, pose.y_m), (bay.front_x_m, bay.front_y_m)) <= 0.7 + 1e-9
        assert abs(pose.bearing_to(bay.front_x_m, bay.front_y_m)) < 1e-6
        assert abs(wrap_angle(pose.yaw_rad - bay.normal_yaw_rad)) == pytest.approx(math.pi, abs=1e-6)


def test_an_unknown_bay_is_named(small_plan: StorePlan) -> None:
    with pytest.raises(UnknownBayError, match="bay 'G9-W1' is not in the plan 'Small store'"):
        shelf_pose(small_plan, "G9-W1")
