"""Getting to know a base: its identity, its data dictionary, and whether this host may drive it. Pure."""

from __future__ import annotations

import zlib

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.dictionary import MOST_BYTES, differences
from aisle_firmware_bridge.messages import (
    PROTOCOL_VERSION,
    BaseMessage,
    DictionaryPage,
    HostMessage,
    Identity,
    Parameter,
    SetParameter,
)
from aisle_firmware_bridge.wheels import firmware_parameters

LIMIT_TOLERANCE = 1.001
REASONS_TOLD = 3


def other_version(protocol: int) -> str:
    """Say that a base speaks another protocol."""
    return f"it speaks protocol {protocol}, this host {PROTOCOL_VERSION}: update the older one"


def mismatches(identity: Identity, robot: RobotModel, known_board: int | None = None) -> tuple[str, ...]:
    """Say why a base must not be driven by this host; empty if it fits.

    `known_board` is the board that this host drove before, None if there was none.
    """
    if identity.protocol != PROTOCOL_VERSION:
        return (other_version(identity.protocol),)
    wanted = firmware_parameters(robot)
    reasons = []
    if identity.ticks_per_turn != wanted.ticks_per_turn:
        reasons.append(f"it counts {identity.ticks_per_turn} ticks a turn, {robot.name} has {wanted.ticks_per_turn}")
    if identity.forward_limit_radps > wanted.forward_limit_radps * LIMIT_TOLERANCE:
        reasons.append(
            f"its wheels reach {identity.forward_limit_radps:.1f} rad/s,"
            f" {robot.name} allows {wanted.forward_limit_radps:.1f}"
        )
    if known_board is not None and identity.board_id != known_board:
        reasons.append(
            f"it is board {identity.board_id:#x}, this host drove {known_board:#x}: restart the host to change"
        )
    return tuple(reasons)


def settings(robot: RobotModel) -> list[SetParameter]:
    """Return what the host sets at the base when a session begins: the robot's limits."""
    wanted = firmware_parameters(robot)
    values = {
        Parameter.FORWARD_LIMIT: wanted.forward_limit_radps,
        Parameter.TURN_LIMIT: wanted.turn_limit_radps,
        Parameter.FORWARD_ACCELERATION: wanted.forward_acceleration_radps2,
        Parameter.FORWARD_BRAKING: wanted.forward_braking_radps2,
        Parameter.TURN_ACCELERATION: wanted.turn_acceleration_radps2,
        Parameter.BATTERY_MINIMUM: float(wanted.battery_minimum_mv),
    }
    return [SetParameter(0, int(parameter), value) for parameter, value in values.items()]


class Acquaintance:
    """Collects what a base says about itself after a hello."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._identity: Identity | None = None
        self._pages: dict[int, bytes] = {}

    @property
    def identity(self) -> Identity | None:
        return self._identity

    def hear(self, message: BaseMessage | HostMessage | None) -> bool:
        """Take a message; return whether it says something about the base of this session."""
        if isinstance(message, Identity) and message.session == self._session:
            self.meet(message)
            return True
        if isinstance(message, DictionaryPage) and message.session == self._session:
            self.read(message)
            return True
        return False

    def meet(self, identity: Identity) -> None:
        """Take an identity; pages of another dictionary than its own are forgotten."""
        if self._identity is not None and identity.dictionary_crc != self._identity.dictionary_crc:
            self._pages.clear()
        self._identity = identity

    def read(self, page: DictionaryPage) -> None:
        """Keep a page; on a bad line some are lost, and every hello brings them all again."""
        if page.start < MOST_BYTES:
            self._pages[page.start] = page.text

    def verdict(self, robot: RobotModel, known_board: int | None) -> tuple[str, ...] | None:
        """Return why the base must not be driven, empty if it may be; None while its dictionary is not complete."""
        identity = self._identity
        if identity is None:
            return None
        if reasons := mismatches(identity, robot, known_board):
            return reasons
        text = self._text()
        if len(text) < identity.dictionary_bytes:
            return None
        if zlib.crc32(text) != identity.dictionary_crc:
            return ("its data dictionary does not fit its own check sum: flash it again",)
        return _shortened(differences(text))

    def _text(self) -> bytes:
        """Return the pages from the first on as far as none is missing."""
        text = bytearray()
        while page := self._pages.get(len(text)):
            text += page
        return bytes(text)


def _shortened(reasons: tuple[str, ...]) -> tuple[str, ...]:
    if len(reasons) <= REASONS_TOLD:
        return reasons
    more = len(reasons) - REASONS_TOLD
    return (*reasons[:REASONS_TOLD], f"and {more} more differences: flash the firmware that fits this host")
