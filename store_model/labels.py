"""The writing on the map picture: departments, aisles, tills, doors, service desk and dock."""

from __future__ import annotations

from typing import Protocol

from PIL import ImageDraw

from store_model.fonts import Font, font
from store_model.plan import Aisle, Bay, Department, StorePlan

INK = "#26323c"
PALE = "#8d979e"
PILL = "#ffffff"

Box = tuple[float, float, float, float]
_PILL_HALF_M = 0.42
_PILL_STEPS = (0.0, -0.95, 0.95, -1.9, 1.9, -2.85, 2.85)
"""How far, in metres, a department's name may be shifted up or down the store to make room for the others."""


class View(Protocol):
    """What the labels need of a picture's view."""

    @property
    def pixels_per_m(self) -> float: ...

    def to_pixel(self, x_m: float, y_m: float) -> tuple[float, float]: ...


def draw_labels(draw: ImageDraw.ImageDraw, view: View, plan: StorePlan, language: str) -> None:
    """Write all labels; a language the plan does not have falls back to English."""
    for aisle in plan.aisles:
        _draw_aisle(draw, view, aisle)
    for zone in plan.zones:
        _draw_zone(draw, view, plan, zone.kind, zone.name.get(language, zone.name["en"]), zone.polygon)
    for number, till in enumerate(plan.tills, 1):
        centre = _middle(till.polygon)
        _text(draw, view, centre, str(number), 0.42, "#ffffff", bold=True)
    _draw_bolt(draw, view, plan)
    _draw_departments(draw, view, plan, language)


def label_place(plan: StorePlan, department: Department) -> tuple[float, float] | None:
    """Return where a department's name is written: at the bay nearest to their middle; None where it has none."""
    bays = [bay for bay in plan.bays.values() if bay.department_id == department.department_id]
    return _nearest_to_middle(bays) if bays else None


def _nearest_to_middle(bays: list[Bay]) -> tuple[float, float]:
    x_m = sum(bay.front_x_m for bay in bays) / len(bays)
    y_m = sum(bay.front_y_m for bay in bays) / len(bays)
    nearest = min(bays, key=lambda bay: (bay.front_x_m - x_m) ** 2 + (bay.front_y_m - y_m) ** 2)
    return nearest.front_x_m, nearest.front_y_m


def _draw_aisle(draw: ImageDraw.ImageDraw, view: View, aisle: Aisle) -> None:
    (x0, y0), (x1, y1) = _corners(aisle.polygon)
    if x1 - x0 > y1 - y0:
        places = ((x0 + 0.9, 0.5 * (y0 + y1)), (x1 - 0.9, 0.5 * (y0 + y1)))
    else:
        places = ((0.5 * (x0 + x1), y0 + 0.9), (0.5 * (x0 + x1), y1 - 0.9))
    for place in places:
        _text(draw, view, place, aisle.aisle_id, 0.42, PALE)


def _draw_zone(
    draw: ImageDraw.ImageDraw,
    view: View,
    plan: StorePlan,
    kind: str,
    name: str,
    polygon: tuple[tuple[float, float], ...],
) -> None:
    (x0, y0), (x1, y1) = _corners(polygon)
    middle = 0.5 * (x0 + x1)
    if kind == "hall":
        return
    if kind in ("entrance", "exit"):
        door_x = plan.entrance[0] if kind == "entrance" else middle
        _text(draw, view, (door_x, 1.5), name, 0.55, INK, bold=True)
        _draw_arrow(draw, view, door_x, up=kind == "entrance")
    elif kind == "dock":
        _text(draw, view, (middle, y1 + 0.25), name, 0.42, INK)
    elif kind == "service":
        _text(draw, view, (middle, y1 - 0.35), name, 0.5, INK, bold=True)
    elif kind == "tills":
        _text(draw, view, (middle, y0 - 0.2), name, 0.55, INK, bold=True)
    else:
        _text(draw, view, (middle, 0.5 * (y0 + y1)), name, 0.42, PALE)


def _draw_arrow(draw: ImageDraw.ImageDraw, view: View, x_m: float, *, up: bool) -> None:
    tip, tail = (0.95, 0.4) if up else (0.3, 0.85)
    (x, tip_y), (_, tail_y) = view.to_pixel(x_m, tip), view.to_pixel(x_m, tail)
    half = 0.32 * view.pixels_per_m
    draw.polygon([(x, tip_y), (x - half, tail_y), (x + half, tail_y)], fill=INK)


def _draw_bolt(draw: ImageDraw.ImageDraw, view: View, plan: StorePlan) -> None:
    corners = ((0.08, 0.3), (-0.2, -0.05), (-0.02, -0.05), (-0.08, -0.32), (0.2, 0.06), (0.02, 0.06))
    centre = view.to_pixel(plan.dock.x_m, plan.dock.y_m)
    draw.circle(centre, 0.45 * view.pixels_per_m, fill="#2e9e6b")
    draw.polygon([view.to_pixel(plan.dock.x_m + dx, plan.dock.y_m + dy) for dx, dy in corners], fill="#ffffff")


def _draw_departments(draw: ImageDraw.ImageDraw, view: View, plan: StorePlan, language: str) -> None:
    letters = font(round(0.48 * view.pixels_per_m), bold=True)
    taken: list[Box] = []
    for department in plan.departments:
        place = label_place(plan, department)
        if place is None:
            continue
        name = department.name.get(language, department.name["en"])
        box = _free_box(plan, view, place, draw.textlength(name, font=letters), taken)
        taken.append(box)
        _draw_pill(draw, view, box, name, letters, department.colour)


def _free_box(plan: StorePlan, view: View, place: tuple[float, float], text_px: float, taken: list[Box]) -> Box:
    """Return a box for a name as near to its place as the ones already written allow."""
    scale = view.pixels_per_m
    half_width, half_height = 0.5 * text_px + 0.5 * scale, _PILL_HALF_M * scale
    left, right = view.to_pixel(0.3, 0.0)[0] + half_width, view.to_pixel(plan.size_m[0] - 0.3, 0.0)[0] - half_width
    boxes = []
    for step in _PILL_STEPS:
        x, y = view.to_pixel(place[0], place[1] + step)
        x = min(max(x, left), right)
        boxes.append((x - half_width, y - half_height, x + half_width, y + half_height))
    return next((box for box in boxes if not any(_overlap(box, other) for other in taken)), boxes[0])


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_pill(draw: ImageDraw.ImageDraw, view: View, box: Box, name: str, letters: Font, colour: str) -> None:
    scale = view.pixels_per_m
    radius, middle_y, dot = 0.5 * (box[3] - box[1]), 0.5 * (box[1] + box[3]), 0.18 * scale
    draw.rounded_rectangle(box, radius, fill=PILL, outline=colour, width=max(2, round(0.07 * scale)))
    draw.circle((box[0] + 0.4 * scale, middle_y), dot, fill=colour)
    draw.text((0.5 * (box[0] + box[2]) + 0.8 * dot, middle_y), name, fill=INK, font=letters, anchor="mm")


def _text(
    draw: ImageDraw.ImageDraw,
    view: View,
    place: tuple[float, float],
    words: str,
    height_m: float,
    colour: str,
    *,
    bold: bool = False,
) -> None:
    letters = font(max(8, round(height_m * view.pixels_per_m)), bold=bold)
    draw.text(view.to_pixel(*place), words, fill=colour, font=letters, anchor="mm")


def _corners(polygon: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], tuple[float, float]]:
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return (min(xs), min(ys)), (max(xs), max(ys))


def _middle(polygon: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    (x0, y0), (x1, y1) = _corners(polygon)
    return 0.5 * (x0 + x1), 0.5 * (y0 + y1)
