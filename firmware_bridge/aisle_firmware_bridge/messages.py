"""Messages of base protocol version 2 as typed values (PROTOCOL.md). Field order is that of the wire."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

PROTOCOL_VERSION = 2
NO_ANSWER = 0
"""The request number of a request that wants no acknowledgement."""


class Mode(IntEnum):
    """What the base is doing; only DRIVING turns wheels."""

    DISARMED = 0
    READY = 1
    DRIVING = 2
    LATCHED = 3
    FAULT = 4


class Faults(IntFlag):
    """What the base found wrong with itself."""

    ENCODER = 1
    BATTERY = 2
    GYRO = 4
    CLOCK = 8
    CONFIGURATION = 16
    STOP_CHAIN = 32
    RELAY_WELDED = 64
    POWER = 128
    MOTOR = 256
    RUNAWAY = 512
    RESET = 1024
    STALLED = 2048


class Bumpers(IntFlag):
    """Pressed segments of the bumper ring."""

    FRONT_LEFT = 1
    FRONT_RIGHT = 2
    REAR_LEFT = 4
    REAR_RIGHT = 8


class Cliffs(IntFlag):
    """Corners of the base under which the floor is missing."""

    FRONT_LEFT = 1
    FRONT_RIGHT = 2
    REAR_LEFT = 4
    REAR_RIGHT = 8


class Contacts(IntFlag):
    """Switches at the wheels, and the charger's contact."""

    LEFT_LIFTED = 1
    RIGHT_LIFTED = 2
    CHARGER = 4


class StopChain(IntFlag):
    """The two channels of the emergency stop, and whether its relay gives the drives their supply."""

    CHANNEL_A_OPEN = 1
    CHANNEL_B_OPEN = 2
    DRIVES_POWERED = 4


class Result(IntEnum):
    """How a request ended."""

    DONE = 0
    OUT_OF_RANGE = 1
    UNKNOWN = 2
    NOT_NOW = 3


class ResetCause(IntEnum):
    """Why the base started."""

    SWITCHED_ON = 0
    BROWN_OUT = 1
    WATCHDOG = 2
    OTHER = 3


class Parameter(IntEnum):
    """What the host may set; limits only downwards from what the firmware was built for."""

    FORWARD_LIMIT = 1
    TURN_LIMIT = 2
    FORWARD_ACCELERATION = 3
    FORWARD_BRAKING = 4
    TURN_ACCELERATION = 5
    BATTERY_MINIMUM = 6
    STATUS_PERIOD = 7
    WHEEL_GAIN = 8
    WHEEL_INTEGRAL = 9
    WHEEL_DERIVATIVE = 10
    WHEEL_FEED_FORWARD = 11


class Hello(NamedTuple):
    """Open a session; `session` is any number but 0 that differs from the one before."""

    protocol: int
    session: int


class Arm(NamedTuple):
    """Allow motion."""

    request: int = NO_ANSWER


class Disarm(NamedTuple):
    """Forbid motion."""

    request: int = NO_ANSWER


class Release(NamedTuple):
    """Staff: clear a latched stop or a fault whose cause has gone."""

    request: int = NO_ANSWER


class SetParameter(NamedTuple):
    """Set one parameter; the acknowledgement carries the value that is in force afterwards."""

    request: int
    parameter: int
    value: float


class SetLights(NamedTuple):
    """Show a pattern in a colour: 0 off, 1 steady, 2 blinking, 3 breathing."""

    request: int
    pattern: int
    red: int
    green: int
    blue: int


class TimeSync(NamedTuple):
    """Ask for the base's clock; `host_us` comes back as it is."""

    host_us: int


class WheelCommand(NamedTuple):
    """Hold these wheel speeds until the base's own clock reaches the deadline."""

    left_radps: float
    right_radps: float
    deadline_us: int


class Identity(NamedTuple):
    """Who the base is, and the constants that host and base must agree on."""

    protocol: int
    session: int
    firmware_major: int
    firmware_minor: int
    firmware_patch: int
    reset_cause: ResetCause
    board_id: int
    ticks_per_turn: int
    forward_limit_radps: float
    command_timeout_ms: int
    dictionary_bytes: int
    dictionary_crc: int
    name: str

    @property
    def firmware(self) -> tuple[int, int, int]:
        """The firmware's version."""
        return self.firmware_major, self.firmware_minor, self.firmware_patch


class OtherVersion(NamedTuple):
    """The identity of a base whose protocol this host does not know; only its first field can be read."""

    protocol: int


class Status(NamedTuple):
    """What the base measures and believes, 50 times a second."""

    clock_us: int
    session: int
    ticks_left: int
    ticks_right: int
    speed_left_radps: float
    speed_right_radps: float
    yaw_rate_radps: float
    battery_mv: int
    battery_percent: int
    last_command: int
    frames_rejected: int
    bumpers: Bumpers
    cliffs: Cliffs
    contacts: Contacts
    stop_chain: StopChain
    mode: Mode
    faults: Faults

    @property
    def emergency_stop(self) -> bool:
        """Whether the stop button, or one of its two channels, is open."""
        return bool(self.stop_chain & (StopChain.CHANNEL_A_OPEN | StopChain.CHANNEL_B_OPEN))

    @property
    def is_lifted(self) -> bool:
        """Whether a wheel has lost the floor."""
        return bool(self.contacts & (Contacts.LEFT_LIFTED | Contacts.RIGHT_LIFTED))


class DictionaryPage(NamedTuple):
    """A piece of the base's data dictionary, from that byte on."""

    session: int
    start: int
    text: bytes


class Acknowledgement(NamedTuple):
    """The answer to a request; `value` is the mode or the parameter in force."""

    request: int
    result: Result
    value: float


class TimeReply(NamedTuple):
    """The base's clock when the question came in and when the answer left."""

    host_us: int
    received_us: int
    sent_us: int


class Imu(NamedTuple):
    """Acceleration and turning rate in base_link."""

    clock_us: int
    acceleration_x_mps2: float
    acceleration_y_mps2: float
    acceleration_z_mps2: float
    rate_x_radps: float
    rate_y_radps: float
    rate_z_radps: float


class BatteryReport(NamedTuple):
    """The pack: current is positive into it, temperature in tenths of a degree Celsius, cells that are absent 0 mV.

    `charging`: 0 no, 1 charging, 2 full.
    """

    clock_us: int
    pack_mv: int
    current_ma: int
    temperature_dc: int
    charge_percent: int
    charging: int
    cells_mv: tuple[int, ...]


class MotorReport(NamedTuple):
    """The drives: currents, duties in thousandths of the supply, fault bits of the drives, and the relay's command.

    `overruns` counts the steps of the firmware that came a whole period late; it wraps.
    """

    clock_us: int
    current_left_ma: int
    current_right_ma: int
    duty_left_permille: int
    duty_right_permille: int
    motor_faults: int
    relay: int
    overruns: int = 0


HostMessage = Hello | Arm | Disarm | Release | SetParameter | SetLights | TimeSync | WheelCommand
BaseMessage = (
    Identity | OtherVersion | Status | DictionaryPage | Acknowledgement | TimeReply | Imu | BatteryReport | MotorReport
)
Request = Arm | Disarm | Release | SetParameter | SetLights
