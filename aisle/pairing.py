"""Pairing by a code that is shown and typed: what both ends compute, and what the device checks.

The scheme is authentication by a short string, with a commitment before it: S. Vaudenay, "Secure Communications over
Insecure Channels Based on Short Authenticated Strings", CRYPTO 2005. ZRTP (RFC 6189, section 4.4) and the numeric
comparison of Bluetooth LE Secure Connections (Core 5.4, vol. 3 H, 2.3.5.6.2) are the same exchange.

    device                                                        store
      offer: name, public key, HMAC(own nonce, name and key)  ->
                                                              <-  its public key, its nonce
      opening: own nonce                                      ->  checks it against the commitment
      both: code and answer = digits of HMAC(both nonces, everything that was said)
      the screen shows the code                               ->  staff type it at the store's console
      staff type it on the screen                             <-  the console shows the answer

Whoever stands between the two must choose keys and nonces before they know the other end's nonce, so both codes are
equal with a chance of one in a million for each offer, however much they compute. A code is no secret: shoppers may
read it, which is why it is no password (and no PAKE). It is typed in both directions, because a person who is only
asked whether two numbers are equal says yes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import Enum

import msgspec

from aisle.messages.pairing import CODE_DIGITS, NONCE_BYTES, Nonce, Offer, OfferTaken, Opening, PairedRole, PublicKey

LIVES_S = 300.0
MOST_WRONG = 5


@dataclass(frozen=True, slots=True)
class Codes:
    """What the device shows and the console takes, and what the console shows and the device takes."""

    code: str
    answer: str


def new_nonce() -> Nonce:
    """Return a nonce that nobody can guess."""
    return secrets.token_bytes(NONCE_BYTES)


def commitment(role: PairedRole, place: str, public_key: PublicKey, nonce: Nonce) -> bytes:
    """Bind a nonce to a name and a key without telling it."""
    return _mac(nonce, "commitment", role.value, place, public_key)


def opens(offer: Offer, nonce: Nonce) -> bool:
    """Tell whether a nonce is the one that was committed to."""
    return hmac.compare_digest(commitment(offer.role, offer.place, offer.public_key, nonce), offer.commitment)


def codes(offer: Offer, taken: OfferTaken, nonce: Nonce) -> Codes:
    """Return the codes of one exchange; every word of it counts."""
    said = (offer.role.value, offer.place, offer.public_key, offer.commitment, taken.public_key)
    number = int.from_bytes(_mac(nonce + taken.nonce, "codes", *said))
    answer, code = divmod(number % 10 ** (2 * CODE_DIGITS), 10**CODE_DIGITS)
    return Codes(f"{code:0{CODE_DIGITS}}", f"{answer:0{CODE_DIGITS}}")


def _mac(key: bytes, what: str, *said: str | bytes) -> bytes:
    return hmac.digest(key, msgspec.msgpack.encode((f"aisle pairing 1: {what}", *said)), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that wants to be paired; the nonce is fresh for each offer and stays hidden until the store answers."""

    role: PairedRole
    place: str
    public_key: PublicKey
    nonce: Nonce

    def offer(self) -> Offer:
        """Return the first message."""
        hidden = commitment(self.role, self.place, self.public_key, self.nonce)
        return Offer(role=self.role, place=self.place, public_key=self.public_key, commitment=hidden)

    def opening(self) -> Opening:
        """Return the second message. It is sent once the store's half is there, never before."""
        return Opening(public_key=self.public_key, nonce=self.nonce)

    def begin(self, taken: OfferTaken, until_s: float) -> DeviceSide:
        """Return what the device shows and waits for, until a time of its own clock."""
        return DeviceSide(codes(self.offer(), taken, self.nonce), taken.public_key, until_s)


class Verdict(Enum):
    """What became of a typed answer. After OVER only a person begins again, with a new nonce and another code."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


@dataclass(slots=True)
class DeviceSide:
    """The device's end from the moment it shows the code; `server_key` counts only once `is_right`."""

    codes: Codes
    server_key: PublicKey
    until_s: float
    is_right: bool = False
    _wrong: int = 0

    def is_over(self, now_s: float) -> bool:
        """Tell whether nothing can come of it any more."""
        return not self.is_right and (now_s > self.until_s or self._wrong >= MOST_WRONG)

    def check(self, answer: str, now_s: float) -> Verdict:
        """Compare what was typed with the answer that only this store's console can show."""
        if self.is_over(now_s):
            return Verdict.OVER
        if hmac.compare_digest(answer.encode(), self.codes.answer.encode()):
            self.is_right = True
            return Verdict.RIGHT
        self._wrong += 1
        return Verdict.OVER if self.is_over(now_s) else Verdict.WRONG
