"""Bytes of requests and replies: version, idempotency key, deadline, size and schema, checked in that order."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

from aisle.messages.base import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    MalformedMessage,
    Problem,
    ProblemCode,
    Reply,
    Request,
)

Envelope = TypeVar("Envelope", Request, Reply)

_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def encode_body(body: msgspec.Struct) -> bytes:
    """Encode one message. Raises MalformedMessage when it is larger than any receiver takes."""
    content = _encoder.encode(body)
    if len(content) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(f"{type(body).__name__} has {len(content)} bytes, at most {MAX_MESSAGE_BYTES} are sent")
    return content


def encode_request(key: str, deadline_unix_s: float, body: msgspec.Struct) -> bytes:
    """Wrap a message as a request."""
    raw = msgspec.Raw(encode_body(body))
    return _encoder.encode(Request(version=PROTOCOL_VERSION, key=key, deadline_unix_s=deadline_unix_s, body=raw))


def encode_reply(key: str, body: msgspec.Struct) -> bytes:
    """Wrap a message as the reply to the request with this key."""
    return _encoder.encode(Reply(version=PROTOCOL_VERSION, key=key, body=msgspec.Raw(encode_body(body))))


def decode_request(content: bytes) -> Request:
    """Read a request's envelope; its body is still undecoded. Raises MalformedMessage."""
    return _decode(_request_decoder, content, "request")


def decode_reply(content: bytes) -> Reply:
    """Read a reply's envelope; its body is still undecoded. Raises MalformedMessage."""
    return _decode(_reply_decoder, content, "reply")


def decode_body(content: bytes | msgspec.Raw, kinds: Any) -> Any:
    """Decode a message that must be one of `kinds` (a type or a union). Raises MalformedMessage."""
    if len(content) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(f"a message of {len(content)} bytes is over the limit of {MAX_MESSAGE_BYTES}")
    try:
        return _body_decoder(kinds).decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(f"message is malformed: {error}") from error


@cache
def _body_decoder(kinds: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kinds)


def other_version(request: Request) -> Problem | None:
    """Say that a request speaks another version of the protocol; None when it speaks ours."""
    if request.version == PROTOCOL_VERSION:
        return None
    versions = f"request speaks protocol {request.version}, this side speaks {PROTOCOL_VERSION}"
    return Problem(code=ProblemCode.VERSION, sentence=f"{versions}; update the older one")


def lateness(deadline_unix_s: float, now_unix_s: float) -> Problem | None:
    """Say that a request must not be carried out any more; None until its deadline."""
    if now_unix_s <= deadline_unix_s:
        return None
    late_s = now_unix_s - deadline_unix_s
    sentence = f"request came {late_s:.2f} s after its deadline; nothing was done"
    return Problem(code=ProblemCode.EXPIRED, sentence=sentence)


def _decode(decoder: msgspec.msgpack.Decoder[Envelope], content: bytes, what: str) -> Envelope:
    if len(content) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(f"a {what} of {len(content)} bytes is over the limit of {MAX_MESSAGE_BYTES}")
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(f"{what} envelope is malformed: {error}") from error
