"""Frames of the base protocol: COBS, CRC-32, type and sequence (PROTOCOL.md). Pure: bytes in, frames out."""

from __future__ import annotations

import struct
from collections import Counter
from enum import Enum
from typing import NamedTuple

from cobs import cobs
from fastcrc import crc32

MAX_PAYLOAD_BYTES = 240
DELIMITER = b"\0"

_HEADER = struct.Struct("<BH")
_CRC = struct.Struct("<I")
_MIN_BODY_BYTES = _HEADER.size + _CRC.size
_MAX_ENCODED_BYTES = _MIN_BODY_BYTES + MAX_PAYLOAD_BYTES + 1


class Frame(NamedTuple):
    """One undamaged frame; what its payload means is a matter of `protocol`."""

    type: int
    sequence: int
    payload: bytes


class Rejection(Enum):
    """Why received bytes were thrown away."""

    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    BAD_COBS = "bad COBS"
    BAD_CRC = "bad CRC"


class FrameTooLongError(ValueError):
    """A payload that no frame of this protocol can carry."""


def encode_frame(frame: Frame) -> bytes:
    """Return a frame's bytes with the delimiter. Raises FrameTooLongError above MAX_PAYLOAD_BYTES."""
    if len(frame.payload) > MAX_PAYLOAD_BYTES:
        raise FrameTooLongError(f"payload has {len(frame.payload)} bytes, a frame carries at most {MAX_PAYLOAD_BYTES}")
    body = _HEADER.pack(frame.type, frame.sequence) + frame.payload
    return bytes(cobs.encode(body + _CRC.pack(crc32.iso_hdlc(body)))) + DELIMITER


def decode_frame(encoded: bytes) -> Frame | Rejection:
    """Decode what stood between two delimiters."""
    if len(encoded) > _MAX_ENCODED_BYTES:
        return Rejection.TOO_LONG
    try:
        body = cobs.decode(encoded)
    except cobs.DecodeError:
        return Rejection.BAD_COBS
    if len(body) < _MIN_BODY_BYTES:
        return Rejection.TOO_SHORT
    checked, crc = body[: -_CRC.size], body[-_CRC.size :]
    if _CRC.pack(crc32.iso_hdlc(checked)) != crc:
        return Rejection.BAD_CRC
    kind, sequence = _HEADER.unpack_from(checked)
    return Frame(kind, sequence, checked[_HEADER.size :])


class FrameParser:
    """Cuts a byte stream into frames; holds at most one unfinished frame, and counts what it threw away."""

    def __init__(self) -> None:
        self._unfinished = b""
        self._skipping = False
        self.rejected: Counter[Rejection] = Counter()

    def feed(self, received: bytes) -> list[Frame]:
        """Take received bytes; return the frames that are complete, in order.

        Bytes of an unfinished frame wait for more. After damage the parser is in step again at the next
        delimiter; a frame without an end is given up at the size limit.
        """
        *complete, self._unfinished = (self._unfinished + received).split(DELIMITER)
        frames = [frame for encoded in complete if (frame := self._take(encoded)) is not None]
        if len(self._unfinished) > _MAX_ENCODED_BYTES:
            self._skipping = True
            self._unfinished = self._unfinished[: _MAX_ENCODED_BYTES + 1]
        return frames

    def _take(self, encoded: bytes) -> Frame | None:
        if self._skipping:
            self._skipping = False
            self.rejected[Rejection.TOO_LONG] += 1
            return None
        if not encoded:
            return None
        result = decode_frame(encoded)
        if isinstance(result, Frame):
            return result
        self.rejected[result] += 1
        return None
