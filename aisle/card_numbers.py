"""Finding payment card numbers in text, so that none is ever kept: 13 to 19 digits with the right last one.

Sources: ISO/IEC 7812-1 (length, check digit), H. P. Luhn, US patent 2,950,048 (1960).
"""

from __future__ import annotations

import re

SHORTEST, LONGEST = 13, 19
MASK = "[number removed]"
# Groups of digits, as people write them: one blank, dash or dot between two of them.
_RUN = re.compile(r"\d+(?:[ .\-\u00a0]\d+)*", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)


def is_luhn_valid(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def spans(text: str) -> list[tuple[int, int]]:
    """Return where card numbers begin and end in a text, from left to right and apart from each other."""
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        found.extend(_spans_of_groups(text, groups))
    return found


def masked(text: str) -> str:
    """Return the text with every card number replaced."""
    for begin, end in reversed(spans(text)):
        text = text[:begin] + MASK + text[end:]
    return text


def in_bytes(content: bytes) -> list[str]:
    """Return the card numbers in the raw bytes of a file or message."""
    text = content.decode("latin-1")
    return [text[begin:end] for begin, end in spans(text)]


def _spans_of_groups(text: str, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest card number from each group on that begins and ends with a whole group."""
    found: list[tuple[int, int]] = []
    for first, (begin, _end) in enumerate(groups):
        if found and begin < found[-1][1]:
            continue
        ends = [end for _begin, end in groups[first : first + LONGEST] if _is_card(text[begin:end])]
        if ends:
            found.append((begin, ends[-1]))
    return found


def _is_card(text: str) -> bool:
    digits = "".join(_GROUP.findall(text))
    return SHORTEST <= len(digits) <= LONGEST and is_luhn_valid(digits)
