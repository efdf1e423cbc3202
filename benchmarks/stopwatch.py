"""Where the time goes: methods that are timed while a block runs, without the timed code knowing."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

Method = tuple[type, str]


@dataclass(slots=True)
class Stopwatch:
    """Processor seconds by part. A part that runs inside another is taken off the outer one."""

    spent_s: dict[str, float] = field(default_factory=dict)
    _inner_s: list[float] = field(default_factory=lambda: [0.0])

    def wrap(self, part: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method, timed."""

        @functools.wraps(method)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._inner_s.append(0.0)
            started_s = time.process_time()
            try:
                return method(*arguments, **named)
            finally:
                taken_s = time.process_time() - started_s
                own_s = taken_s - self._inner_s.pop()
                self._inner_s[-1] += taken_s
                self.spent_s[part] = self.spent_s.get(part, 0.0) + own_s

        return timed


@contextmanager
def timed_parts(parts: dict[str, tuple[Method, ...]]) -> Iterator[Stopwatch]:
    """Time the named methods of classes while the block runs, and put them back after it."""
    stopwatch = Stopwatch()
    with ExitStack() as stack:
        for part, methods in parts.items():
            for owner, name in methods:
                original = getattr(owner, name)
                setattr(owner, name, stopwatch.wrap(part, original))
                stack.callback(setattr, owner, name, original)
        yield stopwatch
