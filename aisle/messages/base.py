"""The base of every ZeroMQ message, and the envelope around requests and replies."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 1_000_000

Identifier = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=2000)]


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every message: immutable, tagged with its type name, unknown fields refused."""


class MalformedMessage(ValueError):
    """Bytes that are no message of this protocol; the sentence names what was wrong and where."""


class ProblemCode(StrEnum):
    """Why a request was not carried out."""

    MALFORMED = "malformed"
    VERSION = "version"
    EXPIRED = "expired"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_SHELF = "no_shelf"
    UNKNOWN_SESSION = "unknown_session"
    BUSY = "busy"
    NOT_READY = "not_ready"
    FORBIDDEN = "forbidden"
    KEY_REFUSED = "key_refused"
    FAILED = "failed"


class Problem(Message, frozen=True):
    """The answer to a request that was understood or refused, but not carried out."""

    code: ProblemCode
    sentence: Text


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Envelope of a request. The key makes a repeated request harmless; past the deadline nothing is done."""

    version: int
    key: Identifier
    deadline_unix_s: float
    body: msgspec.Raw


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Envelope of a reply; `key` is the request's."""

    version: int
    key: Identifier
    body: msgspec.Raw
