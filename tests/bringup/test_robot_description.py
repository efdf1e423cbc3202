from xml.etree import ElementTree as ET

from aisle.config import load
from aisle.paths import reference_robot
from aisle.robot_model import RobotModel
from aisle_bringup.robot_description import urdf


def test_the_urdf_is_a_tree_from_base_link_with_the_robots_sizes() -> None:
    robot = load(reference_robot(), RobotModel)
    root = ET.fromstring(urdf(robot))
    links = {link.get("name") for link in root.findall("link")}
    children = [joint.find("child").get("link") for joint in root.findall("joint")]  # type: ignore[union-attr]
    assert links == {"base_link", *children}
    assert len(children) == len(set(children))
    laser = root.find("joint[@name='laser_joint']/origin")
    assert laser is not None
    assert laser.get("xyz") == f"{robot.laser.x_m:g} 0 {robot.laser.z_m:g}"
    body = root.find("link[@name='body_link']/collision/geometry/cylinder")
    assert body is not None
    assert float(body.get("radius", "0")) == robot.base.radius_m
