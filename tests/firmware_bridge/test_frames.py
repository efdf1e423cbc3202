from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.frames import (
    DELIMITER,
    MAX_PAYLOAD_BYTES,
    Frame,
    FrameParser,
    FrameTooLongError,
    Rejection,
    decode_frame,
    encode_frame,
)
from tests.firmware_bridge.frame_strategies import damaged, frames


@given(frames)
def test_a_frame_comes_back(frame: Frame) -> None:
    encoded = encode_frame(frame)
    assert encoded.index(DELIMITER) == len(encoded) - 1
    assert decode_frame(encoded[:-1]) == frame


@given(st.lists(frames, max_size=5), st.lists(st.integers(0, 400), max_size=8))
def test_how_the_stream_is_cut_into_chunks_does_not_matter(sent: list[Frame], cuts: list[int]) -> None:
    line = b"".join(map(encode_frame, sent))
    places = [0, *sorted(min(cut, len(line)) for cut in cuts), len(line)]
    parser = FrameParser()
    received = [f for a, b in itertools.pairwise(places) for f in parser.feed(line[a:b])]
    assert received == sent
    assert not parser.rejected


@given(st.data(), st.lists(frames, min_size=1, max_size=6))
def test_no_frame_is_accepted_that_was_not_sent(data: st.DataObject, sent: list[Frame]) -> None:
    line = data.draw(damaged(b"".join(map(encode_frame, sent))))
    for frame in FrameParser().feed(line):
        assert frame in sent


@given(st.binary(max_size=600), frames)
def test_the_parser_is_in_step_again_after_noise_and_a_delimiter(noise: bytes, frame: Frame) -> None:
    assert FrameParser().feed(noise + DELIMITER + encode_frame(frame))[-1] == frame


@pytest.mark.parametrize(
    ("encoded", "cause"),
    [
        (b"\x05abc", Rejection.BAD_COBS),
        (b"\x04abc", Rejection.TOO_SHORT),
        (b"\x01" * 400, Rejection.TOO_LONG),
        (encode_frame(Frame(1, 2, b"x"))[:-1].replace(b"x", b"y"), Rejection.BAD_CRC),
    ],
)
def test_damage_is_counted_by_cause(encoded: bytes, cause: Rejection) -> None:
    parser = FrameParser()
    assert parser.feed(encoded + DELIMITER) == []
    assert parser.rejected == {cause: 1}


def test_a_frame_without_end_is_given_up_and_counted_once() -> None:
    parser = FrameParser()
    for _ in range(100):
        assert parser.feed(b"\x11" * 100) == []
    assert len(parser._unfinished) < 300
    frame = Frame(3, 4, b"later")
    assert parser.feed(DELIMITER + encode_frame(frame)) == [frame]
    assert parser.rejected == {Rejection.TOO_LONG: 1}


def test_empty_frames_mean_nothing() -> None:
    parser = FrameParser()
    assert parser.feed(DELIMITER * 50) == []
    assert not parser.rejected


def test_a_payload_over_the_limit_is_refused() -> None:
    with pytest.raises(FrameTooLongError, match=r"241 bytes.*at most 240"):
        encode_frame(Frame(1, 1, bytes(MAX_PAYLOAD_BYTES + 1)))
