"""Parts that several screens share: buttons, lists, place signs and the map."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kiosk_ui import design
from kiosk_ui.scene import Box, Disc, Item, MapPicture, Panel, Point, Shape, Stroke, Text, Touch
from kiosk_ui.view import MapSight, Place, Row
from store_model.drawing import MapView

MAP_MARGIN_M = 0.5


def button(control: str, box: Box, label: str, *, strong: bool = False, size: float = design.LEAD) -> list[Item]:
    """A button; the strong one of a screen is in the accent colour."""
    colour, ink = (design.ACCENT, design.ON_DARK) if strong else (design.CARD, design.INK)
    line = "" if strong else design.INK_SOFT
    return [
        Panel(box, colour, design.RADIUS, line),
        Text(box.inset(24, 8), label, size, ink, bold=True, align="center"),
        Touch(control, box, design.RADIUS),
    ]


def row(one: Row, box: Box, *, lines: int = 1) -> list[Item]:
    """A line of a list: name, what is said about it in so many lines, and the price on the right."""
    price_px = 150.0 if one.price else 0.0
    height = min(box.height - 16, 92.0) if lines == 1 else min(box.height - 6, 124.0)
    words = Box(box.x + 26, box.centre[1] - height / 2, box.width - 52 - price_px, height)
    items: list[Item] = [Panel(box, design.CARD, design.RADIUS, design.LINE)]
    if one.detail:
        upper, lower = rows_of(words, 0.52 if lines == 1 else 0.45)
        items.append(Text(upper, one.title, design.BODY, design.INK, bold=True, valign="middle"))
        items.append(Text(lower, one.detail, design.SMALL, design.INK_SOFT, valign="middle"))
    else:
        items.append(Text(words, one.title, design.BODY + 2, design.INK, bold=True))
    if one.price:
        price = Box(box.right - price_px - 20, box.y, price_px, box.height)
        items.append(Text(price, one.price, design.BODY + 2, design.INK, bold=True, align="right"))
    return [*items, Touch(one.control, box, design.RADIUS)]


def signs(place: Place, box: Box) -> list[Item]:
    """Aisle, bay and shelf as three signs beside one another."""
    items: list[Item] = []
    x, gap = box.x, 12.0
    for (label, value), share in zip(place.parts, (0.22, 0.31, 0.47), strict=True):
        sign = Box(x, box.y, (box.width - 2 * gap) * share, box.height)
        items.append(Panel(sign, design.ACCENT_SOFT, design.RADIUS))
        items.append(Text(Box(sign.x + 18, sign.y + 8, sign.width - 36, 34), label, design.SMALL, design.INK_SOFT))
        value_box = Box(sign.x + 18, sign.y + 42, sign.width - 36, sign.height - 50)
        items.append(Text(value_box, value, design.LEAD, design.INK, bold=True))
        x += sign.width + gap
    return items


def map_height(width_px: float, sight: MapSight) -> float:
    """Return how high the map is at a width."""
    return float(_view(sight, width_px).height_px)


def store_map(sight: MapSight, box: Box) -> list[Item]:
    """The map of the store in the upper part of a box, with path, bay and robot on it."""
    view = _view(sight, box.width)

    def pixel(point: Point) -> Point:
        x, y = view.to_pixel(*point)
        return box.x + x, box.y + y

    picture = Box(box.x, box.y, box.width, view.height_px)
    items: list[Item] = [MapPicture(picture, sight.language)]
    items += _path([pixel(point) for point in sight.path], view.pixels_per_m)
    if sight.target is not None:
        items.append(Shape(tuple(pixel(point) for point in sight.bay), design.ACCENT))
        # The pin stands in the lower part of the map and hangs in the upper part, so that it stays on the map.
        hangs = sight.target[1] > sight.size_m[1] - 4.0
        items += _pin(pixel(sight.target), max(17.0, 0.6 * view.pixels_per_m), 1.0 if hangs else -1.0)
    if sight.robot is not None:
        items += _robot(pixel(sight.robot[:2]), sight.robot[2], max(15.0, 0.5 * view.pixels_per_m))
    return items


def _view(sight: MapSight, width_px: float) -> MapView:
    return MapView(sight.size_m, round(width_px), MAP_MARGIN_M)


def _path(points: list[Point], pixels_per_m: float) -> Iterable[Item]:
    if len(points) < 2:
        return ()
    width = max(6.0, 0.22 * pixels_per_m)
    return (Stroke(tuple(points), width + 6, design.CARD), Stroke(tuple(points), width, design.ACCENT))


def _pin(tip: Point, radius: float, down: float) -> list[Item]:
    x, y = tip
    head = (x, y + down * 2.3 * radius)
    items: list[Item] = []
    for grow, colour in ((4.0, design.CARD), (0.0, design.ACCENT)):
        size = radius + grow
        shoulder = head[1] - down * 0.5 * size
        items.append(Shape(((x - 0.86 * size, shoulder), (x + 0.86 * size, shoulder), (x, y - down * grow)), colour))
        items.append(Disc(head, size, colour))
    return [*items, Disc(head, 0.42 * radius, design.CARD)]


def _robot(centre: Point, yaw_rad: float, radius: float) -> list[Item]:
    x, y = centre
    nose = [
        (x + reach * math.cos(yaw_rad + turn), y - reach * math.sin(yaw_rad + turn))
        for reach, turn in ((1.95 * radius, 0.0), (1.05 * radius, 0.85), (1.05 * radius, -0.85))
    ]
    return [
        Disc(centre, radius + 5, design.CARD),
        Shape(tuple(nose), design.INK),
        Disc(centre, radius, design.INK),
        Disc(centre, 0.35 * radius, design.CARD),
    ]


def banner(box: Box, title: str, text: str) -> list[Item]:
    """A calm note that something is not as it should be."""
    items: list[Item] = [Panel(box, design.CAREFUL_SOFT, design.RADIUS, design.CAREFUL_LINE)]
    inner = box.inset(28, 12)
    if not title or not text:
        return [*items, Text(inner, title or text, design.BODY, design.CAREFUL, bold=bool(title))]
    upper, lower = rows_of(inner, 0.45)
    items.append(Text(upper, title, design.LEAD, design.CAREFUL, bold=True))
    return [*items, Text(lower, text, design.BODY, design.CAREFUL, valign="top")]


def rows_of(box: Box, share: float) -> tuple[Box, Box]:
    """Cut a box into an upper part of a share and the rest."""
    upper = box._replace(height=box.height * share)
    return upper, Box(box.x, upper.bottom, box.width, box.height - upper.height)


def person_icon(centre: Point, size: float, colour: str) -> list[Item]:
    """Head and shoulders."""
    x, y = centre
    shoulders = [
        (x + 0.42 * size * math.cos(turn), y + 0.44 * size - 0.44 * size * math.sin(turn))
        for turn in (math.pi * step / 12 for step in range(13))
    ]
    return [Disc((x, y - 0.24 * size), 0.22 * size, colour), Shape(tuple(shoulders), colour)]
