"""Which node needs what: all configured first, then all activated, one at a time; and whoever falls back is helped.

A node that was started again by the supervisor comes up unconfigured; it is brought up while the others stay active.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum


class State(Enum):
    """The lifecycle states that matter here; UNKNOWN is one that has to be asked for."""

    UNKNOWN = "unknown"
    UNCONFIGURED = "unconfigured"
    INACTIVE = "inactive"
    ACTIVE = "active"


class Move(Enum):
    """What can be asked of a node: its state, or one of the two transitions of a start."""

    ASK = "ask"
    CONFIGURE = "configure"
    ACTIVATE = "activate"


_RANK = {Move.ASK: 0, Move.CONFIGURE: 1, Move.ACTIVATE: 2}
_NEEDS = {State.UNKNOWN: Move.ASK, State.UNCONFIGURED: Move.CONFIGURE, State.INACTIVE: Move.ACTIVATE}
_AFTER = {Move.CONFIGURE: State.INACTIVE, Move.ACTIVATE: State.ACTIVE}


@dataclass(slots=True)
class Sequence:
    """What is known of each node, and what to ask next. One request is under way at a time.

    A refusal is retried a few times, because a node may wait for another's data. Until all have been active once,
    a node that is not there yet is waited for; afterwards it does not keep the others waiting.
    """

    nodes: tuple[str, ...]
    most_tries: int = 5
    finished_once: bool = False
    _states: dict[str, State] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _under_way: tuple[str, Move] | None = None

    def next_request(self, reachable: Collection[str]) -> tuple[str, Move] | None:
        """Return the node and what to ask of it now, or None while waiting or when all is well.

        `reachable` are the nodes whose services can be called.
        """
        if self._under_way is not None or self.failed:
            return None
        wanted = [(name, _NEEDS[state]) for name in self.nodes if (state := self._state(name)) in _NEEDS]
        if self.finished_once:
            wanted = [(name, move) for name, move in wanted if name in reachable]
        first = min(wanted, key=lambda request: _RANK[request[1]], default=None)
        return first if first is not None and first[0] in reachable else None

    def asked(self, name: str, move: Move) -> None:
        """Note that a request is under way."""
        self._under_way = (name, move)

    def answered(self, success: bool) -> None:
        """Note the answer to a transition: go on after a success, try again after a refusal."""
        assert self._under_way is not None
        name, move = self._under_way
        self._under_way = None
        if success:
            self.learned(name, _AFTER[move])
        else:
            self._tries[name] = self._tries.get(name, 0) + 1
            self._states[name] = State.UNKNOWN

    def told(self, state: State) -> None:
        """Note the answer to the question after a node's state."""
        assert self._under_way is not None
        name, self._under_way = self._under_way[0], None
        self.learned(name, state)

    def gave_up(self) -> None:
        """Note that no answer came: the node has gone in the meantime."""
        self._under_way = None

    def learned(self, name: str, state: State) -> None:
        """Take over a node's state, however it became known."""
        self._states[name] = state
        if state is State.ACTIVE:
            self._tries.pop(name, None)
        self.finished_once = self.finished_once or self.all_active

    @property
    def under_way(self) -> tuple[str, Move] | None:
        return self._under_way

    @property
    def all_active(self) -> bool:
        return all(self._state(name) is State.ACTIVE for name in self.nodes)

    @property
    def refusing(self) -> str | None:
        """Return the node that has refused too often, if there is one."""
        return next((name for name in self.nodes if self._tries.get(name, 0) >= self.most_tries), None)

    @property
    def failed(self) -> bool:
        return self.refusing is not None

    def _state(self, name: str) -> State:
        return self._states.get(name, State.UNKNOWN)
