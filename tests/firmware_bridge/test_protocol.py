from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.dictionary import message_fields
from aisle_firmware_bridge.frames import Frame, FrameParser
from aisle_firmware_bridge.protocol import (
    PROTOCOL_VERSION,
    Arm,
    BaseMessage,
    Bumpers,
    Cliffs,
    Contacts,
    Disarm,
    Faults,
    Hello,
    HostMessage,
    Identity,
    Mode,
    OtherVersion,
    Release,
    ResetCause,
    SetLights,
    SetParameter,
    Status,
    StopChain,
    decode,
    encode,
)
from tests.firmware_bridge.message_strategies import messages, u8, u16

STATUS = Status(
    *(1, 2, 3, 4, 0.0, 0.0, 0.0, 24_000, 50, 0, 0),
    *(Bumpers(0), Cliffs(0), Contacts(0), StopChain(4), Mode.READY, Faults(0)),
)
IDENTITY = Identity(PROTOCOL_VERSION, 1, 0, 2, 0, ResetCause.SWITCHED_ON, 1, 4096, 12.5, 200, 10, 11, "x")


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
    if message is not None and not isinstance(message, OtherVersion):
        [frame] = FrameParser().feed(encode(message, 0))
        assert (frame.type, len(frame.payload)) == (kind, len(payload))


def test_a_wrong_length_is_no_message() -> None:
    [frame] = FrameParser().feed(encode(Hello(1, 2), 0))
    assert decode(frame._replace(payload=frame.payload + b"\0")) is None
    assert decode(frame._replace(payload=frame.payload[:-1])) is None


def test_an_unknown_type_or_mode_is_no_message() -> None:
    [frame] = FrameParser().feed(encode(STATUS, 0))
    broken = bytearray(frame.payload)
    broken[-3] = 99
    assert decode(frame._replace(payload=bytes(broken))) is None
    assert decode(frame._replace(type=0x7F)) is None


def test_a_name_that_is_not_ascii_is_no_message() -> None:
    [frame] = FrameParser().feed(encode(IDENTITY, 0))
    assert decode(frame._replace(payload=frame.payload[:-1] + b"\xff")) is None


def test_the_version_stands_first_in_hello_and_identity() -> None:
    for message in (Hello(0x1234, 1), IDENTITY._replace(protocol=0x1234)):
        [frame] = FrameParser().feed(encode(message, 0))
        assert frame.payload[:2] == b"\x34\x12"


def test_an_identity_of_another_version_is_told_from_noise() -> None:
    [frame] = FrameParser().feed(encode(IDENTITY, 0))
    assert decode(frame._replace(payload=b"\x01\x00" + bytes(33))) == OtherVersion(1)
    assert decode(frame._replace(payload=frame.payload[:2] + bytes(33))) is None


@pytest.mark.parametrize("message", [STATUS, IDENTITY, Arm(), Disarm(), Release(), Hello(1, 1)])
def test_the_fields_of_a_message_are_those_of_the_dictionary(message: HostMessage | BaseMessage) -> None:
    [frame] = FrameParser().feed(encode(message, 0))
    assert tuple(name for name, _ in message_fields(frame.type)) == message._fields


@pytest.mark.parametrize("sequence", [65_536, 65_537])
def test_the_sequence_wraps(sequence: int) -> None:
    [frame] = FrameParser().feed(encode(Arm(), sequence))
    assert frame.sequence == sequence - 65_536


def test_requests_carry_their_number_first() -> None:
    for request in (Arm(7), Disarm(7), Release(7), SetParameter(7, 1, 2.0), SetLights(7, 1, 2, 3, 4)):
        [frame] = FrameParser().feed(encode(request, 0))
        assert frame.payload[:2] == b"\x07\x00"
