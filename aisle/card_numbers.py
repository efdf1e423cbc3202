"""Finding payment card numbers in text, so that none is ever kept: 13 to 19 digits with the right last one.

Between two groups of digits stands at most one space, dash or dot, as people write them; or up to three of anything
that line ends, tables and lists put there. The latter stand between the numbers of any list too (prices, dates,
counts), so there the groups must look like a card's.

Sources: ISO/IEC 7812-1 (length, first digits, check digit), H. P. Luhn, US patent 2,950,048 (1960).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import decimal

SHORTEST, LONGEST = 13, 19
MASK = "[number removed]"
# Digits of any script.
_GROUP = re.compile(r"\d+")
_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_DASHES = (
    r"\-\u058a\u05be\u1400\u1806\u2010-\u2015\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
    r"\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead"
)
_DOTS = r".\uff0e"
_LISTED = r"/,_\uff0f\uff0c\uff3f"
_CLOSE = re.compile(f"[{_SPACES}{_UNSEEN}{_DASHES}{_DOTS}]")
_LOOSE = re.compile(rf"[\s{_UNSEEN}{_DASHES}{_DOTS}{_LISTED}]{{1,3}}")
_WIDEST = 3
# Cards are written in groups of three digits and more, but for the last; cents, days and most counts have fewer.
_SHORTEST_GROUP = 3
_CARDS_BEGIN_WITH = re.compile("2[2-7]|[3-6]")
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")


class _Group(NamedTuple):
    """Digits that stand together, normalised; `is_joined` to the group before, `is_close` by one space, dash or dot."""

    begin: int
    end: int
    digits: str
    is_joined: bool
    is_close: bool


def is_luhn_valid(digits: str) -> bool:
    """Tell whether the last of the digits (0 to 9) is the check digit of the others."""
    raw = digits.encode("ascii")
    total = sum(raw[::-2]) + sum(raw[-2::-2].translate(_DOUBLED)) - len(raw) * ord("0")
    return total % 10 == 0


def spans(text: str) -> list[tuple[int, int]]:
    """Return where card numbers begin and end in a text, from left to right and apart from each other."""
    groups = _groups(text)
    found: list[tuple[int, int]] = []
    for first, group in enumerate(groups):
        if found and group.begin < found[-1][1]:
            continue
        end = _end_of_longest(groups, first)
        if end is not None:
            found.append((group.begin, end))
    return found


def masked(text: str) -> str:
    """Return the text with every card number replaced."""
    parts, kept_to = [], 0
    for begin, end in spans(text):
        parts += [text[kept_to:begin], MASK]
        kept_to = end
    return "".join([*parts, text[kept_to:]])


def in_bytes(content: bytes) -> list[str]:
    """Return the card numbers in the raw bytes of a file or message, read as UTF-8 and as Latin-1; each once."""
    texts = (content.decode("utf-8", "replace"), content.decode("latin-1"))
    return list(dict.fromkeys(text[begin:end] for text in texts for begin, end in spans(text)))


def _groups(text: str) -> list[_Group]:
    found: list[_Group] = []
    before = -1
    for group in _GROUP.finditer(text):
        begin, end = group.span()
        between = text[before:begin] if before >= 0 and begin - before <= _WIDEST else ""
        is_close = _CLOSE.fullmatch(between) is not None
        is_joined = is_close or _LOOSE.fullmatch(between) is not None
        found.append(_Group(begin, end, _normalised(group[0]), is_joined, is_close))
        before = end
    return found


def _normalised(digits: str) -> str:
    # A group that is too long counts as that only.
    return digits if digits.isascii() else "".join(str(decimal(one)) for one in digits[: LONGEST + 1])


def _end_of_longest(groups: Sequence[_Group], first: int) -> int | None:
    """Return where the longest card number ends that begins with a group and ends with one, None without any."""
    digits, longest, is_close, has_short = "", None, True, False
    for place in range(first, min(first + LONGEST, len(groups))):
        group = groups[place]
        if place > first:
            if not group.is_joined:
                break
            is_close = is_close and group.is_close
            has_short = has_short or len(groups[place - 1].digits) < _SHORTEST_GROUP
        if len(digits) + len(group.digits) > LONGEST or (has_short and not is_close):
            break
        digits += group.digits
        if len(digits) >= SHORTEST and (is_close or _CARDS_BEGIN_WITH.match(digits)) and is_luhn_valid(digits):
            longest = group.end
    return longest
