"""How far host and base have got with each other: an enum and one table."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """OFFLINE: no line. GREETING: line, no answer yet. REFUSED: wrong base. ONLINE: may command."""

    OFFLINE = "offline"
    GREETING = "greeting"
    REFUSED = "refused"
    ONLINE = "online"


class LinkEvent(Enum):
    """What can happen to a line."""

    OPENED = "opened"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LOST = "lost"


_NEXT = {
    (Phase.GREETING, LinkEvent.ACCEPTED): Phase.ONLINE,
    (Phase.GREETING, LinkEvent.REJECTED): Phase.REFUSED,
    (Phase.ONLINE, LinkEvent.LOST): Phase.GREETING,
}


def next_phase(phase: Phase, event: LinkEvent) -> Phase:
    """Return the phase that follows; opening and closing count always, others only as in the table."""
    if event is LinkEvent.CLOSED:
        return Phase.OFFLINE
    if event is LinkEvent.OPENED:
        return Phase.GREETING
    return _NEXT.get((phase, event), phase)
