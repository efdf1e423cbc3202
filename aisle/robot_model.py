"""The robot as configured: one struct from which every geometry and limit is derived."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aisle.config import Settings

Positive = Annotated[float, Meta(gt=0.0)]
Share = Annotated[float, Meta(ge=0.0, le=0.2)]


class Base(Settings, frozen=True):
    """Round body; the footprint is a disc of `radius_m` around base_link."""

    radius_m: Annotated[float, Meta(gt=0.05, le=1.0)]
    height_m: Positive
    mass_kg: Positive


class Wheels(Settings, frozen=True):
    """Two driven wheels on one axle through base_link.

    `left_share` and `right_share` are how far each wheel really rolls for what `radius_m` promises; `aisle base
    calibrate` finds them and `track_m`. The sigmas, one standard deviation as shares, say how well that is known: the
    way of both wheels, the right wheel's way less the left one's, and the turn that follows from a difference of ways.
    `slip_m` is what each wheel adds at random in a metre (one standard deviation, growing with the root of the way).
    """

    radius_m: Positive
    track_m: Positive
    ticks_per_turn: Annotated[int, Meta(ge=16, le=1_000_000)]
    left_share: Annotated[float, Meta(ge=0.8, le=1.2)] = 1.0
    right_share: Annotated[float, Meta(ge=0.8, le=1.2)] = 1.0
    way_sigma: Share = 0.01
    difference_sigma: Share = 0.01
    turn_sigma: Share = 0.02
    slip_m: Annotated[float, Meta(gt=0.0, le=0.1)] = 0.0005

    @property
    def left_radius_m(self) -> float:
        """The rolling radius of the left wheel."""
        return self.radius_m * self.left_share

    @property
    def right_radius_m(self) -> float:
        """The rolling radius of the right wheel."""
        return self.radius_m * self.right_share


class Gyro(Settings, frozen=True):
    """The gyro about the upright axis, as its data sheet or a calibration says.

    `share` is the turn for what it reads as one, known to `share_sigma`. Noise is that of one reading, the bias is
    unknown to `bias_radps` at first and wanders by `walk_radps` in a minute; all one standard deviation. The figures
    are those of a MEMS gyro of the BMI088's class (Bosch BST-BMI088-DS001); the wander is assumed.
    """

    share: Annotated[float, Meta(ge=0.8, le=1.2)] = 1.0
    share_sigma: Share = 0.005
    noise_radps: Annotated[float, Meta(gt=0.0, le=0.1)] = 0.002
    bias_radps: Annotated[float, Meta(gt=0.0, le=0.5)] = 0.02
    walk_radps: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.001


class Limits(Settings, frozen=True):
    """Largest speeds and accelerations of the base; the braking figure is what the wheels can hold."""

    speed_mps: Annotated[float, Meta(gt=0.0, le=2.0)]
    turn_radps: Annotated[float, Meta(gt=0.0, le=6.0)]
    acceleration_mps2: Positive
    braking_mps2: Positive
    turn_acceleration_radps2: Positive


class Laser(Settings, frozen=True):
    """A planar laser that looks all around, at a height above the floor."""

    x_m: float
    z_m: Positive
    rays: Annotated[int, Meta(ge=36, le=7200)]
    rate_hz: Annotated[float, Meta(ge=1.0, le=100.0)]
    range_min_m: Positive
    range_max_m: Positive
    noise_m: Annotated[float, Meta(ge=0.0)]


class Camera(Settings, frozen=True):
    """An RGB-D camera that looks forward; `pitch_rad` is positive downwards (REP 103), `fov_rad` is horizontal.

    Colour and depth share the lens: one size, one rate. Depth is known from `range_min_m` to `range_max_m`.
    """

    x_m: float
    z_m: Positive
    pitch_rad: Annotated[float, Meta(gt=-1.5, lt=1.5)]
    width_px: Annotated[int, Meta(ge=64, le=4096)]
    height_px: Annotated[int, Meta(ge=48, le=4096)]
    fov_rad: Annotated[float, Meta(gt=0.1, lt=3.0)]
    rate_hz: Annotated[float, Meta(gt=0.0, le=120.0)]
    range_min_m: Positive
    range_max_m: Positive


class Screen(Settings, frozen=True):
    """The touchscreen; yaw is the direction it faces, in base_link."""

    yaw_rad: float
    z_m: Positive
    width_px: Annotated[int, Meta(ge=320)]
    height_px: Annotated[int, Meta(ge=240)]


class Battery(Settings, frozen=True):
    """Energy and the simplest model: what standing and driving at full speed draw, and what the dock gives.

    The pack is `cells` lithium-ion cells in series; `resistance_ohm` is that of the whole pack with its wires.
    """

    capacity_wh: Positive
    idle_w: Positive
    drive_w: Positive
    charge_w: Positive
    cells: Annotated[int, Meta(ge=1, le=30)] = 7
    resistance_ohm: Annotated[float, Meta(ge=0.0, le=2.0)] = 0.05


class RobotModel(Settings, frozen=True):
    """The whole reference robot, as in config/robots/*.yaml."""

    name: str
    base: Base
    wheels: Wheels
    limits: Limits
    laser: Laser
    camera: Camera
    screen: Screen
    battery: Battery
    gyro: Gyro = Gyro()
