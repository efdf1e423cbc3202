"""The shopper's list, and a code to be read by a till or a phone."""

from __future__ import annotations

from typing import Literal

from kiosk_ui import design
from kiosk_ui.qr import QUIET_MODULES
from kiosk_ui.scene import Box, Item, Panel, Stroke, Text, Touch, rows
from kiosk_ui.screens.parts import button, row
from kiosk_ui.view import BasketPage, CodePage, ListLine

_LINES = Box(60, 136, 1120, 682)
_MORE = Box(60, 834, 1120, 96)
_SIDE = Box(1240, 136, 620, 794)
_ROWS, _ADVICE_ROWS = 5, 3
_STEP_PX = 96.0
_WISHES = Box(700, 24, 480, 92)
_CODE = Box(60, 136, 794, 794)
_WORDS = Box(920, 136, 940, 794)


def basket(page: BasketPage) -> list[Item]:
    """What is on the list on the left; what it costs and where it may go on the right."""
    items: list[Item] = []
    for line, box in zip(page.lines, rows(_LINES, _ROWS, 12), strict=False):
        items += _line(line, box)
    if page.empty[0]:
        items += _empty(*page.empty)
    if page.more:
        items += button("more_lines", _MORE, page.more, size=34)
    if page.wishes[0]:
        items += button(page.wishes[0], _WISHES, page.wishes[1], size=30)
    return items + _side(page) if page.ways else items


def _empty(title: str, hint: str) -> list[Item]:
    return [
        Text(Box(260, 330, 1400, 120), title, design.TITLE, design.INK, bold=True, align="center"),
        Text(Box(260, 470, 1400, 120), hint, design.LEAD, design.INK_SOFT, align="center", valign="top"),
    ]


def _line(line: ListLine, box: Box) -> list[Item]:
    price = Box(box.right - 184, box.y, 160, box.height)
    stepper = Box(price.x - 3 * _STEP_PX - 20, box.centre[1] - _STEP_PX / 2, 3 * _STEP_PX, _STEP_PX)
    words = Box(box.x + 28, box.y + 14, stepper.x - box.x - 48, box.height - 28)
    upper = words._replace(height=words.height * (0.58 if line.detail else 1.0))
    items: list[Item] = [
        Panel(box, design.CARD, design.RADIUS, design.LINE),
        Text(upper, line.name, design.BODY + 2, design.INK, bold=True),
        Text(price, line.price, design.BODY + 4, design.INK, bold=True, align="right"),
    ]
    if line.detail:
        lower = Box(words.x, upper.bottom, words.width, words.bottom - upper.bottom)
        items.append(Text(lower, line.detail, design.SMALL + 2, design.INK_SOFT))
    return items + _stepper(line, stepper)


def _stepper(line: ListLine, box: Box) -> list[Item]:
    less = Box(box.x, box.y, _STEP_PX, _STEP_PX)
    more = Box(box.right - _STEP_PX, box.y, _STEP_PX, _STEP_PX)
    middle = Box(less.right, box.y, _STEP_PX, _STEP_PX)
    items: list[Item] = [Text(middle, str(line.count), design.LEAD + 4, design.INK, bold=True, align="center")]
    for control, one in ((f"less_of:{line.index}", less), (f"more_of:{line.index}", more)):
        x, y = one.centre
        items += [
            Panel(one.inset(6, 6), design.ACCENT_SOFT, 42),
            Stroke(((x - 17, y), (x + 17, y)), 6, design.ACCENT),
            Touch(control, one, 48),
        ]
        if one is more:
            items.append(Stroke(((x, y - 17), (x, y + 17)), 6, design.ACCENT))
    return items


def _side(page: BasketPage) -> list[Item]:
    x, width = _SIDE.x, _SIDE.width
    items: list[Item] = [
        Text(Box(x, 130, 300, 84), page.together, design.LEAD, design.INK_SOFT),
        Text(Box(x + 300, 130, width - 300, 84), page.total, 72, design.INK, bold=True, align="right"),
    ]
    y = 226.0
    for control, label, hint in page.ways:
        items += button(control, Box(x, y, width, 92), label, strong=y < 230.0, size=40)
        items.append(Text(Box(x + 8, y + 96, width - 16, 58), hint, 24, design.INK_SOFT, valign="top"))
        # The first hint is one line, the second two.
        y += 140.0
    if page.advice_title:
        items.append(Text(Box(x, 536, width, 46), page.advice_title, 30, design.INK, bold=True))
    for one, box in zip(page.advice, rows(Box(x, 588, width, 342), _ADVICE_ROWS, 10), strict=False):
        items += row(one, box, lines=2)
    return items


def code(page: CodePage) -> list[Item]:
    """The code large on the left; what to do with it on the right."""
    items: list[Item] = []
    if page.code:
        items += qr_code(page.code, _CODE)
    words = _WORDS if page.code else Box(260, 136, 1400, 794)
    align: Literal["left", "center"] = "left" if page.code else "center"
    title = Box(words.x, words.y + (10 if page.code else 130), words.width, 180)
    text = Box(words.x, title.bottom + 20, words.width, 230)
    if page.mood == "problem":
        items += _problem(Box(words.x, title.y, words.width, 330), page.title, page.text)
    else:
        items += [
            Text(title, page.title, 70, design.INK, bold=True, align=align, valign="bottom"),
            Text(text, page.text, 36, design.INK_SOFT, align=align, valign="top"),
        ]
    if page.number:
        items += [
            Text(Box(words.x, 590, words.width, 40), page.number_label, 30, design.INK_SOFT),
            Text(Box(words.x, 630, words.width, 90), page.number, 76, design.ACCENT, bold=True),
        ]
    if page.total:
        items.append(Text(Box(words.x, 730, words.width, 60), page.total, design.LEAD, design.INK, bold=True))
    width = 460.0
    x = words.x if page.code else words.centre[0] - width / 2
    for control, label in page.buttons:
        items += button(control, Box(x, 820, width, 110), label)
    return items


def _problem(box: Box, title: str, text: str) -> list[Item]:
    inner = box.inset(56, 40)
    return [
        Panel(box, design.CAREFUL_SOFT, 28, design.CAREFUL_LINE),
        Text(inner._replace(height=100), title, 60, design.CAREFUL, bold=True),
        Text(Box(inner.x, inner.y + 120, inner.width, inner.height - 120), text, 38, design.CAREFUL, valign="top"),
    ]


def qr_code(code: tuple[str, ...], box: Box) -> list[Item]:
    """Draw a code with its border on white; a module is a whole number of pixels, so that its edges are sharp."""
    count = len(code) + 2 * QUIET_MODULES
    side = int(min(box.width, box.height)) // count
    left, top = box.x + QUIET_MODULES * side, box.y + QUIET_MODULES * side
    items: list[Item] = [Panel(Box(box.x, box.y, side * count, side * count), "#ffffff", 0.0, design.LINE)]
    for number, line in enumerate(code):
        for first, length in _dark_runs(line):
            items.append(Panel(Box(left + first * side, top + number * side, length * side, side), "#000000"))
    return items


def _dark_runs(line: str) -> list[tuple[int, int]]:
    """Return begin and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    at = 0
    for part in line.replace("10", "1 0").replace("01", "0 1").split():
        if part[0] == "1":
            runs.append((at, len(part)))
        at += len(part)
    return runs
