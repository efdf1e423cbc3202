"""What a base says about itself when it is greeted, right or wrong."""

from __future__ import annotations

import zlib

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.protocol import (
    PROTOCOL_VERSION,
    DictionaryPage,
    Identity,
    ResetCause,
    encode,
)

PAGE_BYTES = 200


def identity_of(robot: RobotModel, dictionary: str, session: int = 7) -> Identity:
    """Return the identity of a base that fits the robot and sends this dictionary."""
    text = dictionary.encode()
    numbers = (robot.wheels.ticks_per_turn, 12.5, 200, len(text), zlib.crc32(text))
    return Identity(PROTOCOL_VERSION, session, 0, 2, 0, ResetCause.SWITCHED_ON, 1, *numbers, "other")


def introduce(identity: Identity, dictionary: str, **wrong: object) -> bytes:
    """Return the bytes that answer a hello."""
    text = dictionary.encode()
    pages = [
        DictionaryPage(identity.session, start, text[start : start + PAGE_BYTES])
        for start in range(0, len(text), PAGE_BYTES)
    ]
    first = encode(identity._replace(**wrong), 1)  # type: ignore[arg-type]
    return first + b"".join(encode(page, 2 + place) for place, page in enumerate(pages))
