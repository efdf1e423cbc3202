"""What the bridge has to tell: every base status, and changes worth one log line."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.sensing import Odometry
from aisle_firmware_bridge.messages import BatteryReport, Faults, Identity, Imu, Mode, MotorReport, Status
from aisle_firmware_bridge.requests import Answer


@dataclass(frozen=True, slots=True)
class BaseReport:
    """One status of the base, with the odometry it leads to; its stamp is on the host's clock."""

    status: Status
    odometry: Odometry


@dataclass(frozen=True, slots=True)
class SensorReport:
    """What else the base measures; `stamp_s` is on the host's clock."""

    reading: Imu | BatteryReport | MotorReport
    stamp_s: float


@dataclass(frozen=True, slots=True)
class BaseAccepted:
    """The base is one that this host can drive."""

    identity: Identity

    @property
    def sentence(self) -> str:
        version = ".".join(str(part) for part in self.identity.firmware)
        return f"base {self.identity.name}, firmware {version}, protocol {self.identity.protocol}"


@dataclass(frozen=True, slots=True)
class BaseRefused:
    """The base does not fit; it is never armed."""

    name: str
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"base {self.name} is not driven: {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """The base changed its mode."""

    before: Mode | None
    after: Mode
    faults: Faults

    @property
    def sentence(self) -> str:
        origin = self.before.name.lower() if self.before is not None else "unknown"
        faults = f" ({self.faults.name})" if self.faults else ""
        return f"base went from {origin} to {self.after.name.lower()}{faults}"


@dataclass(frozen=True, slots=True)
class BaseLost:
    """The base can no longer be commanded; after it is back it needs a staff release."""

    reason: str

    @property
    def sentence(self) -> str:
        return f"base lost: {self.reason}; staff must release it once it is back"


@dataclass(frozen=True, slots=True)
class ArmRefused:
    """The base did not become ready although it was asked to."""

    mode: Mode

    @property
    def sentence(self) -> str:
        return f"base stays {self.mode.name.lower()}: clear the cause (button, bumper, battery), then release"


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """The base did not do what it was asked, or never answered."""

    answer: Answer

    @property
    def sentence(self) -> str:
        request, result = self.answer.request, self.answer.result
        asked = f"{type(request).__name__}{tuple(request[1:])}" if len(request) > 1 else type(request).__name__
        if result is None:
            return f"base did not answer {asked}: is the line overloaded?"
        return f"base answered {asked} with {result.name.lower().replace('_', ' ')}, in force is {self.answer.value:g}"


@dataclass(frozen=True, slots=True)
class LimitReduced:
    """The base is more careful than the robot's file: it drives, but not as fast as the file says."""

    sentence: str


@dataclass(frozen=True, slots=True)
class LimitRefused:
    """The base did not take a limit that others count on; it stays disarmed."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TurnsDiffer:
    """Wheels and gyro have told of different turns for a while, in rad/s; nothing is stopped by that."""

    wheels_radps: float
    gyro_radps: float

    @property
    def sentence(self) -> str:
        return (
            f"the wheels turn the robot by {self.wheels_radps:+.2f} rad/s, its gyro says {self.gyro_radps:+.2f}:"
            " a wheel slips, somebody holds or lifts the robot, or an encoder or the gyro is broken"
        )


Event = (
    BaseReport
    | SensorReport
    | BaseAccepted
    | BaseRefused
    | ModeChanged
    | BaseLost
    | ArmRefused
    | RequestFailed
    | LimitReduced
    | LimitRefused
    | TurnsDiffer
)
