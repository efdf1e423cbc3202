"""Messages of base protocol version 1 as typed values, to and from frames (PROTOCOL.md)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import IntEnum, IntFlag
from typing import Any, NamedTuple

from aisle_firmware_bridge.frames import Frame, encode_frame

PROTOCOL_VERSION = 1


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


class Bumpers(IntFlag):
    """Pressed segments of the bumper ring."""

    FRONT_LEFT = 1
    FRONT_RIGHT = 2
    REAR_LEFT = 4
    REAR_RIGHT = 8


class Hello(NamedTuple):
    """Open a session; `session` is any number but 0 that differs from the one before."""

    protocol: int
    session: int


class Arm(NamedTuple):
    """Allow motion."""


class Disarm(NamedTuple):
    """Forbid motion."""


class Release(NamedTuple):
    """Staff: clear a latched stop or a fault whose cause has gone."""


class WheelCommand(NamedTuple):
    """Hold these wheel speeds until the base's own clock reaches the deadline."""

    left_radps: float
    right_radps: float
    deadline_us: int


class Identity(NamedTuple):
    """Who the base is, and the constants that host and base must agree on."""

    protocol: int
    session: int
    firmware: tuple[int, int, int]
    ticks_per_turn: int
    forward_limit_radps: float
    command_timeout_ms: int
    name: str


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
    bumpers: Bumpers
    emergency_stop: bool
    mode: Mode
    faults: Faults
    last_command: int
    frames_rejected: int


HostMessage = Hello | Arm | Disarm | Release | WheelCommand
BaseMessage = Identity | Status


class _Row(NamedTuple):
    """One message type: its number on the wire, its layout, and how to build it from the unpacked fields."""

    type: int
    layout: struct.Struct
    build: Callable[[tuple[Any, ...]], HostMessage | BaseMessage]


def _identity(fields: tuple[Any, ...]) -> Identity:
    protocol, session, major, minor, patch, ticks, limit, timeout, name = fields
    text = name.rstrip(b"\0").decode("ascii")
    return Identity(protocol, session, (major, minor, patch), ticks, limit, timeout, text)


def _status(fields: tuple[Any, ...]) -> Status:
    *measured, bumpers, emergency_stop, mode, faults, last_command, rejected = fields
    flags = (Bumpers(bumpers), emergency_stop != 0, Mode(mode), Faults(faults))
    return Status._make((*measured, *flags, last_command, rejected))


_ROWS: dict[type, _Row] = {
    Hello: _Row(0x01, struct.Struct("<HI"), Hello._make),
    Arm: _Row(0x02, struct.Struct("<"), lambda _: Arm()),
    Disarm: _Row(0x03, struct.Struct("<"), lambda _: Disarm()),
    Release: _Row(0x04, struct.Struct("<"), lambda _: Release()),
    WheelCommand: _Row(0x10, struct.Struct("<ffQ"), WheelCommand._make),
    Identity: _Row(0x81, struct.Struct("<HIBBBIfH16s"), _identity),
    Status: _Row(0x82, struct.Struct("<QIiifffHBBBBHHH"), _status),
}
_BY_TYPE = {row.type: row for row in _ROWS.values()}


def _fields(message: HostMessage | BaseMessage) -> tuple[Any, ...]:
    if isinstance(message, Identity):
        head, tail = message[:2], message[3:-1]
        return (*head, *message.firmware, *tail, message.name.encode("ascii"))
    return message


def encode(message: HostMessage | BaseMessage, sequence: int) -> bytes:
    """Return the bytes of one message; `sequence` counts a direction's frames and wraps at 65536."""
    row = _ROWS[type(message)]
    return encode_frame(Frame(row.type, sequence & 0xFFFF, row.layout.pack(*_fields(message))))


def decode(frame: Frame) -> HostMessage | BaseMessage | None:
    """Return a frame's message; None if its type, length or a value in it is not of this version."""
    row = _BY_TYPE.get(frame.type)
    if row is None or row.layout.size != len(frame.payload):
        return None
    try:
        return row.build(row.layout.unpack(frame.payload))
    except ValueError:
        return None
