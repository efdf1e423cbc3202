from __future__ import annotations

import numpy as np

from aisle_inference.evaluation.sample import Bought, Sample, repeat_share
from tests.inference.harness.worlds import DAY, assortment, bought_by, purchases_of

BOUGHT = purchases_of(
    bought_by(1, 0, [0, 3]),
    bought_by(1, 2, [0, 1]),
    bought_by(2, 3, [0]),
)


def test_a_sample_counts_trips_and_events_of_its_days_only() -> None:
    sample = Sample.of(BOUGHT, assortment(), DAY + 1, DAY + 10)
    assert (sample.events, sample.trips) == (3, 2)
    assert sample.basket_size.tolist() == [2, 1]
    assert sample.paid.tolist() == [2, 2, 2]
    # All trips are at nine; of the three products two are of the same category.
    assert np.flatnonzero(sample.hour).tolist() == [9]
    assert sorted(sample.category.tolist()) == [0, 1, 2]


def test_a_purchase_is_repeated_when_the_same_household_bought_the_product_before() -> None:
    assert Bought.of(BOUGHT).repeated().tolist() == [False, False, True, False, False]


def test_repeats_are_found_across_files() -> None:
    later = Bought.of(purchases_of(bought_by(2, 40, [0, 5])))
    assert Bought.of(BOUGHT).and_then(later).repeated()[-2:].tolist() == [True, False]
    assert repeat_share(Bought.of(BOUGHT).and_then(later), DAY + 30, DAY + 50) == 0.5
    assert repeat_share(later, DAY + 90, DAY + 95) == 0.0


def test_weekdays_are_counted_over_whole_weeks() -> None:
    daily = purchases_of(*(bought_by(1, day, [2]) for day in range(17)))
    assert Sample.of(daily, assortment(), np.floor(DAY), np.floor(DAY) + 17).weekday.tolist() == [2] * 7
    assert not Sample.of(daily, assortment(), np.floor(DAY), np.floor(DAY) + 6).weekday.any()
