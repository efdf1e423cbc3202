"""The queue of calls for a person: who is next, what may follow what, and how long it took. Pure.

The order knows times and nothing else: nothing about a shopper can enter it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from aisle.messages.staff import CallState

ESCALATE_AFTER_S = 30.0


class Act(Enum):
    """What staff do with a call."""

    CLAIM = "claim"
    HAND_BACK = "hand back"
    END = "end"


_NEXT = MappingProxyType({
    (CallState.WAITING, Act.CLAIM): CallState.CLAIMED,
    (CallState.CLAIMED, Act.HAND_BACK): CallState.HANDED_BACK,
    (CallState.CLAIMED, Act.END): CallState.DONE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimesToHuman:
    """How long calls waited for a person: median and 90th percentile in seconds, and how many were claimed in time."""

    median_s: float
    p90_s: float
    in_time: int
    n: int


def next_state(state: CallState, act: Act) -> CallState | None:
    """Return what a call becomes, None when that cannot be done now."""
    return _NEXT.get((state, act))


def before(act: Act) -> CallState:
    """Return the one state in which something can be done."""
    return next(state for state, one in _NEXT if one is act)


def place(asked_unix_s: float, assistance_id: int) -> tuple[float, int]:
    """Return a call's place in the queue: first come, first served; the number decides between equal times."""
    return asked_unix_s, assistance_id


def is_escalated(state: CallState, asked_unix_s: float, now_unix_s: float) -> bool:
    """Tell whether a call has waited for too long."""
    return state is CallState.WAITING and now_unix_s - asked_unix_s >= ESCALATE_AFTER_S


def times_to_human(waits_s: Sequence[float]) -> TimesToHuman | None:
    """Sum up the waits of calls, None without any; percentiles are nearest ranks."""
    if not waits_s:
        return None
    ordered = sorted(waits_s)
    in_time = sum(wait_s <= ESCALATE_AFTER_S for wait_s in ordered)
    return TimesToHuman(_rank(ordered, 0.5), _rank(ordered, 0.9), in_time, len(ordered))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
