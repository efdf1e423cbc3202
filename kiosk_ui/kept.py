"""What the kiosk keeps beyond its process: the changes that it tells, and what a new process gets back."""

from __future__ import annotations

import msgspec

from kiosk_ui.demands import Demand
from kiosk_ui.notes import Note, VisitNote
from kiosk_ui.outbox import Drop, Keep

Change = Keep | Drop | Demand | Note


class Kept(msgspec.Struct, frozen=True):
    """Letters that were not delivered and demands that were not carried out, oldest first, and the visit at the screen.

    There is no visit where nobody was.
    """

    letters: tuple[Keep, ...] = ()
    visit: VisitNote | None = None
    demands: tuple[Demand, ...] = ()


NOTHING_KEPT = Kept()
