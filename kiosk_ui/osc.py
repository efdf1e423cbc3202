"""The part of OSC 1.0 that TUIO 1.1 needs: messages with strings, integers and floats, alone or in a bundle.

Sources: OpenSoundControl 1.0 specification; TUIO 1.1 protocol specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 4096
_MOST_MESSAGES = 32

Argument = str | int | float


class MalformedOscError(ValueError):
    """Bytes that are no OSC packet; the message says what is wrong."""


def messages(packet: bytes) -> Iterator[tuple[str, tuple[Argument, ...]]]:
    """Yield address and arguments of every message of a packet. Raises MalformedOscError."""
    if len(packet) > MOST_BYTES:
        raise MalformedOscError(f"a packet of {len(packet)} bytes; at most {MOST_BYTES} are read")
    if not packet.startswith(b"#bundle\0"):
        yield _message(packet)
        return
    offset, count = 16, 0
    while offset < len(packet):
        (size,) = _unpack(">i", packet, offset)
        count += 1
        if size <= 0 or offset + 4 + size > len(packet) or count > _MOST_MESSAGES:
            raise MalformedOscError(f"a bundle element of {size} bytes at {offset} does not fit")
        yield _message(packet[offset + 4 : offset + 4 + size])
        offset += 4 + size


def _message(content: bytes) -> tuple[str, tuple[Argument, ...]]:
    address, offset = _text(content, 0)
    tags, offset = _text(content, offset)
    if not address.startswith("/") or not tags.startswith(","):
        raise MalformedOscError("a message without an address or type tags")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        if tag == "s":
            text, offset = _text(content, offset)
            arguments.append(text)
        elif tag in "if":
            arguments.append(_unpack(f">{tag}", content, offset)[0])
            offset += 4
        else:
            raise MalformedOscError(f"the type tag {tag!r} is not used by TUIO")
    return address, tuple(arguments)


def _text(content: bytes, offset: int) -> tuple[str, int]:
    end = content.find(b"\0", offset)
    if end < 0:
        raise MalformedOscError("a string without an end")
    try:
        return content[offset:end].decode("ascii"), (end // 4 + 1) * 4
    except UnicodeDecodeError as error:
        raise MalformedOscError("a string that is not ASCII") from error


def _unpack(form: str, content: bytes, offset: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(form, content, offset)
    except struct.error as error:
        raise MalformedOscError(f"the packet ends at {len(content)}, more was announced") from error
