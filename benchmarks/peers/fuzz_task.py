"""Fuzz the Python codec with atheris: `fuzz_task.py SOURCES ARGUMENTS...`, where the arguments are libFuzzer's.

It runs in an environment of its own, which has atheris, cobs and fastcrc but not this project: SOURCES is where
`aisle_firmware_bridge` lies. Whatever comes, an accepted frame must encode again to the bytes that came, a message to
its frame, and how the line is cut into chunks must not matter.
"""

from __future__ import annotations

import math
import sys

import atheris

sys.path.insert(0, sys.argv.pop(1))
with atheris.instrument_imports(include=["aisle_firmware_bridge", "cobs"]):
    from aisle_firmware_bridge import dictionary, frames, messages, protocol

_MOST_BODY_BYTES = 3 + frames.MAX_PAYLOAD_BYTES


def line_of(given: bytes) -> bytes:
    """Return given bytes as a line: half of them as they are, half in an envelope with the right check sum.

    Without that, no input but one in four billion would get past the CRC.
    """
    if not given or given[0] % 2 == 0:
        return given[1:]
    cut = given[0] * 4
    return frames.encode_body(given[1 : 1 + min(cut, _MOST_BODY_BYTES)]) + given[1 + cut :]


def check_frames(line: bytes) -> list[frames.Frame]:
    """Parse a line in one piece and in two, and encode again what was accepted."""
    accepted = frames.FrameParser().feed(line)
    pieces = frames.FrameParser()
    middle = len(line) // 2
    assert pieces.feed(line[:middle]) + pieces.feed(line[middle:]) == accepted
    sent = {piece + frames.DELIMITER for piece in line.split(frames.DELIMITER)}
    assert all(frames.encode_frame(frame) in sent for frame in accepted)
    return accepted


def check_message(frame: frames.Frame) -> None:
    """Decode a frame and encode it again; what is not a number may come back as another such value."""
    message = protocol.decode(frame)
    if isinstance(message, messages.DictionaryPage):
        dictionary.differences(message.text)
    if message is None or isinstance(message, messages.OtherVersion):
        return
    if any(isinstance(value, float) and math.isnan(value) for value in message):
        return
    assert protocol.encode(message, frame.sequence) == frames.encode_frame(frame)


def test_one_input(given: bytes) -> None:
    """What libFuzzer calls."""
    for frame in check_frames(line_of(given)):
        check_message(frame)


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
