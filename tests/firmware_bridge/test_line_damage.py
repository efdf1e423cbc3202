"""A long line with a damaged byte in a thousand: nothing is accepted that was not sent byte for byte."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.frames import FrameParser, encode_frame
from aisle_firmware_bridge.protocol import WheelCommand, encode
from tests.firmware_bridge.test_firmware_codec import c_parse, declared

FRAMES = 20_000
DAMAGED_SHARE = 0.001
KINDS = ("flip", "drop", "double", "swap")
SENT = [encode(WheelCommand(0.001 * number, -0.001 * number, 20_000 * number), number) for number in range(FRAMES)]
LINE = np.frombuffer(b"".join(SENT), np.uint8)


def damage(kind: str, seed: int) -> bytes:
    """Damage DAMAGED_SHARE of the line's bytes, chosen by the seed."""
    rng = np.random.default_rng(seed)
    line = LINE.copy()
    hit = np.flatnonzero(rng.random(len(line) - 1) < DAMAGED_SHARE)
    if kind == "flip":
        line[hit] ^= (1 << rng.integers(0, 8, len(hit))).astype(np.uint8)
    elif kind == "drop":
        line = np.delete(line, hit)
    elif kind == "double":
        line = np.insert(line, hit, line[hit])
    else:
        line[hit], line[hit + 1] = line[hit + 1].copy(), line[hit].copy()
    return line.tobytes()


@settings(max_examples=25)
@given(st.sampled_from(KINDS), st.integers(0, 2**32))
def test_the_host_accepts_only_what_was_sent(kind: str, seed: int) -> None:
    parser = FrameParser()
    accepted = parser.feed(damage(kind, seed))
    assert {encode_frame(frame) for frame in accepted} <= set(SENT)
    assert sum(parser.rejected.values()) > 0
    assert len(accepted) > 0.9 * FRAMES


@pytest.mark.integration
@pytest.mark.parametrize("kind", KINDS)
def test_the_firmware_accepts_what_the_host_accepts(firmware_paths: FirmwarePaths, kind: str) -> None:
    line = damage(kind, seed=1)
    library = declared(ctypes.CDLL(str(firmware_paths.library)))
    assert c_parse(library, line) == FrameParser().feed(line)
