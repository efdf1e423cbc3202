"""Pictures of every new screen, for reports and for looking at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from kiosk_ui.view import View

log = logging.getLogger(__name__)

SETTLED_S = 0.6
MOST_PICTURES = 400


class Screenshots:
    """Writes NN_name.png when a page has settled, and once more before it goes if it has changed since."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        # A kiosk that was started again goes on where the one before has ended.
        self._count = len(list(directory.glob("*.png")))
        self._view: View | None = None
        self._since_s = 0.0
        self._taken: View | None = None

    def look(self, export: Callable[[Path], None], coming: View, now_s: float) -> None:
        """Call before a view is drawn, with what writes the picture of the one before."""
        before, self._view = self._view, coming
        if before is None or page_name(before) != page_name(coming):
            if before is not None and self._taken != before:
                self._take(export, before)
            self._since_s, self._taken = now_s, None
        elif self._taken is None and now_s - self._since_s > SETTLED_S:
            self._take(export, before)

    def _take(self, export: Callable[[Path], None], view: View) -> None:
        self._taken = view
        if self._count >= MOST_PICTURES:
            return
        self._count += 1
        path = self._directory / f"{self._count:02d}_{page_name(view)}.png"
        export(path)
        log.info("screenshot %s", path.name)


def page_name(view: View) -> str:
    """Return a short name of what is shown, such as "product" or "arrival_score"."""
    page = type(view.page).__name__.removesuffix("Page").lower()
    name = view.screen.value if page == view.screen.value else f"{view.screen.value}_{page}"
    return f"{name}_{view.panel.name}" if view.panel is not None else name
