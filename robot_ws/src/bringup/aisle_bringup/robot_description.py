"""The URDF of the reference robot, derived from its configuration (http://wiki.ros.org/urdf/XML)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from aisle.robot_model import RobotModel


def urdf(robot: RobotModel) -> str:
    """Return the robot as URDF: base_link on the floor, body, two wheels, laser_link, camera_link, screen_link."""
    root = ET.Element("robot", name=robot.name)
    _link(root, "base_link")
    body = _link(root, "body_link")
    _cylinder(body, robot.base.radius_m, robot.base.height_m - robot.wheels.radius_m)
    _joint(root, "body_joint", "fixed", "body_link", (0.0, 0.0, 0.5 * (robot.base.height_m + robot.wheels.radius_m)))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        wheel = _link(root, f"{side}_wheel_link")
        _cylinder(wheel, robot.wheels.radius_m, 0.03)
        place = (0.0, sign * 0.5 * robot.wheels.track_m, robot.wheels.radius_m)
        joint = _joint(root, f"{side}_wheel_joint", "continuous", f"{side}_wheel_link", place, roll_rad=-1.5707963)
        ET.SubElement(joint, "axis", xyz="0 0 1")
    _link(root, "laser_link")
    _joint(root, "laser_joint", "fixed", "laser_link", (robot.laser.x_m, 0.0, robot.laser.z_m))
    _link(root, "camera_link")
    camera = robot.camera
    _joint(root, "camera_joint", "fixed", "camera_link", (camera.x_m, 0.0, camera.z_m), pitch_rad=camera.pitch_rad)
    _link(root, "screen_link")
    _joint(root, "screen_joint", "fixed", "screen_link", (0.0, 0.0, robot.screen.z_m), yaw_rad=robot.screen.yaw_rad)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _link(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "link", name=name)


def _cylinder(link: ET.Element, radius_m: float, length_m: float) -> None:
    for part in ("visual", "collision"):
        geometry = ET.SubElement(ET.SubElement(link, part), "geometry")
        ET.SubElement(geometry, "cylinder", radius=f"{radius_m:g}", length=f"{length_m:g}")


def _joint(
    root: ET.Element,
    name: str,
    kind: str,
    child: str,
    place: tuple[float, float, float],
    roll_rad: float = 0.0,
    pitch_rad: float = 0.0,
    yaw_rad: float = 0.0,
) -> ET.Element:
    joint = ET.SubElement(root, "joint", name=name, type=kind)
    ET.SubElement(joint, "parent", link="base_link")
    ET.SubElement(joint, "child", link=child)
    turned = (roll_rad, pitch_rad, yaw_rad)
    ET.SubElement(
        joint, "origin", xyz=" ".join(f"{value:g}" for value in place), rpy=" ".join(f"{value:g}" for value in turned)
    )
    return joint
