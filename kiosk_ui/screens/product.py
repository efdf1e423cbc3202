"""One product: what it is, what it costs, where it stands, what goes with it, and "take me there"."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Text, columns, rows
from kiosk_ui.screens.parts import banner, button, map_height, row, signs, store_map
from kiosk_ui.view import Fact, ProductPage

_LEFT, _RIGHT = Box(60, 40, 1020, 890), Box(1140, 130, 720, 800)
_ADVICE = Box(60, 634, 1020, 302)
_ADVICE_ROWS = 3
_SOLD_OUT = Box(480, 226, 600, 100)
_PUT_ON_LIST = Box(680, 230, 400, 94)


def product(page: ProductPage) -> list[Item]:
    """Facts on the left, the place on the right."""
    return [*_facts_side(page), *_advice(page), *(_place_side(page) if page.place else _no_place(page))]


def _facts_side(page: ProductPage) -> list[Item]:
    items: list[Item] = [
        Text(Box(_LEFT.x, 36, _LEFT.width, 132), page.name, 66, design.INK, bold=True, valign="bottom"),
        Text(Box(_LEFT.x, 172, 700, 50), page.detail, 34, design.INK_SOFT),
        Text(Box(_LEFT.x, 224, 400 if page.sold_out else 600, 104), page.price, 88, design.INK, bold=True),
    ]
    if page.sold_out:
        items += banner(_SOLD_OUT, "", page.sold_out)
    if page.put_on_list:
        items += button("put_on_list", _PUT_ON_LIST, page.put_on_list, size=34)
    for fact, box in zip(page.facts, _grid(Box(_LEFT.x, 338, _LEFT.width, 232)), strict=False):
        items += _fact(fact, box)
    return items


def _grid(box: Box) -> list[Box]:
    return [cell for line in rows(box, 2, 12) for cell in columns(line, 2, 16)]


def _fact(fact: Fact, box: Box) -> list[Item]:
    value = Box(box.x + 22, box.y + 42, box.width - 44, box.height - 46)
    items: list[Item] = [
        Panel(box, design.CARD, 16),
        Text(Box(box.x + 22, box.y + 8, 200, 34), fact.label, design.SMALL, design.INK_SOFT),
        Text(value, fact.value, design.BODY, design.INK, bold=True),
    ]
    if fact.demo:
        mark = Box(box.x + 220, box.y + 8, box.width - 238, 34)
        items.append(Text(mark, fact.demo, 24, design.INK_SOFT, align="right"))
    return items


def _advice(page: ProductPage) -> list[Item]:
    items: list[Item] = []
    if page.pairings_title:
        items.append(Text(Box(_LEFT.x, 578, _LEFT.width, 50), page.pairings_title, 36, design.INK, bold=True))
    if page.pairings_text:
        items.append(Text(Box(_LEFT.x, 634, _LEFT.width, 60), page.pairings_text, design.BODY, design.INK_SOFT))
    for one, box in zip(page.pairings, rows(_ADVICE, _ADVICE_ROWS, 10), strict=False):
        items += row(one, box)
    return items


def _place_side(page: ProductPage) -> list[Item]:
    assert page.place is not None
    items = signs(page.place, Box(_RIGHT.x, 130, _RIGHT.width, 116))
    if page.map is not None:
        items += store_map(page.map, Box(_RIGHT.x, 260, _RIGHT.width, map_height(_RIGHT.width, page.map)))
    note, target = Box(_RIGHT.x, 724, _RIGHT.width, 84), Box(_RIGHT.x, 820, _RIGHT.width, 118)
    if page.notice and page.take_me_there:
        items += banner(note, "", page.notice)
    else:
        items.append(Text(note, page.place.sentence, 30, design.INK_SOFT))
    if page.is_starting:
        return [
            *items,
            Panel(target, design.ACCENT_SOFT, design.RADIUS),
            Text(target, page.take_me_there, 44, design.INK, bold=True, align="center"),
        ]
    if not page.take_me_there:
        return items + banner(target, "", page.notice)
    return items + button("take_me_there", target, page.take_me_there, strong=not page.sold_out, size=48)


def _no_place(page: ProductPage) -> list[Item]:
    return banner(Box(_RIGHT.x, 130, _RIGHT.width, 260), *page.problem)
