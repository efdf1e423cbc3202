"""`aisle base watch`: what the base says, as a table that follows it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from rich.table import Table

from aisle.robot_model import RobotModel
from aisle.sensing import Odometry
from aisle_firmware_bridge.battery import BatteryGauge, BatteryState, reading_of
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport, Event, SensorReport
from aisle_firmware_bridge.messages import BatteryReport, Imu, MotorReport, Status

Row = tuple[str, str]
_NOTHING = "-"
_TOLD = 5


@dataclass
class Watch:
    """The newest of everything that a base has said, and its last changes in words."""

    robot: RobotModel
    report: BaseReport | None = None
    imu: Imu | None = None
    motors: MotorReport | None = None
    pack: BatteryReport | None = None
    battery: BatteryState | None = None
    told: list[str] = field(default_factory=list)
    _gauge: BatteryGauge | None = None

    def take(self, events: list[Event]) -> None:
        """Remember what happened."""
        for event in events:
            if isinstance(event, BaseReport):
                self.report = event
            elif isinstance(event, SensorReport):
                self._sense(event)
            else:
                self.told = [*self.told[1 - _TOLD :], event.sentence]

    def _sense(self, event: SensorReport) -> None:
        match event.reading:
            case Imu():
                self.imu = event.reading
            case MotorReport():
                self.motors = event.reading
            case BatteryReport():
                self.pack = event.reading
                self._gauge = self._gauge or BatteryGauge(self.robot.battery)
                self.battery = self._gauge.update(reading_of(event.reading, event.stamp_s))


def rows(watch: Watch, bridge: Bridge) -> list[Row]:
    """Return the table's lines; what the base has not said yet is a dash."""
    identity = bridge.identity
    version = ".".join(str(part) for part in identity.firmware) if identity else ""
    return [
        ("base", f"{identity.name}, firmware {version}, board {identity.board_id:#x}" if identity else _NOTHING),
        ("link", bridge.phase.value),
        ("can it drive?", bridge.complaint or "yes"),
        *_status_rows(watch.report.status if watch.report else None),
        ("odometry", _odometry(watch.report.odometry) if watch.report else _NOTHING),
        ("acceleration", _acceleration(watch.imu) if watch.imu else _NOTHING),
        ("motors", _motors(watch.motors) if watch.motors else _NOTHING),
        ("battery", _battery(watch.pack, watch.battery) if watch.pack and watch.battery else _NOTHING),
        ("thrown away here", ", ".join(f"{n} {cause.value}" for cause, n in bridge.rejected.items()) or "nothing"),
    ]


def table(watch: Watch, bridge: Bridge) -> Table:
    """Return what is shown."""
    shown = Table("what", "says", title="base", min_width=76, caption="\n".join(watch.told), caption_justify="left")
    for name, value in rows(watch, bridge):
        shown.add_row(name, value)
    return shown


def _status_rows(status: Status | None) -> list[Row]:
    names = ("mode", "faults", "wheels", "ticks", "turn rate", "pressed", "stop chain", "thrown away by the base")
    if status is None:
        return [(name, _NOTHING) for name in names]
    pressed = [flag.name or "" for flags in (status.bumpers, status.cliffs, status.contacts) for flag in flags]
    values = (
        status.mode.name.lower(),
        (status.faults.name or "none").lower(),
        f"left {status.speed_left_radps:+.2f} rad/s, right {status.speed_right_radps:+.2f} rad/s",
        f"left {status.ticks_left}, right {status.ticks_right}",
        f"{status.yaw_rate_radps:+.3f} rad/s",
        ", ".join(pressed).lower() or "nothing",
        (status.stop_chain.name or "closed, drives without supply").lower(),
        f"{status.frames_rejected} frames",
    )
    return list(zip(names, values, strict=True))


def _odometry(odometry: Odometry) -> str:
    pose, spread = odometry.odom_from_base, odometry.spread
    place = f"x {pose.x_m:+.2f} m, y {pose.y_m:+.2f} m, yaw {math.degrees(pose.yaw_rad):+.1f} degrees"
    if spread is None:
        return place
    place_m = math.sqrt(spread.pose[0][0] + spread.pose[1][1])
    return f"{place}; known to {place_m:.2f} m and {math.degrees(math.sqrt(spread.pose[2][2])):.1f} degrees"


def _acceleration(imu: Imu) -> str:
    return f"x {imu.acceleration_x_mps2:+.2f}, y {imu.acceleration_y_mps2:+.2f}, z {imu.acceleration_z_mps2:+.2f} m/s2"


def _motors(motors: MotorReport) -> str:
    relay = "closed" if motors.relay else "open"
    return (
        f"left {motors.current_left_ma / 1000:.2f} A, right {motors.current_right_ma / 1000:.2f} A, relay {relay},"
        f" faults {motors.motor_faults:#x}"
    )


def _battery(pack: BatteryReport, state: BatteryState) -> str:
    left = "charging" if math.isinf(state.remaining_s) else f"{state.remaining_s / 3600:.1f} h left"
    return (
        f"{100 * state.charge:.0f} % (known to {100 * state.sigma:.0f}), {state.level.value}, {left};"
        f" {pack.pack_mv / 1000:.2f} V, {pack.current_ma / 1000:+.2f} A, {pack.temperature_dc / 10:.0f} degrees C"
    )
