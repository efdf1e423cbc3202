"""What the kiosk keeps beyond its process: the changes that it tells, and what a new process gets back."""

from __future__ import annotations

import msgspec

from kiosk_ui.notes import Note, VisitNote
from kiosk_ui.outbox import Drop, Keep

Change = Keep | Drop | Note


class Kept(msgspec.Struct, frozen=True):
    """Letters that were not delivered, oldest first, and the visit at the screen, None when there was none."""

    letters: tuple[Keep, ...] = ()
    visit: VisitNote | None = None


NOTHING_KEPT = Kept()
