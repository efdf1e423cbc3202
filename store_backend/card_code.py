"""The token of a card link as a QR code (ISO/IEC 18004), for the screen of a kiosk or a terminal."""

from __future__ import annotations

from io import BytesIO, StringIO

import segno

_PIXELS_A_MODULE = 8


def as_png(token: str) -> bytes:
    """Return a picture with the quiet zone that scanners need."""
    content = BytesIO()
    _code(token).save(content, kind="png", scale=_PIXELS_A_MODULE)
    return content.getvalue()


def as_text(token: str) -> str:
    """Return lines of block letters for a terminal."""
    content = StringIO()
    _code(token).terminal(content, compact=True)
    return content.getvalue()


def _code(token: str) -> segno.QRCode:
    # Level M reads through a scratched screen and stays small.
    return segno.make(token, error="m", micro=False)
