"""Drift: whether the purchases of today are still those that the adviser was learnt from.

Limits of the population stability index and of the Jensen-Shannon distance are the usual ones (`shift.py`); those of
shares and of the hit rate are this project's own: where a tenth is lost or moved it is looked at, from a fifth on
retrained for.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
import polars as pl

from aisle_inference.evaluation.sample import Bought, Sample, repeat_share
from aisle_inference.evaluation.shift import (
    Counts,
    Values,
    counts_between,
    index_by_chance,
    limits_of,
    shannon_distance,
    stability_index,
)
from aisle_inference.evaluation.still_hits import StillHits
from aisle_inference.purchases.table import Purchases, time_of
from aisle_inference.training.shop import NothingToLearn, Shop

_USUAL = "Siddiqi 2006"
_CONVENTION = "convention"
_OURS = "ours"


class Verdict(Enum):
    """What to do; from harmless to serious."""

    STEADY = "steady"
    TOO_FEW = "too few events to tell"
    LOOK = "look"
    RETRAIN = "retrain"


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """The days before the end of what was learnt that are compared with, and limits as (look at, retrain from)."""

    reference_d: float = 90.0
    index: tuple[float, float] = (0.1, 0.25)
    distance: tuple[float, float] = (0.1, 0.2)
    # In the demo data 8 to 12 % of the rows are about products that too few households bought.
    unknown: tuple[float, float] = (0.2, 0.3)
    repeat: tuple[float, float] = (0.1, 0.2)
    hit_rate: tuple[float, float] = (0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure with the limits it was held against, where they come from, and what it says."""

    name: str
    value: float
    look: float
    retrain: float
    source: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Readings over new events; the verdict of all is the most serious."""

    first_day: datetime.date
    last_day: datetime.date
    events: int
    trips: int
    readings: tuple[Reading, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the most serious verdict."""
        return max((reading.verdict for reading in self.readings), key=list(Verdict).index)


def drift_report(
    learnt: Shop, rows: pl.DataFrame, still_hits: StillHits | None, settings: DriftSettings = DriftSettings()
) -> DriftReport:
    """Compare rows, as `read_history` has them, with the last purchases that were learnt.

    `still_hits` is how the present kit did on these rows, None where that cannot be asked. Raises NothingToLearn when
    no row is about a product of the shop.
    """
    now = Purchases.of(rows, learnt.purchases.product_ids)
    if not now.trips:
        raise NothingToLearn("no row is about a product of the shop; are these its events, and its catalogue?")
    first_d, end_d = float(np.floor(now.time_d.min())), float(np.floor(now.time_d.max())) + 1.0
    before_d = min(learnt.end_d, first_d)
    before = Sample.of(learnt.purchases, learnt.assortment, before_d - settings.reference_d, before_d)
    today = Sample.of(now, learnt.assortment, first_d, end_d)
    readings = [
        *_distributions(before, today, settings),
        _unknown(rows, learnt, settings),
        _repeat(learnt, now, (before_d, first_d, end_d), settings),
        *([] if still_hits is None else [_hits(still_hits, settings)]),
    ]
    days = time_of(first_d).date(), time_of(end_d - 1.0).date()
    return DriftReport(*days, today.events, today.trips, tuple(readings))


def verdict_of(value: float, limits: tuple[float, float], by_chance: float = 0.0) -> Verdict:
    """Return what a figure says; one that is large, but no larger than by chance, says nothing."""
    look, retrain = limits
    if value < look:
        return Verdict.STEADY
    if value <= by_chance:
        return Verdict.TOO_FEW
    return Verdict.LOOK if value < retrain else Verdict.RETRAIN


def _distributions(before: Sample, today: Sample, settings: DriftSettings) -> Iterator[Reading]:
    compared = {
        "categories": (before.category, today.category),
        "basket size": _in_classes(before.basket_size, today.basket_size),
        "hour": (before.hour, today.hour),
        "price paid": _in_classes(before.paid, today.paid),
    }
    if before.weekday.any() and today.weekday.any():
        compared["weekday"] = (before.weekday, today.weekday)
    for name, counts in compared.items():
        yield from _apart(name, counts, index_by_chance(*counts, before.trips, today.trips), settings)


def _apart(name: str, counts: tuple[Counts, Counts], chance: float, settings: DriftSettings) -> Iterator[Reading]:
    """Yield how far two distributions are apart, by both measures."""
    index, distance = stability_index(*counts), shannon_distance(*counts)
    # Both measure the same difference, so that chance is told by the one whose distribution is known.
    near = math.inf if index <= chance else 0.0
    note = f"below {chance:.3f} by chance"
    by_index = verdict_of(index, settings.index, chance)
    yield Reading(f"{name}: stability index", index, *settings.index, _USUAL, by_index, note)
    by_distance = verdict_of(distance, settings.distance, near)
    yield Reading(f"{name}: Jensen-Shannon", distance, *settings.distance, _CONVENTION, by_distance)


def _in_classes(before: Values, today: Values) -> tuple[Counts, Counts]:
    limits = limits_of(before)
    return counts_between(before, limits), counts_between(today, limits)


def _unknown(rows: pl.DataFrame, learnt: Shop, settings: DriftSettings) -> Reading:
    """Read how many rows are about products that the adviser does not know."""
    share = 1.0 - float(np.isin(rows["product_id"].to_numpy(), learnt.purchases.product_ids).mean())
    verdict = verdict_of(share, settings.unknown)
    note = "new products, and those that the adviser leaves out"
    return Reading("unknown products", share, *settings.unknown, _OURS, verdict, note)


def _repeat(learnt: Shop, now: Purchases, days: tuple[float, float, float], settings: DriftSettings) -> Reading:
    """Read how far the share of repeated purchases moved, beside as long a stretch just before."""
    before_d, first_d, end_d = days
    # A file may begin with days that were learnt already.
    known = Bought.of(learnt.purchases).before(first_d)
    before = repeat_share(known, before_d - (end_d - first_d), before_d)
    today = repeat_share(known.and_then(Bought.of(now)), first_d, end_d)
    moved = abs(today - before) / before if before else 0.0
    note = f"{today:.3f} now, {before:.3f} before"
    return Reading(
        "repeat purchases moved by", moved, *settings.repeat, _OURS, verdict_of(moved, settings.repeat), note
    )


def _hits(hits: StillHits, settings: DriftSettings) -> Reading:
    """Read how much of its hit rate the kit lost; a loss within the interval is none."""
    lost, surely_lost = hits.lost_share, hits.surely_lost_share
    by_chance = lost if surely_lost < settings.hit_rate[0] else 0.0
    verdict = verdict_of(lost, settings.hit_rate, by_chance)
    note = f"hit rate@3 {hits.now.mean:.3f} in {hits.queries} queries, {hits.when_learnt:.3f} when it was learnt"
    return Reading("hit rate lost", lost, *settings.hit_rate, _OURS, verdict, note)
