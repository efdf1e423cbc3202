"""What a screen is made of: flat shapes, words and touchable boxes, in pixels of a 1920 x 1080 screen, y down."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

WIDTH_PX, HEIGHT_PX = 1920, 1080

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle by its upper left corner, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + 0.5 * self.width, self.y + 0.5 * self.height

    def inset(self, dx: float, dy: float) -> Box:
        """Return the box made smaller on all sides."""
        return Box(self.x + dx, self.y + dy, self.width - 2 * dx, self.height - 2 * dy)

    def overlaps(self, other: Box) -> bool:
        """Tell whether two boxes share area."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


def rows(box: Box, count: int, gap: float) -> list[Box]:
    """Cut a box into rows of one height, from top to bottom."""
    height = (box.height - gap * (count - 1)) / count
    return [Box(box.x, box.y + index * (height + gap), box.width, height) for index in range(count)]


def columns(box: Box, count: int, gap: float) -> list[Box]:
    """Cut a box into columns of one width, from left to right."""
    width = (box.width - gap * (count - 1)) / count
    return [Box(box.x + index * (width + gap), box.y, width, box.height) for index in range(count)]


class Panel(msgspec.Struct, frozen=True):
    """A filled rectangle with round corners."""

    box: Box
    colour: str
    radius: float = 0.0
    line: str = ""
    line_px: float = 2.0


class Text(msgspec.Struct, frozen=True):
    """Words in a box. They wrap, and get smaller until they fit."""

    box: Box
    text: str
    size: float
    colour: str
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "middle", "bottom"] = "middle"


class Disc(msgspec.Struct, frozen=True):
    """A filled circle."""

    centre: Point
    radius: float
    colour: str


class Stroke(msgspec.Struct, frozen=True):
    """A line through points, with round ends."""

    points: tuple[Point, ...]
    width: float
    colour: str


class Shape(msgspec.Struct, frozen=True):
    """A filled convex polygon."""

    points: tuple[Point, ...]
    colour: str


class MapPicture(msgspec.Struct, frozen=True):
    """The map of the store without anything that moves, as wide as the box."""

    box: Box
    language: str


class Touch(msgspec.Struct, frozen=True):
    """A box that can be touched; `radius` shapes the mark that answers the finger."""

    control: str
    box: Box
    radius: float = 0.0


Item = Panel | Text | Disc | Stroke | Shape | MapPicture | Touch
Scene = tuple[Item, ...]
