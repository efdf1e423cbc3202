"""Anticipatory staging: what pickup will need next, so that it can be laid ready before it is ordered. Pure.

Only a walk through the store is saved: nothing is ordered, charged or sent because of it, and what nobody orders goes
back to its shelf. What was ordered comes first; the rest is expected from what went out on the days before, recent days
and the same day of the week counting more (exponential smoothing: Brown, "Statistical Forecasting for Inventory
Control", 1959).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WEEK = 7
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class StagingSettings:
    """How fast the past fades, and how much the same day of the week counts beside all days."""

    half_life_days: float = 30.0
    weekday_weight: float = 0.3
    weekday_half_life_days: float = 60.0


def expected_units(
    units_by_day: NDArray[np.float64], settings: StagingSettings = StagingSettings()
) -> NDArray[np.float64]:
    """Return the units of each product expected on the day after the last one.

    `units_by_day` has one row a day, oldest first, and one column a product.
    """
    days = len(units_by_day)
    ages = np.arange(days, 0, -1, dtype=np.float64)
    every_day = _faded_mean(units_by_day, ages, settings.half_life_days)
    same_weekday = ages % _WEEK == 0
    of_weekday = _faded_mean(units_by_day[same_weekday], ages[same_weekday], settings.weekday_half_life_days)
    mean: NDArray[np.float64] = (every_day + settings.weekday_weight * of_weekday) / (1.0 + settings.weekday_weight)
    return mean


def units_by_day(
    lines: Iterable[tuple[float, int, int]], now_unix_s: float, days: int
) -> tuple[NDArray[np.float64], list[int]]:
    """Return units by day (oldest first, the last ends now) and product, and the products of the columns.

    `lines` are Unix seconds, product number and units.
    """
    recent = [(int((now_unix_s - at) // DAY_S), product_id, units) for at, product_id, units in lines]
    recent = [line for line in recent if 0 <= line[0] < days]
    products = sorted({product_id for _age, product_id, _units in recent})
    column = {product_id: place for place, product_id in enumerate(products)}
    table = np.zeros((days, len(products)))
    for age_days, product_id, units in recent:
        table[days - 1 - age_days, column[product_id]] += units
    return table, products


def to_stage(expected: NDArray[np.float64], ordered: Sequence[int], most: int) -> list[int]:
    """Return the columns to lay ready: what is ordered already, then what is expected most, at most `most` in all."""
    by_expectation = np.argsort(-expected, kind="stable")
    likely = [int(column) for column in by_expectation[: most + len(ordered)] if expected[column] > 0.0]
    return list(dict.fromkeys([*ordered, *likely]))[:most]


def _faded_mean(units: NDArray[np.float64], ages: NDArray[np.float64], half_life: float) -> NDArray[np.float64]:
    if len(units) == 0:
        return np.zeros(units.shape[1])
    weights = 0.5 ** (ages / half_life)
    mean: NDArray[np.float64] = weights @ units / weights.sum()
    return mean
