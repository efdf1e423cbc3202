"""Poses put one inside the other: positions in metres and unit quaternions (w, x, y, z)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.sdf.description import Pose, Vector

Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a frame is in the one around it."""

    position_m: Vector
    quaternion: Quaternion

    def __matmul__(self, inner: Placement) -> Placement:
        """Return where a frame inside this one is in the frame around this one."""
        x, y, z = rotated(self.quaternion, inner.position_m)
        origin_x, origin_y, origin_z = self.position_m
        place = (origin_x + x, origin_y + y, origin_z + z)
        return Placement(place, _product(self.quaternion, inner.quaternion))


def placement(pose: Pose) -> Placement:
    """Return a pose with its rotation as a quaternion."""
    return Placement((pose.x_m, pose.y_m, pose.z_m), _quaternion(pose))


def rotated(quaternion: Quaternion, vector: Vector) -> Vector:
    """Return the vector, turned."""
    w, x, y, z = quaternion
    _, a, b, c = _product(_product(quaternion, (0.0, *vector)), (w, -x, -y, -z))
    return a, b, c


def _quaternion(pose: Pose) -> Quaternion:
    (sr, cr), (sp, cp), (sy, cy) = (
        (math.sin(0.5 * angle), math.cos(0.5 * angle)) for angle in (pose.roll_rad, pose.pitch_rad, pose.yaw_rad)
    )
    return (
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
    )


def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )
