"""Draws a scene on a Kivy canvas. Only this file and the window know Kivy."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.graphics import (
    Color,
    Line,
    Mesh,
    PopMatrix,
    PushMatrix,
    Rectangle,
    RoundedRectangle,
    Scale,
    SmoothEllipse,
    SmoothRoundedRectangle,
    Translate,
)
from kivy.graphics.texture import Texture
from kivy.utils import get_color_from_hex
from PIL import Image

from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Box, Disc, MapPicture, Panel, Scene, Shape, Stroke, Text
from store_model.drawing import draw_base
from store_model.plan import StorePlan

log = logging.getLogger(__name__)

_MOST_TEXTURES = 800
_LEAST_SIZE = 22.0
_STEP = 0.93


class Painter:
    """Keeps the pictures of words and maps, so that a scene is drawn in a few milliseconds."""

    def __init__(self) -> None:
        self.plan: StorePlan | None = None
        self._words: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._maps: dict[tuple[int, str], Any] = {}

    def show_plan(self, plan: StorePlan) -> None:
        """Take the plan of which maps are drawn."""
        self.plan = plan
        self._maps.clear()

    def paint(
        self, canvas: Any, scene: Scene, pressed: Box | None, size: tuple[float, float], *, filled: bool = False
    ) -> None:
        """Draw a scene anew on a window of a size in pixels; `pressed` is the box that answers the finger.

        Unless it is to be `filled`, the window must be cleared to `background(scene)`: painting all of it once more
        costs a software renderer as much as all the rest.
        """
        scale, left, bottom = fit(size)
        canvas.clear()
        with canvas:
            PushMatrix()
            Translate(left, bottom, 0)
            Scale(scale, scale, 1)
            for item in scene if filled else scene[1:]:
                self._draw(item)
            if pressed is not None:
                Color(0.04, 0.37, 0.77, 0.22)
                RoundedRectangle(pos=(pressed.x, _up(pressed)), size=(pressed.width, pressed.height), radius=[22])
            PopMatrix()

    def warm(self, width_px: int, language: str) -> None:
        """Draw a map before it is needed."""
        self._map(width_px, language)

    def _draw(self, item: object) -> None:
        match item:
            case Panel():
                _panel(item)
            case Text():
                self._text(item)
            case Disc():
                Color(*get_color_from_hex(item.colour))
                x, y = item.centre
                SmoothEllipse(
                    pos=(x - item.radius, HEIGHT_PX - y - item.radius), size=(2 * item.radius, 2 * item.radius)
                )
            case Stroke():
                Color(*get_color_from_hex(item.colour))
                points = [value for x, y in item.points for value in (x, HEIGHT_PX - y)]
                Line(points=points, width=item.width / 2, cap="round", joint="round")
            case Shape():
                _shape(item)
            case MapPicture():
                self._map_picture(item)

    def _text(self, item: Text) -> None:
        if not item.text:
            return
        texture = self._words_of(item)
        width, height = texture.size
        x = {"left": item.box.x, "right": item.box.right - width}.get(item.align, item.box.centre[0] - width / 2)
        y = {"top": item.box.y, "bottom": item.box.bottom - height}.get(item.valign, item.box.centre[1] - height / 2)
        Color(*get_color_from_hex(item.colour))
        Rectangle(texture=texture, pos=(round(x), round(HEIGHT_PX - y - height)), size=(width, height))

    def _words_of(self, item: Text) -> Any:
        key = (item.text, item.size, item.bold, item.align, round(item.box.width), round(item.box.height))
        if key not in self._words:
            self._words[key] = fitted(item).texture
            if len(self._words) > _MOST_TEXTURES:
                self._words.popitem(last=False)
        self._words.move_to_end(key)
        return self._words[key]

    def _map_picture(self, item: MapPicture) -> None:
        texture = self._map(round(item.box.width), item.language)
        if texture is not None:
            Color(1, 1, 1, 1)
            Rectangle(texture=texture, pos=(item.box.x, _up(item.box)), size=(item.box.width, item.box.height))

    def _map(self, width_px: int, language: str) -> Any:
        key = (width_px, language)
        if self.plan is not None and key not in self._maps:
            self._maps[key] = _texture(draw_base(self.plan, width_px, language=language))
        return self._maps.get(key)


def background(scene: Scene) -> tuple[float, float, float, float]:
    """Return the colour of the first item, which fills the screen."""
    first = scene[0]
    assert isinstance(first, Panel)
    red, green, blue, alpha = get_color_from_hex(first.colour)
    return red, green, blue, alpha


def fit(size: tuple[float, float]) -> tuple[float, float, float]:
    """Return scale, left and bottom of the screen in a window of another size."""
    scale = min(size[0] / WIDTH_PX, size[1] / HEIGHT_PX)
    return scale, (size[0] - scale * WIDTH_PX) / 2, (size[1] - scale * HEIGHT_PX) / 2


def fitted(item: Text) -> Any:
    """Return a rendered label that fits its box: wrapped, then smaller, and only then shortened."""
    size = item.size
    while True:
        label = _label(item, size, shorten=False)
        if _fits(item, label, size) or size <= _LEAST_SIZE:
            break
        size = max(_LEAST_SIZE, size * _STEP)
    if not _fits(item, label, size):
        log.warning("no room for %r in %d x %d pixels", item.text, item.box.width, item.box.height)
        label = _label(item, size, shorten=True)
    return label


def _fits(item: Text, label: Any, size: float) -> bool:
    bare = CoreLabel(font_size=size, font_name="Roboto", bold=item.bold)
    widest = max((bare.get_extents(word)[0] for word in item.text.split()), default=0)
    return bool(label.texture.height <= item.box.height + 2 and widest <= item.box.width)


def _label(item: Text, size: float, *, shorten: bool) -> Any:
    label = CoreLabel(
        text=item.text,
        font_size=size,
        font_name="Roboto",
        bold=item.bold,
        halign=item.align,
        text_size=(item.box.width, item.box.height if shorten else None),
        shorten=shorten,
        shorten_from="right",
        line_height=1.05,
    )
    label.refresh()
    return label


def _up(box: Box) -> float:
    """Return the lower edge of a box with y up."""
    return HEIGHT_PX - box.bottom


def _panel(item: Panel) -> None:
    pos, size = (item.box.x, _up(item.box)), (item.box.width, item.box.height)
    radius = min(item.radius, item.box.width / 2, item.box.height / 2)
    Color(*get_color_from_hex(item.colour))
    if radius:
        SmoothRoundedRectangle(pos=pos, size=size, radius=[radius])
    else:
        Rectangle(pos=pos, size=size)
    if item.line:
        Color(*get_color_from_hex(item.line))
        Line(rounded_rectangle=(*pos, *size, max(radius, 1)), width=item.line_px / 2)


def _shape(item: Shape) -> None:
    Color(*get_color_from_hex(item.colour))
    vertices = [value for x, y in item.points for value in (x, HEIGHT_PX - y, 0, 0)]
    Mesh(vertices=vertices, indices=list(range(len(item.points))), mode="triangle_fan")


def _texture(image: Image.Image) -> Any:
    texture = Texture.create(size=image.size, colorfmt="rgb")
    texture.blit_buffer(image.convert("RGB").tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
