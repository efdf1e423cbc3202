"""Messages about keys: pairing by a code, and the keys that the servers of a store have.

The pairing messages alone travel without CURVE, because nobody has a key yet; what they say is believed only after the
code has been typed (`aisle.pairing`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Message

CODE_DIGITS = 6
NONCE_BYTES = 32
MOST_OFFERS = 8
MOST_KEYS = 200
MOST_PAIRING_BYTES = 1024

PublicKey = Annotated[str, Meta(min_length=40, max_length=40, pattern=r"^[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]+\Z")]
"""A CURVE public key in Z85 (ZeroMQ RFC 32)."""
Nonce = Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
Digits = Annotated[str, Meta(pattern=rf"^[0-9]{{{CODE_DIGITS}}}\Z")]
PLACE_PATTERN = r"^(?!next\Z)[a-z0-9][a-z0-9_-]{0,31}\Z"
Place = Annotated[str, Meta(pattern=PLACE_PATTERN)]
"""Where a device stands, the second half of its key's name; `next` is how the key is called that a server gets next."""
KeyName = Annotated[str, Meta(pattern=r"^[a-z_]{1,32}(@[a-z0-9][a-z0-9_-]{0,31})?\Z")]


class PairedRole(StrEnum):
    """Who may be paired by a code. Staff and the servers get their keys on the machine itself."""

    KIOSK_UI = "kiosk_ui"
    ROBOT = "robot"
    TILL = "till"
    WEB = "web"


class Offer(Message, frozen=True, tag="PairingOffer"):
    """What a device says first: who it wants to be, its public key, and a commitment to a nonce that it still hides."""

    role: PairedRole
    place: Place
    public_key: PublicKey
    commitment: Nonce

    @property
    def name(self) -> str:
        """Return the name of the key, such as kiosk_ui@north."""
        return f"{self.role}@{self.place}"


class OfferTaken(Message, frozen=True):
    """The store's half: its public key, and its nonce."""

    public_key: PublicKey
    nonce: Nonce


class Opening(Message, frozen=True):
    """The nonce that a device committed to."""

    public_key: PublicKey
    nonce: Nonce


class OpeningTaken(Message, frozen=True):
    """The store waits for the code now, for so many seconds."""

    lives_s: float


class OpenPairing(Message, frozen=True):
    """Let devices offer themselves for some minutes; what was offered before is forgotten."""

    minutes: Annotated[float, Meta(gt=0.0, le=60.0)] = 10.0


class ClosePairing(Message, frozen=True):
    """Take no more offers, and forget those that wait."""


class PairingQuery(Message, frozen=True):
    """Ask who waits to be paired."""


class WaitingDevice(Message, frozen=True, tag=False):
    """A device that shows a code, or is about to."""

    name: KeyName
    offered_unix_s: float


class PairingState(Message, frozen=True):
    """Until when devices may offer themselves (0 when they may not), and who waits."""

    open_until_unix_s: float
    devices: Annotated[tuple[WaitingDevice, ...], Meta(max_length=MOST_OFFERS)]


class EnterCode(Message, frozen=True):
    """The code that staff read from a device's screen."""

    code: Digits


class Paired(Message, frozen=True):
    """The key of a device is known now; staff type `answer` on its screen, so that it knows the store too."""

    name: KeyName
    answer: Digits


class ServerKeysQuery(Message, frozen=True):
    """Ask for the public keys of the store's servers, present and next."""


class ServerKey(Message, frozen=True, tag=False):
    """One public key: `store_backend`, or `store_backend@next` for the one that will follow it."""

    name: KeyName
    public_key: PublicKey


class ServerKeys(Message, frozen=True):
    """All public keys of the store's servers; one that is missing is none of them any more."""

    keys: Annotated[tuple[ServerKey, ...], Meta(max_length=MOST_KEYS)]
