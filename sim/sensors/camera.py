"""The RGB-D camera: what the stage looks like from the robot, and what lens, shutter and stereo make of it.

Frames are handed on and never stored.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.geometry import Twist2
from aisle.robot_model import Camera
from sim.sensors import camera_colour, camera_depth
from sim.sensors.camera_faults import CameraFaults

ColourImage = npt.NDArray[np.uint8]
DepthImage = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """A pinhole without distortion, in pixels: focal length and principal point."""

    focal_px: float
    centre_x_px: float
    centre_y_px: float


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One image of the camera in its optical frame (x right, y down, z ahead; REP 103).

    `colour` has shape (h, w, 3); `depth_m`, shape (h, w), is along z and NaN where it is not known.
    """

    stamp_s: float
    colour: ColourImage
    depth_m: DepthImage
    intrinsics: Intrinsics


@dataclass(frozen=True, slots=True)
class Resolution:
    """The size and the rate at which the camera is rendered; a simulated one may be coarser than the robot's."""

    width_px: int
    height_px: int
    rate_hz: float


def resolution_of(camera: Camera) -> Resolution:
    """Return the robot's own."""
    return Resolution(camera.width_px, camera.height_px, camera.rate_hz)


def intrinsics_of(camera: Camera, width_px: int, height_px: int) -> Intrinsics:
    """Return the pinhole of a camera rendered at that size; its view across the width stays the same."""
    focal_px = 0.5 * width_px / math.tan(0.5 * camera.fov_rad)
    return Intrinsics(focal_px, 0.5 * (width_px - 1), 0.5 * (height_px - 1))


class CameraSensor:
    """Makes frames from perfect renderings. All faults come from one seeded stream."""

    def __init__(self, camera: Camera, size: Resolution, faults: CameraFaults, seed: int) -> None:
        self._camera, self._faults = camera, faults
        self._intrinsics = intrinsics_of(camera, size.width_px, size.height_px)
        self._rng = np.random.default_rng((seed, 0xCA3E))
        self._gain_log = 0.0
        self._dirt = camera_colour.dirt_on((size.height_px, size.width_px), faults.dirt_share, self._rng)

    def frame(
        self,
        render: Callable[[], tuple[ColourImage, DepthImage]],
        twist: Twist2,
        now_s: float,
    ) -> CameraFrame:
        """Return what the camera makes of the scene, while the robot moves with that twist."""
        colour, depth_m = render()
        seen = self._coloured(colour, depth_m, twist)
        return CameraFrame(now_s, seen, self._measured(depth_m), self._intrinsics)

    def _coloured(self, colour: ColourImage, depth_m: DepthImage, twist: Twist2) -> ColourImage:
        faults = self._faults
        if faults.exposure_s > 0.0:
            flow = camera_colour.flow_px(depth_m, self._intrinsics.focal_px, twist, faults.exposure_s)
            colour = camera_colour.motion_blurred(colour, flow)
        light = colour.astype(np.float32)
        if faults.dirt_share > 0.0:
            light = camera_colour.smeared(light, self._dirt)
        if faults.gain_error > 0.0:
            self._gain_log = camera_colour.next_gain(self._gain_log, faults.gain_error, self._rng)
            light *= np.float32(math.exp(self._gain_log))
        if faults.electrons_full > 0.0 or faults.read_noise > 0.0:
            light = camera_colour.exposed(light, faults.electrons_full, faults.read_noise, self._rng)
        image = np.clip(light, 0.0, 255.0).astype(np.uint8)
        return camera_colour.compressed(image, faults.jpeg_quality) if faults.jpeg_quality else image

    def _measured(self, depth_m: DepthImage) -> DepthImage:
        faults, camera = self._faults, self._camera
        seen = camera_depth.in_range(depth_m, camera.range_min_m, camera.range_max_m)
        if faults.edge_shadow_m > 0.0:
            shadowed = camera_depth.shadowed(depth_m, self._intrinsics.focal_px, faults.edge_shadow_m)
            seen = np.where(np.isnan(shadowed), shadowed, seen)
        if faults.depth_noise_per_m2 > 0.0:
            seen = camera_depth.noisy(seen, faults.depth_noise_per_m2, self._rng)
        if faults.hole_share > 0.0:
            seen = camera_depth.with_holes(seen, faults.hole_share, self._rng)
        if faults.fade_from_m > 0.0:
            seen = camera_depth.faded(seen, faults.fade_from_m, self._rng)
        return seen
