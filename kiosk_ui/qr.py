"""A number or token as a QR code (ISO/IEC 18004), for the camera of a till or a phone."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET_MODULES = 4
"""The light border that scanners need."""


# Few are kept, because some are personal.
@lru_cache(maxsize=2)
def modules(text: str) -> tuple[str, ...]:
    """Return the rows of the code without its border; "1" is dark. Nothing for an empty text."""
    if not text:
        return ()
    # Level M reads through a scratched screen and stays small.
    matrix = segno.make(text, error="m", micro=False).matrix
    return tuple("".join("1" if dark else "0" for dark in row) for row in matrix)
