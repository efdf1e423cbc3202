"""Times of many calls: percentiles, and which stage of a call they go to."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

Given = TypeVar("Given")
Place = tuple[type | ModuleType, str]
_WARM_UP = 30


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each call by the clock on the wall, and of the processor in this thread alone."""

    wall_ms: Sequence[float]
    processor_ms: Sequence[float]

    def wall(self, percent: float) -> float:
        """Return a percentile by the clock on the wall."""
        return float(np.percentile(self.wall_ms, percent))

    def processor(self, percent: float) -> float:
        """Return a percentile of the processor's time, in which other programs do not count."""
        return float(np.percentile(self.processor_ms, percent))


def times_of(work: Callable[[Given], object], given: Sequence[Given]) -> Times:
    """Call once for everything that is given, after some calls to warm up."""
    for one in given[:_WARM_UP]:
        work(one)
    measured = [_times(work, one) for one in given]
    return Times([wall for wall, _ in measured], [processor for _, processor in measured])


def _times(work: Callable[[Given], object], given: Given) -> tuple[float, float]:
    processor_ns, wall_ns = time.thread_time_ns(), time.perf_counter_ns()
    work(given)
    return 1e-6 * (time.perf_counter_ns() - wall_ns), 1e-6 * (time.thread_time_ns() - processor_ns)


@dataclass(slots=True)
class Stages:
    """The processor's milliseconds by stage; what one calls of another counts for the one that was begun first."""

    spent_ms: dict[str, float] = field(default_factory=dict)
    _is_in_one: bool = False

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the work, timed as a stage."""

        @functools.wraps(work)
        def done(*given: Any, **named: Any) -> Any:
            if self._is_in_one:
                return work(*given, **named)
            self._is_in_one, began_s = True, time.thread_time()
            try:
                return work(*given, **named)
            finally:
                self._is_in_one = False
                self.spent_ms[stage] = self.spent_ms.get(stage, 0.0) + 1e3 * (time.thread_time() - began_s)

        return done


@contextmanager
def stages_of(places: Mapping[str, Sequence[Place]]) -> Iterator[Stages]:
    """Time the functions at these places as stages while the block runs, and put them back after it."""
    stages = Stages()
    with ExitStack() as stack:
        for stage, wheres in places.items():
            for owner, name in wheres:
                original = getattr(owner, name)
                setattr(owner, name, stages.timed(stage, original))
                stack.callback(setattr, owner, name, original)
        yield stages
