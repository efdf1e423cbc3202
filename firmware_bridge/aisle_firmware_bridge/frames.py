"""Frames of the base protocol: COBS, CRC-32, type and sequence (PROTOCOL.md). Pure: bytes in, frames out.

A codec has three answers to received bytes: a frame, a reason to resynchronize (`Rejection`), or that it needs more
(the bytes that `FrameParser` keeps). Bytes that were accepted encode again to the very same bytes: a body of at most
253 bytes has one COBS form only.
"""

from __future__ import annotations

import struct
from collections import Counter
from enum import Enum
from typing import NamedTuple

from cobs import cobs
from fastcrc import crc32

MAX_PAYLOAD_BYTES = 240
DELIMITER = b"\0"

# The codec runs for every frame of every robot second, so its parts are bound once and its body has no calls to spare.
_HEADER = struct.Struct("<BH")
_CRC = struct.Struct("<I")
_pack_header, _pack_crc, _crc = _HEADER.pack, _CRC.pack, crc32.iso_hdlc
_cobs_encode, _cobs_decode, _new = cobs.encode, cobs.decode, tuple.__new__
_MIN_BODY_BYTES = _HEADER.size + _CRC.size
_MAX_ENCODED_BYTES = _MIN_BODY_BYTES + MAX_PAYLOAD_BYTES + 1
# A CRC-32 over a body and its own CRC is this number for every undamaged body (the residue of CRC-32/ISO-HDLC).
_RESIDUE = 0x2144DF1C


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


def encode_body(body: bytes) -> bytes:
    """Return header and payload as they go on the line: with CRC, COBS and delimiter. `body` has at most 243 bytes."""
    encoded: bytes = _cobs_encode(body + _pack_crc(_crc(body)))
    return encoded + b"\0"


def encode_frame(frame: Frame) -> bytes:
    """Return a frame's bytes with the delimiter. Raises FrameTooLongError above MAX_PAYLOAD_BYTES."""
    kind, sequence, payload = frame
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise FrameTooLongError(f"payload has {len(payload)} bytes, a frame carries at most {MAX_PAYLOAD_BYTES}")
    return encode_body(_pack_header(kind, sequence) + payload)


def decode_frame(encoded: bytes) -> Frame | Rejection:
    """Decode what stood between two delimiters."""
    if len(encoded) > _MAX_ENCODED_BYTES:
        return Rejection.TOO_LONG
    try:
        body = _cobs_decode(encoded)
    except cobs.DecodeError:
        return Rejection.BAD_COBS
    if len(body) < _MIN_BODY_BYTES:
        return Rejection.TOO_SHORT
    if _crc(body) != _RESIDUE:
        return Rejection.BAD_CRC
    return _new(Frame, (body[0], body[1] | body[2] << 8, body[3:-4]))


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
        pieces = (self._unfinished + received).split(b"\0")
        self._unfinished = pieces.pop()
        if self._skipping and pieces:
            self._skipping = False
            self.rejected[Rejection.TOO_LONG] += 1
            del pieces[0]
        results = [decode_frame(piece) for piece in pieces if piece]
        if len(self._unfinished) > _MAX_ENCODED_BYTES:
            self._skipping = True
            self._unfinished = self._unfinished[: _MAX_ENCODED_BYTES + 1]
        return self._accepted(results)

    def _accepted(self, results: list[Frame | Rejection]) -> list[Frame]:
        frames = [result for result in results if type(result) is Frame]
        if len(frames) < len(results):
            self.rejected.update(result for result in results if isinstance(result, Rejection))
        return frames
