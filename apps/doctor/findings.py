"""What a check found: a level, a fact, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec


class Level(StrEnum):
    """OK; a note (a part of the system will do without it); a fault (something will not work)."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `todo` says what to do and is empty when there is nothing to do."""

    name: str
    level: Level
    fact: str
    todo: str = ""


Check = Callable[[], Finding]


def ok(name: str, fact: str) -> Finding:
    """Say that all is well."""
    return Finding(name, Level.OK, fact)


def note(name: str, fact: str, todo: str) -> Finding:
    """Say that something is missing which not everybody needs."""
    return Finding(name, Level.NOTE, fact, todo)


def fault(name: str, fact: str, todo: str) -> Finding:
    """Say that something will not work."""
    return Finding(name, Level.FAULT, fact, todo)


def look(name: str, check: Check) -> Finding:
    """Make one check; one that itself breaks down is a fault of that name and not the end of the others."""
    try:
        return check()
    except Exception as error:
        # A doctor who faints helps nobody: whatever went wrong is what was found.
        return fault(name, f"the check broke down: {type(error).__name__}: {error}", "report this with the whole line")
