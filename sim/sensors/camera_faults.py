"""What a simulated RGB-D camera gets wrong, each switchable on its own; a perfect camera by default."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aisle.config import Settings
from sim.sensors.messages import MessageFaults

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Small = Annotated[float, Meta(ge=0.0, le=10.0)]


class CameraFaults(Settings, frozen=True):
    """Zero switches a fault off. See config/sim/sensors.yaml for an ordinary day's values and their sources.

    Colour: `exposure_s` blurs with the robot's motion; `gain_error` is the standard deviation of the exposure's
    logarithm, which drifts over seconds; `electrons_full` is the number of electrons of a white pixel (shot noise),
    `read_noise` the noise of a dark one in 8-bit steps; `dirt_share` of the lens is smeared; `jpeg_quality` is
    that of the compression, 0 for none.
    Depth: `depth_noise_per_m2` times the square of the distance is the standard deviation in metres;
    `edge_shadow_m` is the stereo base line that leaves a shadow beside near things; `hole_share` of the image has
    patches without depth, as on shiny and plain surfaces; `fade_from_m` is where far points begin to be lost.
    """

    exposure_s: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.0
    gain_error: Small = 0.0
    electrons_full: Annotated[float, Meta(ge=0.0, le=1e6)] = 0.0
    read_noise: Small = 0.0
    dirt_share: Share = 0.0
    jpeg_quality: Annotated[int, Meta(ge=0, le=100)] = 0
    depth_noise_per_m2: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.0
    edge_shadow_m: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.0
    hole_share: Share = 0.0
    fade_from_m: Annotated[float, Meta(ge=0.0, le=100.0)] = 0.0
    line: MessageFaults = MessageFaults()
