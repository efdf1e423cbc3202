"""The way to the shelf."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Text, Touch, columns
from kiosk_ui.screens.parts import button, map_height, signs, store_map
from kiosk_ui.view import GuidingPage

_MAP = Box(60, 150, 1140, 780)
_SIDE = Box(1250, 140, 610, 800)
_FOOT = Box(1250, 822, 610, 110)


def guiding(page: GuidingPage) -> list[Item]:
    """A large map on the left; what happens, how far it is and where it ends on the right."""
    items: list[Item] = []
    if page.map is not None:
        height = map_height(_MAP.width, page.map)
        items.append(Panel(Box(_MAP.x - 4, _MAP.y - 4, _MAP.width + 8, height + 8), design.LINE, 6))
        items += store_map(page.map, Box(_MAP.x, _MAP.y, _MAP.width, height))
    x, width = _SIDE.x, _SIDE.width
    if page.is_problem:
        items.append(Panel(Box(x, 146, width, 296), design.CAREFUL_SOFT, design.RADIUS, design.CAREFUL_LINE))
    ink, inset = (design.CAREFUL, 28.0) if page.is_problem else (design.INK, 0.0)
    items += [
        Text(Box(x + inset, 150, width - 2 * inset, 170), page.title, 68, ink, bold=True),
        Text(
            Box(x + inset, 326, width - 2 * inset, 106),
            page.hint,
            34,
            ink if page.is_problem else design.INK_SOFT,
            valign="top",
        ),
    ]
    if page.metres_left:
        items.append(Text(Box(x, 440, width, 100), page.metres_left, 76, design.ACCENT, bold=True))
    name = Box(x, 560, width - (150 if page.price else 0), 96)
    items.append(Text(name, page.name, 44, design.INK, bold=True))
    if page.price:
        items.append(Text(Box(_SIDE.right - 140, 560, 140, 96), page.price, 44, design.INK, bold=True, align="right"))
    if page.place is not None:
        items += signs(page.place, Box(x, 670, width, 124))
    # Whoever touches something else is probably not the one who is led.
    items += [Touch("somebody_else:0", _MAP), Touch("somebody_else:1", Box(x, _SIDE.y, width, _FOOT.y - _SIDE.y - 16))]
    if not page.here:
        return items + button("cancel_tour", _FOOT, page.cancel)
    here, stop = columns(_FOOT, 2, 20)
    return [*items, *button("i_am_here", here, page.here, strong=True), *button("cancel_tour", stop, page.cancel)]
