"""Where the letters of the pictures come from: DejaVu Sans (free licence) from Debian, matplotlib or Kivy."""

from __future__ import annotations

import logging
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

_log = logging.getLogger(__name__)

_DEBIAN = Path("/usr/share/fonts/truetype/dejavu")
_BUNDLED = (("matplotlib", "mpl-data/fonts/ttf"), ("kivy", "data/fonts"))

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def find_font(name: str) -> Path | None:
    """Return the path of a DejaVu font file such as "DejaVuSans-Bold.ttf", or None where there is none."""
    places = [_DEBIAN]
    for package, folder in _BUNDLED:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            places.append(Path(spec.origin).parent / folder)
    return next((place / name for place in places if (place / name).is_file()), None)


@cache
def font(size_px: int, *, bold: bool = False) -> Font:
    """Return DejaVu Sans in a size; without any DejaVu font, Pillow's own, and one log line says so."""
    path = (find_font("DejaVuSans-Bold.ttf") if bold else None) or find_font("DejaVuSans.ttf")
    if path is None:
        _log.warning("no DejaVu font found; install fonts-dejavu for better maps, using Pillow's own")
        return ImageFont.load_default(size_px)
    return ImageFont.truetype(str(path), size_px)
