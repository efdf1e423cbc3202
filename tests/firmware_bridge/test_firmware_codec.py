"""The C codec and the Python codec are two writings of one protocol: they must agree on every byte."""

from __future__ import annotations

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import DELIMITER, Frame, FrameParser, encode_frame
from tests.firmware_bridge.frame_strategies import damaged, frames

FRAME_BYTES = 512
PARSE_FRAME = 1


class CFrame(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("payload", ctypes.POINTER(ctypes.c_uint8)),
        ("payload_bytes", ctypes.c_size_t),
    )


@pytest.fixture(scope="module")
def library(firmware_paths: FirmwarePaths) -> ctypes.CDLL:
    return declared(ctypes.CDLL(str(firmware_paths.library)))


def declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Tell ctypes what the codec's functions take."""
    library.frame_encode.restype = ctypes.c_size_t
    library.frame_encode.argtypes = (
        *(ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p, ctypes.c_size_t),
        *(ctypes.c_void_p, ctypes.c_size_t),
    )
    library.frame_parser_take.argtypes = (ctypes.c_void_p, ctypes.c_uint8, ctypes.c_void_p)
    return library


def c_encode(library: ctypes.CDLL, frame: Frame) -> bytes:
    out = ctypes.create_string_buffer(FRAME_BYTES)
    count = library.frame_encode(*frame[:2], frame.payload, len(frame.payload), out, FRAME_BYTES)
    return out.raw[:count]


def c_parse(library: ctypes.CDLL, line: bytes) -> list[Frame]:
    parser, found, frames_found = (ctypes.c_uint64 * 128)(), CFrame(), []
    for byte in line:
        if library.frame_parser_take(parser, byte, ctypes.byref(found)) == PARSE_FRAME:
            payload = bytes(found.payload[: found.payload_bytes])
            frames_found.append(Frame(found.type, found.sequence, payload))
    return frames_found


@given(frames)
def test_both_encode_the_same_bytes(library: ctypes.CDLL, frame: Frame) -> None:
    assert c_encode(library, frame) == encode_frame(frame)


@given(st.data(), st.lists(frames, min_size=1, max_size=4))
def test_both_accept_the_same_frames_of_a_damaged_line(
    library: ctypes.CDLL, data: st.DataObject, sent: list[Frame]
) -> None:
    line = data.draw(damaged(b"".join(map(encode_frame, sent))))
    received = c_parse(library, line)
    assert received == FrameParser().feed(line)
    assert all(frame in sent for frame in received)


@given(st.binary(max_size=700))
def test_both_accept_nothing_in_noise(library: ctypes.CDLL, noise: bytes) -> None:
    assert c_parse(library, noise + DELIMITER) == FrameParser().feed(noise + DELIMITER) == []


def test_the_c_encoder_refuses_what_does_not_fit(library: ctypes.CDLL) -> None:
    assert c_encode(library, Frame(1, 1, bytes(241))) == b""
