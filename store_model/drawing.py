"""The picture of the store: shelves coloured by department, labels, tills, entrance, dock, and what moves on top.

`draw_base` draws what never changes (a screen draws it once), `draw_overlay` puts a bay, a path and the robot on it.
Everything is drawn twice as large and shrunk, which gives smooth edges.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from aisle.geometry import Pose2
from store_model.fonts import font
from store_model.labels import draw_labels
from store_model.plan import Bay, Fixture, Ring, StorePlan

OVERSAMPLE = 2
BAND_M = 0.42

GROUND = "#e9edf0"
FLOOR = "#fbfbf9"
LANE = "#f2f2ee"
WALL = "#4a5560"
DOOR = "#9fd3c0"
BODY = "#d3d6d6"
EDGE = "#b5b9ba"
TILL = "#6d7a86"
DESK = "#2f6f8f"
DOCK = "#2e9e6b"
ACCENT = "#d6246e"
PATH = "#1f6fd6"
ROBOT = "#143a66"

_BODY_COLOURS = {"till": TILL, "desk": DESK, "dock": DOCK}


@dataclass(frozen=True, slots=True)
class MapView:
    """How a picture lies over the map frame: `margin_m` of ground around a store of `size_m`, `width_px` wide."""

    size_m: tuple[float, float]
    width_px: int
    margin_m: float = 0.5

    @property
    def pixels_per_m(self) -> float:
        return self.width_px / (self.size_m[0] + 2.0 * self.margin_m)

    @property
    def height_px(self) -> int:
        return round((self.size_m[1] + 2.0 * self.margin_m) * self.pixels_per_m)

    def to_pixel(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return the pixel (x right, y down) of a point of the map frame."""
        scale = self.pixels_per_m
        return (x_m + self.margin_m) * scale, (self.size_m[1] + self.margin_m - y_m) * scale

    def ring(self, ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the pixels of a line of points."""
        return [self.to_pixel(x_m, y_m) for x_m, y_m in ring]

    def enlarged(self, factor: int) -> MapView:
        """Return the same view with more pixels."""
        return MapView(self.size_m, self.width_px * factor, self.margin_m)


def draw_map(
    plan: StorePlan,
    width_px: int = 1600,
    *,
    language: str = "en",
    highlight_bay: str | None = None,
    robot: Pose2 | None = None,
    path: Sequence[tuple[float, float]] = (),
    with_labels: bool = True,
) -> Image.Image:
    """Draw the whole store as an RGB picture; bay, robot and path (all in the map frame) are optional."""
    base = draw_base(plan, width_px, language=language, with_labels=with_labels)
    if highlight_bay is None and robot is None and not path:
        return base
    return draw_overlay(base, plan, highlight_bay=highlight_bay, robot=robot, path=path)


def draw_base(plan: StorePlan, width_px: int = 1600, *, language: str = "en", with_labels: bool = True) -> Image.Image:
    """Draw walls, shelves, tills, doors, dock and labels as an RGB picture of `width_px`."""
    view = MapView(plan.size_m, width_px)
    large = view.enlarged(OVERSAMPLE)
    image = Image.new("RGB", (large.width_px, large.height_px), GROUND)
    draw = ImageDraw.Draw(image)
    draw.polygon(large.ring(_rectangle(0.0, 0.0, *plan.size_m)), fill=FLOOR)
    _draw_zones(draw, large, plan)
    for fixture in plan.fixtures:
        _draw_fixture(draw, large, plan, fixture)
    _draw_walls(draw, large, plan)
    if with_labels:
        draw_labels(draw, large, plan, language)
    return image.resize((width_px, view.height_px), Image.Resampling.LANCZOS)


def draw_overlay(
    base: Image.Image,
    plan: StorePlan,
    *,
    highlight_bay: str | None = None,
    robot: Pose2 | None = None,
    path: Sequence[tuple[float, float]] = (),
) -> Image.Image:
    """Return a copy of a base picture with a path, a highlighted bay and the robot drawn on it.

    Raises KeyError for an unknown bay.
    """
    large = MapView(plan.size_m, base.width).enlarged(OVERSAMPLE)
    layer = Image.new("RGBA", (large.width_px, large.height_px), (255, 255, 255, 0))
    draw = ImageDraw.Draw(layer)
    if len(path) > 1:
        _draw_path(draw, large, path)
    if highlight_bay is not None:
        _draw_target(draw, large, plan.bays[highlight_bay])
    if robot is not None:
        _draw_robot(draw, large, robot)
    layer = layer.resize(base.size, Image.Resampling.LANCZOS)
    return Image.alpha_composite(base.convert("RGBA"), layer).convert("RGB")


def bay_band(bay: Bay, depth_m: float = BAND_M) -> Ring:
    """Return the corners of the strip of shelf behind a bay front."""
    cos, sin = math.cos(bay.normal_yaw_rad), math.sin(bay.normal_yaw_rad)
    half_m = 0.5 * bay.width_m
    offsets = ((0.0, -half_m), (0.0, half_m), (-depth_m, half_m), (-depth_m, -half_m))
    x_m, y_m = bay.front_x_m, bay.front_y_m
    return tuple((x_m + out * cos - side * sin, y_m + out * sin + side * cos) for out, side in offsets)


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> Ring:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _draw_zones(draw: ImageDraw.ImageDraw, view: MapView, plan: StorePlan) -> None:
    for zone in plan.zones:
        colour = "#d9dee2" if zone.kind == "nonpublic" else LANE
        draw.polygon(view.ring(zone.polygon), fill=colour)


def _draw_fixture(draw: ImageDraw.ImageDraw, view: MapView, plan: StorePlan, fixture: Fixture) -> None:
    line_px = max(1, round(0.03 * view.pixels_per_m))
    draw.polygon(view.ring(fixture.polygon), fill=_BODY_COLOURS.get(fixture.kind, BODY), outline=EDGE, width=line_px)
    colours = {department.department_id: department.colour for department in plan.departments}
    for bay in fixture.bays:
        band = view.ring(bay_band(bay))
        draw.polygon(band, fill=colours.get(bay.department_id, BODY), outline="#ffffff", width=line_px)


def _draw_walls(draw: ImageDraw.ImageDraw, view: MapView, plan: StorePlan) -> None:
    for wall in plan.walls:
        draw.polygon(view.ring(wall), fill=WALL)
    half_m = 0.1
    for _, line in plan.openings:
        (x0, y0), (x1, y1) = line[0], line[-1]
        draw.polygon(view.ring(_rectangle(x0, y0 - half_m, x1, y1 + half_m)), fill=DOOR)


def _draw_path(draw: ImageDraw.ImageDraw, view: MapView, path: Sequence[tuple[float, float]]) -> None:
    points = view.ring(path)
    for colour, width_m in (("#ffffff", 0.42), (PATH, 0.24)):
        width_px = max(3, round(width_m * view.pixels_per_m))
        draw.line(points, fill=colour, width=width_px, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.circle((x, y), 0.5 * width_px, fill=colour)


def _draw_target(draw: ImageDraw.ImageDraw, view: MapView, bay: Bay) -> None:
    scale = view.pixels_per_m
    draw.polygon(view.ring(bay_band(bay, 0.5)), fill=ACCENT, outline="#ffffff", width=max(2, round(0.06 * scale)))
    x, y = view.to_pixel(bay.front_x_m, bay.front_y_m)
    head = (x, y - 1.25 * scale)
    radius = 0.5 * scale
    for colour, grow in (("#ffffff", 0.1 * scale), (ACCENT, 0.0)):
        half, shoulder_y = 0.92 * (radius + grow), head[1] + 0.42 * radius
        draw.polygon([(head[0] - half, shoulder_y), (head[0] + half, shoulder_y), (x, y + grow)], fill=colour)
        draw.circle(head, radius + grow, fill=colour)
    draw.circle(head, 0.4 * radius, fill="#ffffff")


def _draw_robot(draw: ImageDraw.ImageDraw, view: MapView, robot: Pose2) -> None:
    scale = view.pixels_per_m
    x, y = view.to_pixel(robot.x_m, robot.y_m)
    nose = [robot @ Pose2(*offset, 0.0) for offset in ((1.05, 0.0), (0.3, 0.5), (0.3, -0.5))]
    outline_px = max(2, round(0.05 * scale))
    draw.polygon(view.ring([(p.x_m, p.y_m) for p in nose]), fill=ROBOT, outline="#ffffff", width=outline_px)
    draw.circle((x, y), 0.5 * scale, fill="#ffffff")
    draw.circle((x, y), 0.42 * scale, fill=ROBOT)
    draw.text((x, y), "R", fill="#ffffff", font=font(max(8, round(0.5 * scale)), bold=True), anchor="mm")
