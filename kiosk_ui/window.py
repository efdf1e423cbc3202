"""The Kivy window: hands touches to the core and draws what the core says."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from aisle import clock
from aisle.messages.visit import ScreenState
from kiosk_ui.client import Answered, Fetched, Heard, KioskThread
from kiosk_ui.layout import Scene, control_at
from kiosk_ui.opening import export
from kiosk_ui.painter import Painter, background, fit
from kiosk_ui.promptness import Promptness
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Box, Touch
from kiosk_ui.screenshots import Screenshots
from kiosk_ui.shop import Shop
from kiosk_ui.state import Kiosk
from kiosk_ui.view import View, without_map

log = logging.getLogger(__name__)

_FRAME_S = 1 / 30
_PUBLISH_S = 0.9
_PRESSED_S = 0.15
_MOTION_S = 0.25
_MAP_WIDTHS_PX = (740, 720, 1140)


class KioskApp(App):
    """One window, one widget, one core. `load` reads the shop from a catalogue file."""

    def __init__(self, kiosk: Kiosk, thread: KioskThread, load: Callable[[Path], Shop], pictures: Path | None) -> None:
        super().__init__()
        self._kiosk, self._thread, self._load = kiosk, thread, load
        self._painter = Painter()
        self._pictures = Screenshots(pictures) if pictures else None
        self._shown: tuple[View, Box | None] | None = None
        self._shown_s = 0.0
        self._scene: Scene = ()
        self._pressed: tuple[Box, float] | None = None
        self._published: ScreenState | None = None
        self._published_s = float("-inf")
        self._screen: Widget | None = None
        self._prompt = Promptness()

    def build(self) -> Widget:
        self._screen = Widget()
        Window.bind(on_resize=self._on_resize)
        Window.bind(on_touch_down=self._on_touch)
        Window.bind(on_flip=lambda *_: self._prompt.flipped(clock.monotonic_s()))
        if self._kiosk.shop is not None:
            self._painter.show_plan(self._kiosk.shop.plan)
            for index, width_px in enumerate(_MAP_WIDTHS_PX):
                Clock.schedule_once(partial(self._warm, width_px), 0.5 + index)
        Clock.schedule_interval(self._step, _FRAME_S)
        return self._screen

    def on_stop(self) -> None:
        """Say how promptly touches were answered."""
        if sentence := self._prompt.sentence():
            log.info("%s", sentence)

    def _warm(self, width_px: int, _dt: float) -> None:
        """Draw a map before somebody waits for it."""
        self._painter.warm(width_px, self._kiosk.language)

    def _on_resize(self, *_args: Any) -> None:
        self._shown = None

    def _on_touch(self, _window: Any, touch: Any) -> bool:
        scale, left, bottom = fit(Window.size)
        x, y = (touch.sx * Window.width - left) / scale, (touch.sy * Window.height - bottom) / scale
        control = control_at(self._scene, x / WIDTH_PX, y / HEIGHT_PX)
        now_s = clock.monotonic_s()
        box = next((item.box for item in self._scene if isinstance(item, Touch) and item.control == control), None)
        if control is not None and box is not None and self._kiosk.touch(control, now_s):
            self._pressed = (box, now_s)
            self._prompt.touched(now_s)
            # Told with the next frame, not now: until it is drawn, touches hit the boxes of the page before.
            self._published_s = float("-inf")
        return True

    def _step(self, _dt: float) -> None:
        now_s = clock.monotonic_s()
        self._take_in(now_s)
        self._kiosk.tick(now_s)
        for outgoing in self._kiosk.take_requests():
            self._thread.send(outgoing)
        self._show(now_s)
        if now_s - self._published_s > _PUBLISH_S:
            self._publish(now_s)

    def _take_in(self, now_s: float) -> None:
        for incoming in self._thread.incoming():
            match incoming:
                case Answered():
                    self._kiosk.answered(incoming.token, incoming.answer, now_s)
                case Heard():
                    self._kiosk.hear(incoming.view, now_s)
                case Fetched():
                    self._take_catalogue(incoming.path)

    def _take_catalogue(self, path: Path) -> None:
        shop = self._load(path)
        self._kiosk.stock(shop)
        self._painter.show_plan(shop.plan)
        self._shown = None

    def _show(self, now_s: float) -> None:
        if self._pressed is not None and now_s - self._pressed[1] > _PRESSED_S:
            self._pressed = None
        view, pressed = self._kiosk.view(now_s), self._pressed[0] if self._pressed else None
        if self._pictures is not None:
            self._pictures.look(self._export, view, now_s)
        if (view, pressed) == self._shown or self._is_only_motion(view, pressed, now_s):
            return
        if self._shown is None or view != self._shown[0]:
            self._scene = self._kiosk.scene(now_s)
            self._publish_if_new(now_s)
        self._shown, self._shown_s = (view, pressed), now_s
        assert self._screen is not None
        Window.clearcolor = background(self._scene)
        self._painter.paint(self._screen.canvas, self._scene, pressed, Window.size)
        self._prompt.painted()

    def _is_only_motion(self, view: View, pressed: Box | None, now_s: float) -> bool:
        """Tell whether only the map has changed, and a moment ago; maps are drawn a few times a second."""
        if self._shown is None or now_s - self._shown_s > _MOTION_S or pressed != self._shown[1]:
            return False
        return without_map(view) == without_map(self._shown[0])

    def _export(self, path: Path) -> None:
        """Write what the window shows as a PNG."""
        assert self._screen is not None
        export(self._painter, self._screen, self._scene, Window.size, path)

    def _publish_if_new(self, now_s: float) -> None:
        """Publish when something other than the idle time has changed."""
        state = self._kiosk.screen_state(now_s)
        if self._published is None or msgspec.structs.replace(state, idle_s=self._published.idle_s) != self._published:
            self._publish(now_s)

    def _publish(self, now_s: float) -> None:
        self._published, self._published_s = self._kiosk.screen_state(now_s), now_s
        self._thread.publish(self._published)
