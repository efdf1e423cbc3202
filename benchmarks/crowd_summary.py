"""What many crossings come to: shares with their intervals, and how long the successful ones took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.crowd_episode import CLOSE_M, End, Episode
from benchmarks.intervals import wilson
from benchmarks.rows import Row


@dataclass(frozen=True, slots=True)
class Goals:
    """What is aimed for: shares of the crossings, the share of the steps, and the mean time of the successes."""

    success: float
    time_s: float
    collisions: float = 0.005
    close: float = 0.03


@dataclass(frozen=True, slots=True)
class Tally:
    """Many crossings, counted. `time_s` is the mean of the successes; NaN when there are none."""

    crossings: int
    successes: int
    collisions: int
    close_share: float
    time_s: float


def tally(episodes: Sequence[Episode]) -> Tally:
    """Count crossings; steps that came close are counted over all steps of all crossings."""
    times_s = [episode.time_s for episode in episodes if episode.end is End.SUCCESS]
    return Tally(
        crossings=len(episodes),
        successes=len(times_s),
        collisions=sum(episode.end is End.COLLISION for episode in episodes),
        close_share=sum(episode.close_steps for episode in episodes) / max(1, sum(e.steps for e in episodes)),
        time_s=fmean(times_s) if times_s else math.nan,
    )


def rows_with_goals(name: str, of: Tally, goals: Goals, key: str) -> list[Row]:
    """Return each figure with what is aimed for; all stand at the top of the JSON report, too."""
    successes, collisions = of.successes / max(1, of.crossings), of.collisions / max(1, of.crossings)
    return [
        Row(f"{name}: success", successes, "", f"at least {goals.success:g}",
            _interval(of.successes, of.crossings), f"{key}_success"),
        Row(f"{name}: collisions", collisions, "", f"at most {goals.collisions:g}",
            _interval(of.collisions, of.crossings), f"{key}_collisions"),
        Row(f"{name}: steps closer than {CLOSE_M:g} m", of.close_share, "", f"at most {goals.close:g}",
            "surface to surface, between steps too", f"{key}_close"),
        Row(f"{name}: time", of.time_s, "s", f"at most {goals.time_s:g}", "mean of the successes", f"{key}_time_s"),
    ]  # fmt: skip


def row_without_goals(name: str, of: Tally) -> Row:
    """Return the success, and all other figures beside it."""
    collisions = of.collisions / max(1, of.crossings)
    others = f"collisions {collisions:.3f}, close {of.close_share:.3f}, mean time {of.time_s:.1f} s"
    share = of.successes / max(1, of.crossings)
    return Row(f"{name}: success", share, "", "", f"{others}; {_interval(of.successes, of.crossings)}")


def _interval(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count} of {of}, 95 % interval {low:.4f} to {high:.4f}"
