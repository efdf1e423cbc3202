"""What a window of the kiosk needs before it opens, and a picture of what it shows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from PIL import Image

from aisle import paths
from kiosk_ui.scene import Scene


def configure_kivy(size: str) -> None:
    """Keep Kivy from reading our arguments and from touching the home folder; must come before its import."""
    os.environ.setdefault("KIVY_HOME", str(paths.var_dir() / "kivy"))
    Path(os.environ["KIVY_HOME"]).mkdir(parents=True, exist_ok=True)
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON")
    from kivy.config import Config

    width, height = (int(part) for part in size.split("x"))
    for section, key, value in (
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "maxfps", 30),
        ("graphics", "multisamples", 0),
        ("kivy", "exit_on_escape", 0),
        ("input", "mouse", "mouse,disable_multitouch"),
    ):
        Config.set(section, key, str(value))


def take_touches(touch_port: int) -> None:
    """Take touches over TUIO, from this machine alone."""
    from kivy.base import EventLoop

    from kiosk_ui.tuio import LoopbackTuio

    EventLoop.add_input_provider(LoopbackTuio(touch_port))


def export(painter: Any, widget: Any, scene: Scene, size: tuple[float, float], path: Path) -> None:
    """Write what a window of a size shows as a PNG."""
    painter.paint(widget.canvas, scene, None, size, filled=True)
    picture = widget.export_as_image()
    Image.frombytes("RGBA", picture.size, picture.texture.pixels).convert("RGB").save(path)
    painter.paint(widget.canvas, scene, None, size)
