"""Typing on the left, what was found on the right."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Stroke, Text, Touch, rows
from kiosk_ui.screens.parts import banner, button, row
from kiosk_ui.view import SearchPage

_FIELD = Box(60, 136, 1120, 112)
_KEYS = Box(60, 280, 1120, 650)
_LIST_TITLE = Box(1240, 136, 620, 56)
_LIST = Box(1240, 200, 620, 618)
_MORE = Box(1240, 834, 620, 96)
_GAP = 12.0
_LIST_ROWS = 5


def search(page: SearchPage) -> list[Item]:
    """The field, the keyboard, and up to five rows."""
    items = [*_field(page), *keyboard(page.keyboard, page.space, _KEYS)]
    if page.rows:
        items.append(Text(_LIST_TITLE, page.rows_title, design.BODY, design.INK_SOFT, bold=True))
    elif page.empty[0]:
        items += banner(Box(_LIST.x, _FIELD.y, _LIST.width, 300), *page.empty)
    for one, box in zip(page.rows, rows(_LIST, _LIST_ROWS, 10), strict=False):
        items += row(one, box)
    if page.more:
        items += button("more", _MORE, page.more, size=34)
    return items


def _field(page: SearchPage) -> list[Item]:
    words = _FIELD.inset(36, 8)
    shown = (
        Text(words, page.query, 52, design.INK, bold=True)
        if page.query
        else Text(words, page.placeholder, 42, design.INK_SOFT)
    )
    return [Panel(_FIELD, design.CARD, design.RADIUS, design.ACCENT, 4), shown]


def keyboard(letter_rows: tuple[str, ...], space: str, box: Box) -> list[Item]:
    """Keys for rows of letters, and below them the space bar and the key that takes one back."""
    lines = rows(box, len(letter_rows) + 1, 14)
    longest = max(len(letters) for letters in letter_rows)
    width = (box.width - _GAP * (longest - 1)) / longest
    items: list[Item] = []
    for letters, line in zip(letter_rows, lines, strict=False):
        start = line.x + (line.width - len(letters) * width - (len(letters) - 1) * _GAP) / 2
        for index, letter in enumerate(letters):
            items += key(f"key:{letter}", letter, Box(start + index * (width + _GAP), line.y, width, line.height))
    last, space_px = lines[-1], 0.68 * box.width
    items += key("key:space", space, last._replace(width=space_px))
    return items + _back_key(Box(last.x + space_px + _GAP, last.y, last.width - space_px - _GAP, last.height))


def key(control: str, label: str, box: Box) -> list[Item]:
    """One key."""
    size = 50 if len(label) == 1 else 34
    colour = design.INK if len(label) == 1 else design.INK_SOFT
    return [
        Panel(box, design.CARD, 16, design.LINE),
        Text(box.inset(4, 4), label, size, colour, align="center"),
        Touch(control, box, 16),
    ]


def _back_key(box: Box) -> list[Item]:
    x, y = box.centre
    return [
        Panel(box, design.CARD, 16, design.LINE),
        Stroke(((x + 44, y), (x - 44, y)), 6, design.INK),
        Stroke(((x - 16, y - 26), (x - 44, y), (x - 16, y + 26)), 6, design.INK),
        Touch("key:back", box, 16),
    ]
