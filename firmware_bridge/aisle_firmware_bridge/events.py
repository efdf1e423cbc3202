"""What the bridge has to tell: every base status, and changes worth one log line."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.sensing import Odometry
from aisle_firmware_bridge.protocol import Faults, Identity, Mode, Status


@dataclass(frozen=True, slots=True)
class BaseReport:
    """One status of the base, with the odometry it leads to; its stamp is on the host's clock."""

    status: Status
    odometry: Odometry


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

    identity: Identity
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"base {self.identity.name} is not driven: {'; '.join(self.reasons)}"


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


Event = BaseReport | BaseAccepted | BaseRefused | ModeChanged | BaseLost | ArmRefused
