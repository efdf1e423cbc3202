"""The camera's frames as ROS topics: colour, depth and intrinsics, in the optical frame."""

from __future__ import annotations

import re
from array import array

import numpy as np
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from sim.sensors.camera import CameraFrame, Intrinsics, Resolution

OPTICAL_FRAME = "camera_optical_frame"
COLOUR_TOPIC, DEPTH_TOPIC = "/camera/color/image_raw", "/camera/depth/image_rect_raw"
INFO_TOPIC = "/camera/color/camera_info"
_RESOLUTION = re.compile(r"(\d{2,4})x(\d{2,4})@(\d{1,3}(?:\.\d+)?)")
_SMALLEST_PX, _LARGEST_PX, _FASTEST_HZ = 64, 1920, 60.0


def resolution(text: str) -> Resolution:
    """Return the size and rate that `320x240@5` names. Raises ValueError with what is wrong."""
    match = _RESOLUTION.fullmatch(text)
    if match is None:
        raise ValueError(f"--camera {text}: write width, height and rate as in 320x240@5")
    width_px, height_px, rate_hz = int(match[1]), int(match[2]), float(match[3])
    if not all(_SMALLEST_PX <= side_px <= _LARGEST_PX for side_px in (width_px, height_px)):
        raise ValueError(f"--camera {text}: width and height must be from {_SMALLEST_PX} to {_LARGEST_PX} pixels")
    if not 0.1 <= rate_hz <= _FASTEST_HZ:
        raise ValueError(f"--camera {text}: the rate must be from 0.1 to {_FASTEST_HZ:g} images a second")
    return Resolution(width_px, height_px, rate_hz)


class CameraTopics:
    """Publishes frames; nothing is kept."""

    def __init__(self, node: Node) -> None:
        self._colour = node.create_publisher(Image, COLOUR_TOPIC, qos_profile_sensor_data)
        self._depth = node.create_publisher(Image, DEPTH_TOPIC, qos_profile_sensor_data)
        self._info = node.create_publisher(CameraInfo, INFO_TOPIC, qos_profile_sensor_data)

    def publish(self, frame: CameraFrame) -> None:
        """Send one frame: colour as rgb8, depth as 32FC1 in metres with NaN where it is unknown (REP 118)."""
        header = _header(frame.stamp_s)
        self._colour.publish(_image(header, frame.colour, "rgb8"))
        self._depth.publish(_image(header, frame.depth_m, "32FC1"))
        self._info.publish(_camera_info(header, frame.intrinsics, *frame.depth_m.shape))


def _header(stamp_s: float) -> Header:
    header = Header(frame_id=OPTICAL_FRAME)
    nanoseconds = round(stamp_s * 1e9)
    header.stamp.sec, header.stamp.nanosec = nanoseconds // 1_000_000_000, nanoseconds % 1_000_000_000
    return header


def _image(header: Header, pixels: np.ndarray[tuple[int, ...], np.dtype[np.generic]], encoding: str) -> Image:
    message = Image(header=header, encoding=encoding, is_bigendian=0)
    message.height, message.width = pixels.shape[:2]
    message.step = pixels.nbytes // pixels.shape[0]
    # An array of bytes is taken over as it is; a list would be checked number by number.
    message.data = array("B", pixels.tobytes())
    return message


def _camera_info(header: Header, pinhole: Intrinsics, height_px: int, width_px: int) -> CameraInfo:
    focal, x, y = pinhole.focal_px, pinhole.centre_x_px, pinhole.centre_y_px
    message = CameraInfo(header=header, height=height_px, width=width_px, distortion_model="plumb_bob")
    message.d = [0.0] * 5
    message.k = [focal, 0.0, x, 0.0, focal, y, 0.0, 0.0, 1.0]
    message.r = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    message.p = [focal, 0.0, x, 0.0, 0.0, focal, y, 0.0, 0.0, 0.0, 1.0, 0.0]
    return message
