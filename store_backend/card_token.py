"""The token that links a loyalty card: random, signed by the store, good once and for minutes, and names nobody."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

LIVES_S = 300.0
_PREFIX = "AISLE-CARD"
_SHAPE = re.compile(rf"{_PREFIX}\.([0-9a-f]{{32}})\.([0-9]{{1,12}})\.([0-9a-f]{{64}})", re.ASCII)
# Signs a text; `Safe.mark` under a kind of its own.
Sign = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a token says: its own number, and until when it is good (whole Unix seconds)."""

    number: str
    until_unix_s: int


def written(token: CardToken, sign: Sign) -> str:
    """Return the token as the text of a QR code."""
    said = f"{token.number}.{token.until_unix_s}"
    return f"{_PREFIX}.{said}.{sign(said)}"


def read(text: str, sign: Sign, now_unix_s: float) -> CardToken | str:
    """Return the token, or in words why it is not good."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return "this is no code of this store; show a new one"
    number, until, signature = match.groups()
    if not hmac.compare_digest(signature, sign(f"{number}.{until}")):
        return "this code was not made by this store; show a new one"
    if int(until) < now_unix_s:
        return "this code is too old; show a new one"
    return CardToken(number, int(until))
