"""The screen that waits for a shopper."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Text, Touch
from kiosk_ui.screens.parts import map_height, store_map
from kiosk_ui.view import AttractPage

_TOUCH = Box(60, 130, 1800, 820)
_START = Box(100, 640, 660, 140)


def attract(page: AttractPage, caption: str) -> list[Item]:
    """A question, the way to start, the map, and the notice that this is a machine."""
    items: list[Item] = [
        Text(Box(100, 150, 960, 350), page.title, design.DISPLAY, design.ON_DARK, bold=True),
        Text(Box(104, 510, 930, 110), page.text, design.LEAD, design.ON_DARK_SOFT),
        Panel(_START, design.ON_DARK, 70),
        Text(_START.inset(40, 10), page.start, 48, design.INK, bold=True, align="center"),
        Text(Box(104, 820, 920, 110), page.notice, 30, design.ON_DARK_SOFT),
    ]
    if page.map is not None:
        width = 740.0
        height = map_height(width, page.map)
        top = 150 + (630 - height) / 2
        items.append(Panel(Box(1100, top - 20, width + 40, height + 40), design.CARD, 30))
        items += store_map(page.map, Box(1120, top, width, height))
    if caption:
        items.append(Text(Box(1100, 820, 760, 110), caption, design.LEAD, design.ON_DARK, bold=True, align="center"))
    return [*items, Touch("start", _TOUCH, design.RADIUS)]
