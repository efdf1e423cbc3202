"""At the shelf: where to look, whether it was found, one question, and thanks."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Shape, Stroke, Text, columns, rows
from kiosk_ui.screens.parts import button, row, signs
from kiosk_ui.view import ArrivalPage, ScorePage, ShelfSight, ThanksPage

_SHELF = Box(60, 40, 1000, 890)
_SIDE = Box(1120, 140, 740, 800)
_NEARBY_ROWS = 2


def arrival(page: ArrivalPage) -> list[Item]:
    """The shelf from the front on the left; the product and two answers on the right."""
    items = [] if page.shelf is None else _shelf(page.shelf, page.shelf_title, page.name)
    x, width = _SIDE.x, _SIDE.width
    items += [
        Text(Box(x, 136, width, 110), page.title, design.TITLE, design.INK, bold=True),
        Text(Box(x, 250, width, 130), page.text, 36, design.INK_SOFT, valign="top"),
        Text(Box(x, 390, width - 180, 100), page.name, 48, design.INK, bold=True),
        Text(Box(_SIDE.right - 170, 390, 170, 100), page.price, 52, design.INK, bold=True, align="right"),
        Text(Box(x, 492, width, 46), page.detail, 32, design.INK_SOFT),
    ]
    if page.nearby:
        items += _nearby(page, Box(x, 552, width, 256))
    elif page.place is not None:
        items += signs(page.place, Box(x, 556, width, 130))
    if page.put_on_list:
        items += button("put_on_list", Box(x, 706, width, 96), page.put_on_list, size=38)
    answers = Box(x, 822, width, 110) if page.put_on_list or page.nearby else Box(x, 740, width, 180)
    boxes = columns(answers, len(page.buttons), 24)
    for (control, label), box in zip(page.buttons, boxes, strict=True):
        items += button(control, box, label, strong=box is boxes[0], size=46)
    return items


def _nearby(page: ArrivalPage, box: Box) -> list[Item]:
    """What stands beside the gap."""
    items: list[Item] = [Text(box._replace(height=44), page.nearby_title, 30, design.INK, bold=True)]
    below = Box(box.x, box.y + 50, box.width, box.height - 50)
    for one, line in zip(page.nearby, rows(below, _NEARBY_ROWS, 10), strict=False):
        items += row(one, line)
    return items


def _shelf(shelf: ShelfSight, title: str, name: str) -> list[Item]:
    """Draw the bay: every product a plain box, the one that is meant in the accent colour."""
    frame = Box(_SHELF.x, 136, _SHELF.width, 796)
    inner = Box(frame.x + 50, frame.y + 92, frame.width - 100, frame.height - 130)
    items: list[Item] = [
        Panel(frame, design.CARD, 28, design.LINE),
        Text(Box(frame.x + 50, frame.y + 18, frame.width - 100, 60), title, design.BODY, design.INK_SOFT, bold=True),
    ]
    count = len(shelf.counts)
    height = inner.height / count
    for index, products in enumerate(shelf.counts):
        board = Box(inner.x, inner.bottom - (index + 1) * height, inner.width, height)
        items += _board(board, products, shelf.facing if index + 1 == shelf.shelf else 0, name)
    posts = ((inner.x - 14, inner.y), (inner.right + 14, inner.y))
    return items + [Stroke((post, (post[0], inner.bottom + 14)), 14, design.INK_SOFT) for post in posts]


def _board(board: Box, products: int, meant: int, name: str) -> list[Item]:
    floor = board.bottom - 14
    items: list[Item] = []
    if meant:
        items.append(Panel(Box(board.x, board.y + 6, board.width, board.height - 20), design.ACCENT_SOFT))
    for index, box in enumerate(columns(board.inset(24, 0), max(products, meant, 1), 18)):
        is_meant = index + 1 == meant
        height = board.height * (0.68 if is_meant else 0.62 if (index + int(board.y)) % 2 else 0.54)
        width = box.width * (0.94 if is_meant else 0.76)
        goods = Box(box.centre[0] - width / 2, floor - height, width, height)
        if products or is_meant:
            items.append(Panel(goods, design.ACCENT if is_meant else design.GOODS, 10))
        if is_meant:
            items.append(Text(goods.inset(10, 2), name, 30, design.ON_DARK, bold=True, align="center"))
            items += _arrow(goods)
    return [*items, Panel(Box(board.x - 14, floor, board.width + 28, 12), design.INK_SOFT)]


def _arrow(goods: Box) -> list[Item]:
    x, y = goods.centre[0], goods.y - 6
    return [Shape(((x - 24, y - 30), (x + 24, y - 30), (x, y)), design.ACCENT)]


def score(page: ScorePage) -> list[Item]:
    """One question with eleven answers, and a way around it."""
    line = Box(120, 440, 1680, 160)
    items: list[Item] = [
        Text(Box(160, 190, 1600, 190), page.title, 70, design.INK, bold=True, align="center"),
        Text(Box(120, 616, 700, 56), page.hard, 34, design.INK_SOFT),
        Text(Box(1100, 616, 700, 56), page.easy, 34, design.INK_SOFT, align="right"),
    ]
    for number, box in enumerate(columns(line, 11, 14)):
        items += button(f"score:{number}", box, str(number), size=56)
    return items + button("skip", Box(760, 780, 400, 110), page.skip)


def thanks(page: ThanksPage) -> list[Item]:
    """The end of a visit."""
    return [
        Text(Box(160, 260, 1600, 220), page.title, design.DISPLAY, design.INK, bold=True, align="center"),
        Text(Box(160, 490, 1600, 100), page.text, 54, design.INK_SOFT, align="center"),
        *button("home", Box(610, 720, 700, 120), page.home),
    ]
