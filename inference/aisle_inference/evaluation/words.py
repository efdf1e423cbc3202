"""How figures are written, in tables and in the model card."""

from __future__ import annotations

from aisle_inference.harness.bootstrap import Interval


def figure(interval: Interval | None) -> str:
    """Write a mean with its interval."""
    return "none" if interval is None else f"{interval.mean:.4f} [{interval.low:.4f}, {interval.high:.4f}]"


def difference(interval: Interval) -> str:
    """Write a difference with its interval, with its sign."""
    return f"{interval.mean:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}]"


def gain(over: Interval, other: Interval) -> str:
    """Write a difference as a share of the other's figure; nothing where that is zero."""
    return f"{100.0 * over.mean / other.mean:+.1f} %" if other.mean else ""


def percent(share: float) -> str:
    """Write a share."""
    return f"{100.0 * share:.1f} %"


def percents(interval: Interval | None) -> str:
    """Write a share with its interval."""
    if interval is None:
        return "none"
    return f"{100.0 * interval.mean:.0f} % [{100.0 * interval.low:.0f}, {100.0 * interval.high:.0f}]"
