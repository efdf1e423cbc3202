"""The screen of a kiosk that has no keys yet: its code, and a pad for the answer."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Box, Item, Panel, Scene, Text, columns, rows
from kiosk_ui.screens.frame import TITLE, languages
from kiosk_ui.screens.parts import banner, button
from kiosk_ui.view import PairingPage

ANSWER_DIGITS = 6
_SCREEN = Box(0, 0, WIDTH_PX, HEIGHT_PX)
_CODE = Box(60, 260, 1080, 440)
_COMMAND = Box(60, 720, 1080, 70)
_NOTE = Box(60, 830, 1080, 190)
_TYPED = Box(1220, 260, 640, 120)
_PAD = Box(1220, 410, 640, 610)
_PAD_KEYS = ("123", "456", "789", " 0<")


def pairing(page: PairingPage) -> Scene:
    """Return everything that is drawn, from back to front."""
    items: list[Item] = [
        Panel(_SCREEN, design.PAPER),
        Text(TITLE, page.title, design.HEAD, design.INK, bold=True),
        *languages(page.languages, page.language, dark=False),
    ]
    return (*items, *(_code(page) + _pad(page) if page.code else _waiting(page)))


def _waiting(page: PairingPage) -> list[Item]:
    text = Box(60, 320, 1800, 260)
    words = Text(text, page.text, design.HEAD, design.INK, align="center")
    items = banner(text, page.text, "") if page.is_problem else [words]
    return items + (button("again", Box(660, 660, 600, 130), page.again, strong=True) if page.again else [])


def _code(page: PairingPage) -> list[Item]:
    return [
        Text(Box(60, 160, 1080, 80), page.code_title, design.LEAD, design.INK, bold=True),
        Panel(_CODE, design.CARD, 36, design.LINE),
        Text(_CODE.inset(30, 30), page.code, 260, design.INK, bold=True, align="center"),
        Text(_COMMAND, page.command, design.BODY, design.INK_SOFT, align="center"),
        *(banner(_NOTE, "", page.text) if page.text else []),
    ]


def _pad(page: PairingPage) -> list[Item]:
    items: list[Item] = [Text(Box(1220, 160, 640, 80), page.answer_title, design.LEAD, design.INK, bold=True)]
    for index, box in enumerate(columns(_TYPED, ANSWER_DIGITS, 12)):
        items.append(Panel(box, design.CARD, 16, design.ACCENT if index == len(page.typed) else design.LINE, 3))
        items.append(Text(box.inset(4, 4), page.typed[index : index + 1], 72, design.INK, bold=True, align="center"))
    for line, box in zip(_PAD_KEYS, rows(_PAD, len(_PAD_KEYS), 16), strict=True):
        for key, place in zip(line, columns(box, len(line), 16), strict=True):
            items += _key(key, place, page.erase)
    return items


def _key(key: str, box: Box, erase: str) -> list[Item]:
    if key == " ":
        return []
    if key == "<":
        return button("erase", box, erase, size=design.BODY)
    return button(f"digit:{key}", box, key, size=60)
