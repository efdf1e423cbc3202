"""Messages about the backend itself."""

from __future__ import annotations

from aisle.messages.base import Message, Text


class HealthQuery(Message, frozen=True):
    """Ask whether the backend can do its work."""


class Health(Message, frozen=True):
    """Whether the backend can do its work now; `sentence` says what keeps it from that, or that nothing does."""

    is_ready: bool
    sentence: Text
