"""EAN-8 and EAN-13: check digits, and the range that GS1 leaves to every store for its own use (200 to 299)."""

from __future__ import annotations

IN_STORE_PREFIX = "200"
_DIGITS = 12
_SHORT_DIGITS = 7


class EanError(ValueError):
    """A number that cannot become an in-store EAN; the message says why."""


def check_digit(digits: str) -> int:
    """Return the check digit of the first seven or twelve digits (GS1 General Specifications, section 7.9)."""
    if len(digits) not in (_SHORT_DIGITS, _DIGITS) or not (digits.isascii() and digits.isdigit()):
        raise EanError(f"an EAN has {_SHORT_DIGITS} or {_DIGITS} digits before its check digit, found {digits!r}")
    # The weights 3 and 1 alternate from the right.
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def in_store_ean(number: int) -> str:
    """Return the EAN-13 of a store's own number, 0 to 999,999,999. Raises EanError beyond that."""
    room = _DIGITS - len(IN_STORE_PREFIX)
    if not 0 <= number < 10**room:
        raise EanError(f"the in-store range has {room} digits, {number} does not fit")
    digits = f"{IN_STORE_PREFIX}{number:0{room}d}"
    return f"{digits}{check_digit(digits)}"


def is_valid_ean(ean: str) -> bool:
    """Tell whether a text is an EAN-8 or EAN-13 with the right check digit."""
    is_number = len(ean) in (_SHORT_DIGITS + 1, _DIGITS + 1) and ean.isascii() and ean.isdigit()
    return is_number and check_digit(ean[:-1]) == int(ean[-1])
