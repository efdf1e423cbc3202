from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.frames import Frame, FrameParser
from aisle_firmware_bridge.protocol import (
    Arm,
    BaseMessage,
    Bumpers,
    Disarm,
    Faults,
    Hello,
    HostMessage,
    Identity,
    Mode,
    Release,
    Status,
    WheelCommand,
    decode,
    encode,
)

f32 = st.floats(width=32, allow_nan=False)
u16, u32, u64 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
i32, u8 = st.integers(-(2**31), 2**31 - 1), st.integers(0, 255)
names = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=16)
messages = st.one_of(
    st.builds(Hello, u16, u32),
    st.sampled_from([Arm(), Disarm(), Release()]),
    st.builds(WheelCommand, f32, f32, u64),
    st.builds(Identity, u16, u32, st.tuples(u8, u8, u8), u32, f32, u16, names),
    st.builds(
        Status,
        *(u64, u32, i32, i32, f32, f32, f32, u16, u8),
        *(st.integers(0, 15).map(Bumpers), st.booleans(), st.sampled_from(Mode)),
        *(st.integers(0, 31).map(Faults), u16, u16),
    ),
)


@given(messages, u16)
def test_every_message_comes_back_with_its_type(message: HostMessage | BaseMessage, sequence: int) -> None:
    [frame] = FrameParser().feed(encode(message, sequence))
    back = decode(frame)
    assert back == message
    assert type(back) is type(message)
    assert frame.sequence == sequence


@given(u8, st.binary(max_size=60))
def test_any_payload_is_a_message_or_none(kind: int, payload: bytes) -> None:
    message = decode(Frame(kind, 0, payload))
    if message is not None:
        [frame] = FrameParser().feed(encode(message, 0))
        assert (frame.type, len(frame.payload)) == (kind, len(payload))


def test_a_wrong_length_is_no_message() -> None:
    [frame] = FrameParser().feed(encode(Hello(1, 2), 0))
    assert decode(frame._replace(payload=frame.payload + b"\0")) is None
    assert decode(frame._replace(payload=frame.payload[:-1])) is None


def test_an_unknown_type_or_mode_is_no_message() -> None:
    status = Status(1, 2, 3, 4, 0.0, 0.0, 0.0, 24_000, 50, Bumpers(0), False, Mode.READY, Faults(0), 0, 0)
    [frame] = FrameParser().feed(encode(status, 0))
    broken = bytearray(frame.payload)
    broken[37] = 99
    assert decode(frame._replace(payload=bytes(broken))) is None
    assert decode(frame._replace(type=0x7F)) is None


def test_the_version_stands_first_in_hello_and_identity() -> None:
    for message in (Hello(0x1234, 1), Identity(0x1234, 1, (0, 1, 0), 4096, 12.5, 200, "x")):
        [frame] = FrameParser().feed(encode(message, 0))
        assert frame.payload[:2] == b"\x34\x12"


@pytest.mark.parametrize("sequence", [65_536, 65_537])
def test_the_sequence_wraps(sequence: int) -> None:
    [frame] = FrameParser().feed(encode(Arm(), sequence))
    assert frame.sequence == sequence - 65_536
