"""The base of every ZeroMQ message, and the envelope around requests and replies."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta

from aisle import card_numbers

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 1_000_000

Identifier = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=2000)]
FROM_A_PERSON = {"is_from_a_person": True}
"""Marks (`Meta.extra`) a text in which no message holds a card number: it cannot be made and is not taken in."""
FreeText = Annotated[str, Meta(max_length=2000, extra=FROM_A_PERSON)]
"""What a person wrote or said."""
Letter = Annotated[str, Meta(min_length=1, max_length=20_000, extra=FROM_A_PERSON)]
"""The same, of any length that is read."""


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every message: immutable, tagged with its type name, unknown fields refused."""

    def __post_init__(self) -> None:
        """Refuse card numbers in free text; whoever makes a message of free text masks it first. Raises ValueError."""
        for name in _free_texts(type(self)):
            if card_numbers.spans(getattr(self, name)):
                raise ValueError(f"{type(self).__name__}.{name} holds a card number; none is ever kept")


@cache
def _free_texts(kind: type[Message]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if _is_from_a_person(field.type))


def _is_from_a_person(kind: object) -> bool:
    return any(isinstance(one, Meta) and one.extra == FROM_A_PERSON for one in getattr(kind, "__metadata__", ()))


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
    NOT_FOUND = "not_found"
    SOLD_OUT = "sold_out"
    NOT_NOW = "not_now"
    PRICE_CHANGED = "price_changed"
    BUSY = "busy"
    NOT_READY = "not_ready"
    FORBIDDEN = "forbidden"
    ALREADY = "already"
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
