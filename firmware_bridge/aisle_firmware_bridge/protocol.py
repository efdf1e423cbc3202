"""Messages of base protocol version 2 to and from frames; layouts come from the data dictionary (PROTOCOL.md)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from aisle_firmware_bridge.dictionary import message_fields
from aisle_firmware_bridge.frames import Frame, encode_body
from aisle_firmware_bridge.messages import (
    PROTOCOL_VERSION,
    Acknowledgement,
    Arm,
    BaseMessage,
    BatteryReport,
    Bumpers,
    Cliffs,
    Contacts,
    DictionaryPage,
    Disarm,
    Faults,
    Hello,
    HostMessage,
    Identity,
    Imu,
    Mode,
    MotorReport,
    OtherVersion,
    Parameter,
    Release,
    Request,
    ResetCause,
    Result,
    SetLights,
    SetParameter,
    Status,
    StopChain,
    TimeReply,
    TimeSync,
    WheelCommand,
)

__all__ = [
    "PROTOCOL_VERSION", "Acknowledgement", "Arm", "BaseMessage", "BatteryReport", "Bumpers", "Cliffs", "Contacts",
    "DictionaryPage", "Disarm", "Faults", "Hello", "HostMessage", "Identity", "Imu", "Mode", "MotorReport",
    "OtherVersion", "Parameter", "Release", "Request", "ResetCause", "Result", "SetLights", "SetParameter", "Status",
    "StopChain", "TimeReply", "TimeSync", "WheelCommand", "decode", "encode",
]  # fmt: skip

IDENTITY_TYPE = 0x81
DICTIONARY_TYPE = 0x83
_CODES = {
    "u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i16": "h", "i32": "i", "f32": "f", "name16": "16s", "cells8": "8H",
}  # fmt: skip
_PAGE = struct.Struct("<IH")
_STATES = "BBBBBH"
_STATES_BYTES = struct.calcsize("<" + _STATES)
_MOST_STATES = 4096

_Fields = tuple[Any, ...]
_Read = Callable[[bytes], "HostMessage | BaseMessage"]


class _States(dict[bytes, _Fields]):
    """The last bytes of a status (buttons, mode, faults) as enums.

    They seldom change, and six enum look-ups take longer than all the rest of a frame.
    """

    def __missing__(self, raw: bytes) -> _Fields:
        if len(self) >= _MOST_STATES:
            self.clear()
        bumpers, cliffs, contacts, chain, mode, faults = struct.unpack("<" + _STATES, raw)
        flags = (Bumpers(bumpers), Cliffs(cliffs), Contacts(contacts), StopChain(chain), Mode(mode), Faults(faults))
        self[raw] = flags
        return flags


def _plain(kind: type, codes: str) -> _Read:
    unpack, new = struct.Struct("<" + codes).unpack, tuple.__new__
    return lambda payload: new(kind, unpack(payload))


def _status(codes: str) -> _Read:
    measured, new, states = struct.Struct("<" + codes.removesuffix(_STATES)).unpack_from, tuple.__new__, _States()
    return lambda payload: new(Status, measured(payload) + states[payload[-_STATES_BYTES:]])


def _identity(codes: str) -> _Read:
    def read(payload: bytes) -> Identity:
        fields = struct.unpack("<" + codes, payload)
        name = fields[-1].rstrip(b"\0").decode("ascii")
        return Identity._make((*fields[:5], ResetCause(fields[5]), *fields[6:-1], name))

    return read


def _acknowledgement(codes: str) -> _Read:
    def read(payload: bytes) -> Acknowledgement:
        request, result, value = struct.unpack("<" + codes, payload)
        return Acknowledgement(request, Result(result), value)

    return read


def _battery(codes: str) -> _Read:
    def read(payload: bytes) -> BatteryReport:
        fields = struct.unpack("<" + codes, payload)
        return BatteryReport._make((*fields[:6], fields[6:]))

    return read


class _Row(NamedTuple):
    """One message type: its number on the wire, how to pack it behind a header, its length, and how to read it."""

    type: int
    pack: Callable[..., bytes]
    payload_bytes: int
    read: _Read


_NUMBERS: dict[int, type] = {
    0x01: Hello, 0x02: Arm, 0x03: Disarm, 0x04: Release, 0x05: SetParameter, 0x06: SetLights, 0x07: TimeSync,
    0x10: WheelCommand, IDENTITY_TYPE: Identity, 0x82: Status, 0x84: Acknowledgement, 0x85: TimeReply, 0x86: Imu,
    0x87: BatteryReport, 0x88: MotorReport,
}  # fmt: skip
_READERS: dict[type, Callable[[str], _Read]] = {
    Identity: _identity, Status: _status, Acknowledgement: _acknowledgement, BatteryReport: _battery,
}  # fmt: skip


def _row(number: int, kind: type) -> _Row:
    codes = "".join(_CODES[field] for _, field in message_fields(number))
    read = _READERS[kind](codes) if kind in _READERS else _plain(kind, codes)
    return _Row(number, struct.Struct("<BH" + codes).pack, struct.calcsize("<" + codes), read)


_BY_TYPE = {number: _row(number, kind) for number, kind in _NUMBERS.items()}
_ROWS = {kind: _BY_TYPE[number] for number, kind in _NUMBERS.items()}


def _flattened(message: HostMessage | BaseMessage) -> _Fields:
    """Return a message's values as the wire has them; only messages that are sent seldom differ."""
    if isinstance(message, Identity):
        return (*message[:-1], message.name.encode("ascii"))
    if isinstance(message, BatteryReport):
        return (*message[:-1], *message.cells_mv)
    return message


def encode(message: HostMessage | BaseMessage, sequence: int) -> bytes:
    """Return the bytes of one message; `sequence` counts a direction's frames and wraps at 65536."""
    kind = type(message)
    if kind is DictionaryPage:
        page: DictionaryPage = message  # type: ignore[assignment]
        head = struct.pack("<BH", DICTIONARY_TYPE, sequence & 0xFFFF)
        return encode_body(head + _PAGE.pack(page.session, page.start) + page.text)
    row = _ROWS[kind]
    fields = _flattened(message) if kind is Identity or kind is BatteryReport else message
    return encode_body(row.pack(row.type, sequence & 0xFFFF, *fields))


def decode(frame: Frame) -> HostMessage | BaseMessage | None:
    """Return a frame's message; None if its type, length or a value in it is not of this version.

    The identity of another version is told apart from noise: it becomes `OtherVersion`.
    """
    kind, _, payload = frame
    row = _BY_TYPE.get(kind)
    if row is None or row.payload_bytes != len(payload):
        return _irregular(kind, payload)
    try:
        return row.read(payload)
    except ValueError:
        return None


def _irregular(kind: int, payload: bytes) -> BaseMessage | None:
    if kind == DICTIONARY_TYPE and len(payload) > _PAGE.size:
        session, start = _PAGE.unpack_from(payload)
        return DictionaryPage(session, start, payload[_PAGE.size :])
    if kind == IDENTITY_TYPE and len(payload) >= 2:
        protocol = payload[0] | payload[1] << 8
        return OtherVersion(protocol) if protocol != PROTOCOL_VERSION else None
    return None
