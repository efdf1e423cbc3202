import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle import envelope, messages
from aisle.messages import MAX_MESSAGE_BYTES, MalformedMessage, ProblemCode, care, visit

identifiers = st.text(min_size=1, max_size=64)


@given(identifiers, identifiers, st.floats(0.0, 2e9))
def test_a_request_comes_back_as_it_was(session: str, key: str, deadline_unix_s: float) -> None:
    body = visit.TourRequest(session_id=session, product_id=7)
    request = envelope.decode_request(envelope.encode_request(key, deadline_unix_s, body))
    assert (request.key, request.deadline_unix_s) == (key, deadline_unix_s)
    assert envelope.decode_body(request.body, messages.GatewayRequest) == body


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        envelope.decode_request(content)


@given(st.binary(max_size=300))
def test_random_bodies_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        envelope.decode_body(content, messages.BackendRequest)


def test_a_message_of_another_channel_is_refused() -> None:
    content = envelope.encode_body(visit.TourCancel(session_id="s"))
    with pytest.raises(MalformedMessage, match="TourCancel"):
        envelope.decode_body(content, messages.BackendRequest)


def test_an_unknown_field_is_refused() -> None:
    content = msgspec.msgpack.encode({"type": "Feedback", "session_id": "s", "score": 3, "mood": "angry"})
    with pytest.raises(MalformedMessage, match="mood"):
        envelope.decode_body(content, messages.BackendRequest)


@pytest.mark.parametrize("score", [-1, 11, "nine", None])
def test_a_score_out_of_range_is_refused(score: object) -> None:
    content = msgspec.msgpack.encode({"type": "Feedback", "session_id": "s", "score": score})
    with pytest.raises(MalformedMessage, match="score"):
        envelope.decode_body(content, messages.BackendRequest)


def test_an_oversized_message_is_neither_sent_nor_read() -> None:
    with pytest.raises(MalformedMessage, match="limit"):
        envelope.decode_request(b"\x81" * (MAX_MESSAGE_BYTES + 1))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        envelope.decode_body(b"\x91" * 100_000, messages.BackendRequest)


def test_a_request_past_its_deadline_is_refused() -> None:
    late = envelope.lateness(100.0, 100.5)
    assert late is not None
    assert late.code is ProblemCode.EXPIRED
    assert envelope.lateness(100.0, 100.0) is None


def test_another_protocol_version_is_refused() -> None:
    body = msgspec.Raw(envelope.encode_body(care.Feedback(session_id="s", score=3)))
    request = messages.Request(version=99, key="k", deadline_unix_s=1e12, body=body)
    problem = envelope.other_version(request)
    assert problem is not None
    assert "99" in problem.sentence
