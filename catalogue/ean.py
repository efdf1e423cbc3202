"""EAN-13 numbers from the range that GS1 leaves to every store for its own use (prefixes 200 to 299)."""

from __future__ import annotations

IN_STORE_PREFIX = "200"
_DIGITS = 12


class EanError(ValueError):
    """A number that cannot become an in-store EAN; the message says why."""


def check_digit(digits: str) -> int:
    """Return the check digit of the first twelve digits (GS1 General Specifications, modulo 10, weights 1 and 3)."""
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise EanError(f"an EAN has {_DIGITS} digits before its check digit, found {digits!r}")
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    return -total % 10


def in_store_ean(number: int) -> str:
    """Return the EAN-13 of a store's own number, 0 to 999,999,999. Raises EanError beyond that."""
    room = _DIGITS - len(IN_STORE_PREFIX)
    if not 0 <= number < 10**room:
        raise EanError(f"the in-store range has {room} digits, {number} does not fit")
    digits = f"{IN_STORE_PREFIX}{number:0{room}d}"
    return f"{digits}{check_digit(digits)}"


def is_valid_ean(ean: str) -> bool:
    """Tell whether a text is an EAN-13 with the right check digit."""
    return len(ean) == _DIGITS + 1 and ean.isascii() and ean.isdigit() and check_digit(ean[:-1]) == int(ean[-1])
