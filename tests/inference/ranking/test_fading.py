"""Purchases that fade by trips, beside the baseline that they are taken from."""

from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.baselines.tifu_knn import decayed
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.fading import FADING, fading
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import random_purchases


@pytest.mark.parametrize("seed", range(6))
def test_compiled_weights_are_those_of_the_baseline(seed: int) -> None:
    past = past_of(random_purchases(seed))
    own = Contexts.of(past.purchases, [household(past, number) for number in range(past.purchases.households)])
    trips = np.zeros(own.queries, dtype=np.int64)
    np.maximum.at(trips, own.query, own.age_trips.astype(np.int64) + 1)
    assert fading(own) == pytest.approx(decayed(FADING)(own.age_trips.astype(np.int64), trips[own.query]))


def test_nobody_has_nothing_that_fades() -> None:
    assert fading(Contexts.none(3)).shape == (0,)
