"""Messages about the backend itself."""

from __future__ import annotations

from aisle.messages.base import Identifier, Message, Text


class HealthQuery(Message, frozen=True):
    """Ask whether the backend can do its work."""


class Health(Message, frozen=True):
    """Whether the backend can do its work now; `sentence` says what keeps it from that, or that nothing does."""

    is_ready: bool
    sentence: Text


class PilotsQuery(Message, frozen=True):
    """Ask which features on trial a visit has."""

    session_id: Identifier


class PilotGroups(Message, frozen=True):
    """The group, "pilot" or "control", by the name of each pilot that the visit takes part in."""

    groups: dict[str, str]
