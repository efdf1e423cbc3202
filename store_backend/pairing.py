"""The store's end of pairing while its window is open: which devices offered themselves, and which code is theirs.

A window takes a handful of offers, and each of them counts, finished or not: that bounds how many codes a stranger can
try to make equal to one that a screen shows (`aisle.pairing`).
"""

from __future__ import annotations

import hmac
from collections.abc import Set
from dataclasses import dataclass, field

from aisle import pairing
from aisle.messages import Problem, ProblemCode
from aisle.messages.pairing import MOST_OFFERS, Nonce, Offer, OfferTaken, Opening, OpeningTaken, PublicKey
from aisle.pairing import LIVES_S, MOST_WRONG, Codes


@dataclass(slots=True)
class Waiting:
    """One offer; it has codes once it was opened, and none after it has ended."""

    offer: Offer
    nonce: Nonce
    offered_s: float
    codes: Codes | None = None
    has_ended: bool = False

    def is_alive(self, now_s: float) -> bool:
        """Tell whether it may still be paired."""
        return not self.has_ended and now_s <= self.offered_s + LIVES_S


@dataclass(frozen=True, slots=True)
class Accepted:
    """A device whose code was typed."""

    offer: Offer
    answer: str


@dataclass(slots=True)
class PairingWindow:
    """Open until `until_s`; times are those of one clock that never runs backwards."""

    public_key: PublicKey
    until_s: float
    _waiting: dict[PublicKey, Waiting] = field(default_factory=dict)
    _wrong: int = 0

    def is_open(self, now_s: float) -> bool:
        """Tell whether anything can still come of it."""
        return now_s <= self.until_s

    def waiting(self, now_s: float) -> list[Waiting]:
        """Return the offers that may still be paired, oldest first."""
        return [one for one in self._waiting.values() if one.is_alive(now_s)]

    def take_offer(self, offer: Offer, nonce: Nonce, now_s: float) -> OfferTaken | Problem:
        """Take a device's first message; `nonce` is fresh. The same message again gets the same reply."""
        if not self.is_open(now_s):
            return _problem(ProblemCode.NOT_NOW, "pairing is closed; ask staff to run `aisle pair`")
        known = self._waiting.get(offer.public_key)
        if known is None:
            if len(self._waiting) >= MOST_OFFERS:
                sentence = f"{MOST_OFFERS} devices have asked already, more are not taken; staff run `aisle pair` again"
                return _problem(ProblemCode.BUSY, sentence)
            known = self._waiting[offer.public_key] = Waiting(offer, nonce, now_s)
        if known.offer != offer or not known.is_alive(now_s):
            return _problem(ProblemCode.ALREADY, "this key was offered before; begin again on the device")
        return OfferTaken(public_key=self.public_key, nonce=known.nonce)

    def take_opening(self, opening: Opening, now_s: float) -> OpeningTaken | Problem:
        """Take a device's second message; from now on its code may be typed."""
        known = self._waiting.get(opening.public_key)
        if known is None or not self.is_open(now_s) or not known.is_alive(now_s):
            return _problem(ProblemCode.NOT_NOW, "this offer has ended; begin again on the device")
        if not pairing.opens(known.offer, opening.nonce):
            known.has_ended = True
            return _problem(ProblemCode.FORBIDDEN, "the nonce is not the one that was promised; begin again")
        taken = OfferTaken(public_key=self.public_key, nonce=known.nonce)
        known.codes = pairing.codes(known.offer, taken, opening.nonce)
        return OpeningTaken(lives_s=min(known.offered_s + LIVES_S, self.until_s) - now_s)

    def enter(self, code: str, names_in_use: Set[str], now_s: float) -> Accepted | Problem:
        """Take the code that staff typed, and return whose it is."""
        if not self.is_open(now_s):
            return _problem(ProblemCode.NOT_NOW, "pairing is closed; run `aisle pair`, then begin again on the device")
        shown = [(one, one.codes) for one in self.waiting(now_s) if one.codes is not None]
        if not shown:
            return _problem(ProblemCode.NOT_FOUND, "no device waits for its code; begin again on the device")
        found = [(one, codes) for one, codes in shown if hmac.compare_digest(code.encode(), codes.code.encode())]
        if len(found) != 1:
            return self._refuse_code(len(found), now_s)
        ((one, codes),) = found
        one.has_ended = True
        if one.offer.name in names_in_use:
            sentence = (
                f"there is a key {one.offer.name} already; take its .key file away, or give the device another name"
            )
            return _problem(ProblemCode.ALREADY, sentence)
        return Accepted(one.offer, codes.answer)

    def _refuse_code(self, found: int, now_s: float) -> Problem:
        self._wrong += 1
        left = MOST_WRONG - self._wrong
        if left > 0 and found == 0:
            tries = "1 try is" if left == 1 else f"{left} tries are"
            sentence = (
                f"no device shows this code; {tries} left. If it was typed as shown, somebody may be listening in"
            )
            return _problem(ProblemCode.NOT_FOUND, sentence)
        # Whose code was meant is not known, so it ends for all of them.
        self._wrong = 0
        for one in self.waiting(now_s):
            one.has_ended = True
        what = f"{MOST_WRONG} wrong codes" if found == 0 else "two devices show the same code"
        return _problem(ProblemCode.FORBIDDEN, f"{what}: no code counts any more; begin again on the device")


def _problem(code: ProblemCode, sentence: str) -> Problem:
    return Problem(code=code, sentence=sentence)
