"""A drift report says steady of the same, retrain of another shop, and too few of a handful."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from aisle_inference.evaluation.drift import DriftReport, Verdict, drift_report, verdict_of
from aisle_inference.evaluation.drift_table import drift_table
from aisle_inference.evaluation.still_hits import StillHits
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.training.shop import NothingToLearn, Shop
from tests.inference.harness.worlds import DAY, assortment, bought_by, purchases_of
from tests.inference.purchases.rows import Bought, history


def rows(first: int, days: int, products: Sequence[int] = range(24), at: float = 0.0) -> list[Bought]:
    """Return twelve trips of sixty households on random days, of four of some products, some hours after nine."""
    rng = np.random.default_rng(first)
    trips = [
        bought_by(number, first + int(rng.integers(days)), rng.choice(np.array(products), 4, replace=False).tolist())
        for number in range(60)
        for _ in range(12)
    ]
    return [(household, store, hour + at, product) for trip in trips for household, store, hour, product in trip]


LEARNT = Shop(purchases_of(rows(0, 90)), assortment(), float(np.floor(DAY)) + 90)


def said(report: DriftReport) -> dict[str, Verdict]:
    return {reading.name: reading.verdict for reading in report.readings}


def test_more_of_the_same_is_steady() -> None:
    report = drift_report(LEARNT, history(rows(90, 90)), None)
    assert {name: verdict for name, verdict in said(report).items() if verdict is not Verdict.STEADY} == {
        "repeat purchases moved by": said(report)["repeat purchases moved by"]
    }


def test_other_products_at_another_hour_are_retrained_for() -> None:
    found = said(drift_report(LEARNT, history(rows(90, 30, products=range(0, 24, 3), at=6.0)), None))
    assert found["hour: stability index"] is Verdict.RETRAIN
    assert found["categories: stability index"] is Verdict.RETRAIN
    assert found["weekday: stability index"] is Verdict.STEADY


def test_a_handful_of_trips_is_too_few_to_tell() -> None:
    report = drift_report(LEARNT, history(bought_by(1, 95, [1, 2]) + bought_by(2, 96, [4])), None)
    assert said(report)["categories: stability index"] is Verdict.TOO_FEW
    assert said(report)["categories: Jensen-Shannon"] is Verdict.TOO_FEW


def test_purchases_that_were_learnt_already_are_not_taken_for_repeats() -> None:
    report = drift_report(LEARNT, history(rows(0, 90)), None)
    again = next(one for one in report.readings if one.name == "repeat purchases moved by")
    alone = drift_report(Shop(purchases_of(bought_by(900, -5, [1])), assortment(), 0.0), history(rows(0, 90)), None)
    assert again.note.split()[0] == next(one for one in alone.readings if one.name == again.name).note.split()[0]


def test_two_days_say_nothing_of_weekdays() -> None:
    assert not any("weekday" in name for name in said(drift_report(LEARNT, history(rows(90, 2)), None)))


def test_unknown_products_are_counted_among_all_rows() -> None:
    strange = [(1, 7, 24.0 * 95, 9000 + number) for number in range(240)]
    report = drift_report(LEARNT, pl.concat([history(rows(90, 30)), history(strange)]), None)
    reading = next(one for one in report.readings if one.name == "unknown products")
    assert reading.value == pytest.approx(240 / (240 + 4 * 12 * 60), abs=0.01)
    assert reading.verdict is Verdict.STEADY


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (Interval(0.50, 0.48, 0.52), Verdict.STEADY),
        (Interval(0.42, 0.40, 0.44), Verdict.LOOK),
        (Interval(0.30, 0.28, 0.32), Verdict.RETRAIN),
        (Interval(0.30, 0.10, 0.49), Verdict.TOO_FEW),
    ],
)
def test_a_lost_hit_rate_counts_when_the_interval_says_so(now: Interval, verdict: Verdict) -> None:
    report = drift_report(LEARNT, history(rows(90, 90)), StillHits(now, when_learnt=0.5, queries=100))
    assert said(report)["hit rate lost"] is verdict


def test_the_report_is_as_serious_as_its_worst_reading() -> None:
    report = drift_report(LEARNT, history(rows(90, 30, at=6.0)), None)
    assert report.verdict is Verdict.RETRAIN


def test_the_table_names_every_limit_and_its_source() -> None:
    console = Console(record=True, width=200, file=StringIO())
    report = drift_report(LEARNT, history(rows(90, 90)), None)
    console.print(drift_table(report))
    text = console.export_text()
    assert all(reading.name in text for reading in report.readings)
    assert "Siddiqi 2006" in text


def test_rows_of_another_shop_are_refused() -> None:
    with pytest.raises(NothingToLearn, match="no row is about a product"):
        drift_report(LEARNT, history([(1, 7, 24.0 * 95, 5)]), None)


@pytest.mark.parametrize(
    ("value", "by_chance", "verdict"),
    [
        (0.05, 0.0, Verdict.STEADY),
        (0.1, 0.0, Verdict.LOOK),
        (0.25, 0.0, Verdict.RETRAIN),
        (0.3, 0.4, Verdict.TOO_FEW),
        (0.3, 0.2, Verdict.RETRAIN),
    ],
)
def test_limits_are_reached_from_below(value: float, by_chance: float, verdict: Verdict) -> None:
    assert verdict_of(value, (0.1, 0.25), by_chance) is verdict
