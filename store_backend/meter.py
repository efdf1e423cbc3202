"""What the backend counts and times while it works, for Prometheus and for its health; never what was in a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from aisle import clock
from aisle.bus import Asked
from aisle.messages import Problem
from aisle.messages.operation import Health

_GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
_COMMIT_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_DONE = "done"


@dataclass(slots=True)
class Meter:
    """The figures of one backend; any thread may add to them."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    most_waiting: int = 0
    _trouble: str = "it has just started"
    _requests: Counter = field(init=False)
    # Prometheus' client checks and copies labels each time that it is asked for a counter.
    _by_outcome: dict[tuple[type, str], Counter] = field(default_factory=dict)
    _waiting: Gauge = field(init=False)
    _groups: Histogram = field(init=False)
    _commits: Histogram = field(init=False)
    _is_ready: Gauge = field(init=False)

    def __post_init__(self) -> None:
        to = self.registry
        self._requests = Counter("aisle_requests", "Requests by kind and outcome", ("kind", "outcome"), registry=to)
        self._waiting = Gauge("aisle_writes_waiting", "Writes in the queue", registry=to)
        self._groups = Histogram("aisle_group_size", "Writes in one commit", buckets=_GROUP_SIZES, registry=to)
        self._commits = Histogram(
            "aisle_group_seconds", "Time of a group, with its commit", buckets=_COMMIT_S, registry=to
        )
        self._is_ready = Gauge("aisle_ready", "1 when the backend can do its work", registry=to)
        self._is_ready.set_function(lambda: float(self.health().is_ready))

    def note_answer(self, asked: Asked, answer: msgspec.Struct) -> None:
        """Count a request by the kind of its message and by what came of it."""
        outcome = answer.code.value if isinstance(answer, Problem) else _DONE
        of_kind = (type(asked.body), outcome)
        if of_kind not in self._by_outcome:
            self._by_outcome[of_kind] = self._requests.labels(type(asked.body).__name__, outcome)
        self._by_outcome[of_kind].inc()

    def note_waiting(self, count: int) -> None:
        """Keep how many writes wait."""
        self._waiting.set(count)

    @contextmanager
    def group(self, commands: Sequence[Asked]) -> Iterator[None]:
        """Time the group that the block writes."""
        began_s = clock.monotonic_s()
        yield
        self._groups.observe(len(commands))
        self._commits.observe(clock.monotonic_s() - began_s)

    def note_working(self) -> None:
        """Keep that the database does what it is asked."""
        self._trouble = ""

    def note_trouble(self, sentence: str) -> None:
        """Keep that the database refused to work; the next write that it takes ends that."""
        self._trouble = sentence

    def health(self) -> Health:
        """Say whether the backend can do its work."""
        if self._trouble:
            return Health(is_ready=False, sentence=f"not ready: {self._trouble}")
        return Health(is_ready=True, sentence="ready")

    def exposition(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)
