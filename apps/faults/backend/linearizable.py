"""Whether a history of overlapping operations can be put into one order that explains every reply.

Wing and Gong, "Testing and verifying concurrent objects", JPDC 1993, with the memory of configurations of Lowe,
"Testing for linearizability", 2017; operations on different objects are checked apart, which loses nothing (Herlihy
and Wing, "Linearizability", TOPLAS 1990, section 3.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FOREVER_S = float("inf")


@dataclass(frozen=True, slots=True)
class Operation:
    """What was asked of one object and what came back; without a reply `ended_s` is infinite."""

    partition: Hashable
    request: Any
    reply: Any
    began_s: float
    ended_s: float


Apply = Callable[[Hashable, Operation], tuple[bool, Hashable]]
"""Takes a state and an operation; returns whether its reply is possible there, and the state after it."""


def violations(history: Iterable[Operation], initial: Callable[[Hashable], Hashable], apply: Apply) -> list[Hashable]:
    """Return the partitions whose operations have no order that explains their replies."""
    apart: dict[Hashable, list[Operation]] = defaultdict(list)
    for operation in history:
        apart[operation.partition].append(operation)
    return [part for part, operations in apart.items() if not is_linearizable(operations, initial(part), apply)]


def is_linearizable(operations: Sequence[Operation], state: Hashable, apply: Apply) -> bool:
    """Search for an order: lift an operation out when its reply fits, go back when a return comes first."""
    line = _Line(operations)
    seen: set[tuple[int, Hashable]] = set()
    lifted: list[tuple[int, Hashable]] = []
    done, at = 0, line.first()
    while at is not None:
        number, is_return = line.entry(at)
        if not is_return:
            fits, after = apply(state, operations[number])
            configuration = (done | 1 << number, after)
            if fits and configuration not in seen:
                seen.add(configuration)
                lifted.append((at, state))
                done, state = configuration
                line.lift(at)
                at = line.first()
            else:
                at = line.after(at)
        elif operations[number].ended_s == FOREVER_S:
            # Only requests without a reply are left: they may have happened or not.
            return True
        elif not lifted:
            return False
        else:
            at, state = lifted.pop()
            done &= ~(1 << line.entry(at)[0])
            line.put_back(at)
            at = line.after(at)
    return True


class _Line:
    """Calls and returns in the order of their times, as a doubly linked list that entries can leave and rejoin."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        events = [(one.began_s, False, number) for number, one in enumerate(operations)]
        events += [(one.ended_s, True, number) for number, one in enumerate(operations)]
        # What ends at the very time at which another begins overlaps with it: calls come first.
        events.sort()
        self._events = [(number, is_return) for _, is_return, number in events]
        self._return_of = {number: place for place, (number, is_return) in enumerate(self._events, 1) if is_return}
        count = len(events)
        self._next: list[int | None] = [*range(1, count + 1), None, None]
        self._previous = [0, *range(count + 1)]
        self._next[count] = None

    def first(self) -> int | None:
        return self._next[0]

    def after(self, at: int) -> int | None:
        return self._next[at]

    def entry(self, at: int) -> tuple[int, bool]:
        return self._events[at - 1]

    def lift(self, at: int) -> None:
        """Take a call and its return out."""
        for place in (at, self._return_of[self.entry(at)[0]]):
            self._join(self._previous[place], self._next[place])

    def put_back(self, at: int) -> None:
        """Undo the newest `lift`."""
        for place in (self._return_of[self.entry(at)[0]], at):
            self._next[self._previous[place]] = place
            following = self._next[place]
            if following is not None:
                self._previous[following] = place

    def _join(self, before: int, following: int | None) -> None:
        self._next[before] = following
        if following is not None:
            self._previous[following] = before
