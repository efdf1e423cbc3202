"""How long a piece of work takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def timed(work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> tuple[float, Result]:
    """Do the work once and return the milliseconds that it took, with its result."""
    start_s = time.perf_counter()
    result = work(*given, **named)
    return 1e3 * (time.perf_counter() - start_s), result
