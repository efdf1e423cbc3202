from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.purchases.past import Past
from aisle_inference.ranking.hazard import Hazards
from tests.inference.baselines.worlds import past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# A hundred households buy a sauce (1) every week and a pasta (0) every two weeks.
PAST: Past = past_of(
    purchases_of(
        *(
            bought_by(number, day, [1, 0] if day % 14 == 1 else [1])
            for number in range(100)
            for day in (1, 8, 15, 22, 29)
        )
    )
)
PASTA, SAUCE = PAST.assortment.kind[[0, 1]]


def chance(kind: int, age_d: float) -> float:
    hazards = Hazards.of(PAST)
    return float(hazards.at(np.array([kind], dtype=np.int32), np.array([age_d], dtype=np.float32))[0])


def test_a_kind_is_likeliest_bought_again_after_its_own_gap() -> None:
    assert chance(SAUCE, 7.0) > 5 * chance(SAUCE, 3.0)
    assert chance(PASTA, 14.0) > 5 * chance(PASTA, 7.0)
    assert chance(SAUCE, 7.0) > chance(PASTA, 7.0)


def test_without_a_purchase_there_is_no_chance_to_tell() -> None:
    assert np.isnan(chance(SAUCE, np.nan))


def test_the_typical_gap_lies_between_the_product_and_all() -> None:
    typical_d = Hazards.of(PAST).typical_d
    assert typical_d[1] == pytest.approx(7.0, abs=0.1)
    assert typical_d[0] == pytest.approx(14.0, abs=0.1)
    assert typical_d[1] < typical_d[5] < typical_d[0]


def test_an_empty_past_has_chances_too() -> None:
    assert np.isfinite(Hazards.of(past_of(purchases_of())).kind).all()
