"""The Kivy window of a kiosk that has no keys: draws what its core says, and asks the store when it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from aisle import clock
from aisle.joining import Joining
from kiosk_ui.layout import control_at
from kiosk_ui.opening import export
from kiosk_ui.painter import Painter, background, fit
from kiosk_ui.pairing import PairingScreen, Step
from kiosk_ui.pairing_app import Asking
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Scene
from kiosk_ui.screens.pairing import pairing
from kiosk_ui.view import PairingPage

_FRAME_S = 1 / 30
_DONE_S = 1.5


class PairingApp(App):
    """One window, one widget, one core. `keep` writes the keys once the answer was right; then the window closes."""

    def __init__(
        self, screen: PairingScreen, asking: Asking, keep: Callable[[Joining], None], pictures: Path | None
    ) -> None:
        super().__init__()
        self._core, self._asking, self._keep, self._pictures = screen, asking, keep, pictures
        self._painter, self._widget = Painter(), Widget()
        self._shown: PairingPage | None = None
        self._scene: Scene = ()
        self._count = 0
        self._is_asking = False
        self._offered: Joining | None = None
        self._done_s = 0.0

    def build(self) -> Widget:
        Window.bind(on_resize=self._on_resize, on_touch_down=self._on_touch)
        Clock.schedule_interval(self._step, _FRAME_S)
        return self._widget

    def _on_resize(self, *_args: Any) -> None:
        self._shown = None

    def _on_touch(self, _window: Any, touch: Any) -> bool:
        scale, left, bottom = fit(Window.size)
        x, y = (touch.sx * Window.width - left) / scale, (touch.sy * Window.height - bottom) / scale
        control = control_at(self._scene, x / WIDTH_PX, y / HEIGHT_PX)
        if control is not None:
            self._core.touch(control, clock.monotonic_s())
        return True

    def _step(self, _dt: float) -> None:
        now_s = clock.monotonic_s()
        self._ask()
        self._core.tick(now_s)
        self._show()
        if self._core.step is Step.DONE:
            self._end(now_s)

    def _ask(self) -> None:
        if self._core.step is Step.ASKING and not self._is_asking:
            self._is_asking = True
            self._asking.begin()
        outcome = self._asking.outcome()
        if outcome is None:
            return
        self._is_asking = False
        if isinstance(outcome, Joining):
            self._offered = outcome
            self._core.show(outcome.side)
        else:
            self._core.refuse(outcome)

    def _end(self, now_s: float) -> None:
        """Keep the keys, and close when people have had time to read that it is done."""
        if self._offered is not None:
            self._keep(self._offered)
            self._offered, self._done_s = None, now_s
        if now_s > self._done_s + _DONE_S:
            self.stop()

    def _show(self) -> None:
        page = self._core.page()
        if page == self._shown:
            return
        self._shown, self._scene = page, pairing(page)
        Window.clearcolor = background(self._scene)
        self._painter.paint(self._widget.canvas, self._scene, None, Window.size)
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self._count += 1
            path = self._pictures / f"{self._count:02d}_pairing_{self._core.step.value}.png"
            export(self._painter, self._widget, self._scene, Window.size, path)
