"""What stands around every page: title, languages, the way back, and a person one touch away."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Box, Item, Panel, Stroke, Text, Touch, columns
from kiosk_ui.screens.parts import button, person_icon
from kiosk_ui.view import Panel as PanelView
from kiosk_ui.view import View

SCREEN = Box(0, 0, WIDTH_PX, HEIGHT_PX)
TITLE = Box(60, 24, 1080, 92)
BAR = Box(0, 964, WIDTH_PX, 116)
_BACK, _HOME, _CALL = Box(60, 976, 210, 92), Box(286, 976, 290, 92), Box(1360, 976, 500, 92)
_LIST = Box(592, 976, 260, 92)
_NOTE = Box(868, 976, 476, 92)
_LANGUAGE_PX = 165.0


def frame(view: View, *, dark: bool) -> list[Item]:
    """Return background, title, languages and the bar at the foot."""
    items: list[Item] = [Panel(SCREEN, design.INK if dark else design.PAPER)]
    if not dark:
        items.append(Panel(BAR, design.CARD))
        items.append(Stroke(((0, BAR.y), (WIDTH_PX, BAR.y)), 2, design.LINE))
    if view.title:
        items.append(Text(TITLE, view.title, design.HEAD, design.INK, bold=True))
    items += languages(view.languages, view.language, dark=dark)
    items += _call(view, dark)
    if view.back:
        items += _flat("back", _BACK, view.back, arrow=True)
    if view.home:
        items += _flat("home", _HOME if view.back else _HOME._replace(x=_BACK.x), view.home)
    if view.my_list:
        items += _my_list(view.my_list)
    if view.offline:
        items.append(Text(_NOTE, view.offline, design.SMALL, design.ON_DARK_SOFT if dark else design.CAREFUL))
    return items


def languages(offered: tuple[tuple[str, str], ...], language: str, *, dark: bool) -> list[Item]:
    """Return the languages as (code, name) at the upper right, with a line under the one that is shown."""
    items: list[Item] = []
    x = WIDTH_PX - 60 - _LANGUAGE_PX * len(offered)
    for code, name in offered:
        box = Box(x, 24, _LANGUAGE_PX, 92)
        chosen = code == language
        ink = design.ON_DARK if dark else design.INK
        soft = design.ON_DARK_SOFT if dark else design.INK_SOFT
        items.append(Text(box.inset(6, 4), name, 28, ink if chosen else soft, bold=chosen, align="center"))
        if chosen:
            line = Box(box.x + 38, box.y + 68, box.width - 76, 5)
            items.append(Panel(line, design.ON_DARK if dark else design.ACCENT, 2))
        items.append(Touch(f"language:{code}", box, design.RADIUS))
        x += _LANGUAGE_PX
    return items


def _call(view: View, dark: bool) -> list[Item]:
    fill = design.ACCENT_SOFT if view.is_called else (design.INK if dark else design.CARD)
    ink = design.INK if view.is_called or not dark else design.ON_DARK
    words = Box(_CALL.x + 90, _CALL.y + 6, _CALL.width - 110, _CALL.height - 12)
    return [
        Panel(_CALL, fill, design.RADIUS, ink, 3),
        *person_icon((_CALL.x + 52, _CALL.centre[1] - 4), 56, ink),
        Text(words, view.call, 34, ink, bold=True),
        Touch("call_person", _CALL, design.RADIUS),
    ]


def _my_list(label: str) -> list[Item]:
    words = _LIST.inset(16, 6)
    return [
        Panel(_LIST, design.ACCENT_SOFT, design.RADIUS, design.ACCENT),
        Text(words, label, 34, design.INK, bold=True, align="center"),
        Touch("my_list", _LIST, design.RADIUS),
    ]


def _flat(control: str, box: Box, label: str, *, arrow: bool = False) -> list[Item]:
    items: list[Item] = [Panel(box, design.CARD, design.RADIUS, design.LINE)]
    left = 70.0 if arrow else 20.0
    if arrow:
        x, y = box.x + 40, box.centre[1]
        items.append(Stroke(((x + 12, y - 17), (x - 6, y), (x + 12, y + 17)), 6, design.INK))
    words = Box(box.x + left, box.y + 6, box.width - left - 20, box.height - 12)
    items.append(Text(words, label, 34, design.INK, bold=True, align="left" if arrow else "center"))
    return [*items, Touch(control, box, design.RADIUS)]


def panel(shown: PanelView) -> list[Item]:
    """An answer or a question over everything else; the first button is the strong one."""
    card = Box(410, 270, 1100, 520)
    problem = shown.mood == "problem"
    fill = design.CAREFUL_SOFT if problem else design.ACCENT_SOFT
    ink = design.CAREFUL if problem else design.ACCENT
    boxes = columns(Box(card.x + 60, card.y + 380, 980, 100), len(shown.buttons), 24)
    buttons = [
        item
        for (control, label), box in zip(shown.buttons, boxes, strict=True)
        for item in button(control, box, label, strong=box is boxes[0] and not shown.is_even)
    ]
    return [
        Panel(SCREEN, design.SHADE),
        Panel(card, design.CARD, 36),
        Panel(Box(card.x + 60, card.y + 60, 150, 150), fill, 75),
        *person_icon((card.x + 135, card.y + 128), 92, ink),
        Text(Box(card.x + 250, card.y + 50, 790, 170), shown.title, 60, design.INK, bold=True),
        Text(Box(card.x + 60, card.y + 230, 980, 130), shown.text, design.LEAD, design.INK_SOFT, valign="top"),
        *buttons,
    ]
