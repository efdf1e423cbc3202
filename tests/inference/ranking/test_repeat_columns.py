from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.repeat_columns import group_columns, hazard_columns, own_columns
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# 0 and 3 are of one kind, 1 is of another. Asked in store 0, which is number 7.
PAST = past_of(
    purchases_of(bought_by(1, 5, [0, 1, 2], store=7), bought_by(1, 15, [0, 3], store=8), bought_by(1, 29, [3], store=8))
)
OWN = Contexts.of(PAST.purchases, [household(PAST, 0)])
CANDIDATES = Candidates.of([np.array([0, 1, 3, 9])])
HAZARDS = Hazards.of(PAST)


def columns() -> Columns:
    return own_columns(OWN, CANDIDATES, HAZARDS)


def test_shares_tell_in_which_situations_a_candidate_is_bought() -> None:
    shares = columns()["own share in this store by 120 d"]
    assert 0.0 < shares[0] < 0.5
    assert shares[1] == 1.0
    assert shares[2] == 0.0
    assert np.isnan(shares[3])


def test_usual_is_among_all_that_is_bought_in_the_situation() -> None:
    usual = columns()["own usual in this store by 120 d"]
    assert usual.tolist() == pytest.approx([1 / 3, 1 / 3, 0.0, 0.0])
    assert columns()["own usual in a real trip by 30 d"].tolist() == pytest.approx([1 / 3, 1 / 3, 0.0, 0.0])


def test_rhythm_is_counted_in_days_and_in_trips() -> None:
    assert columns()["own mean gap"][[0, 2]].tolist() == pytest.approx([10.0, 14.0])
    assert columns()["own by trips age"].tolist() == pytest.approx([1.0, 2.0, 0.0, np.nan], nan_ok=True)


def test_a_kind_was_bought_when_any_of_it_was() -> None:
    groups = group_columns(OWN, CANDIDATES, PAST.assortment)
    assert groups["kind age"][0] == groups["kind age"][2] == columns()["own age"][2]
    assert groups["kind age"][3] == groups["kind age"][0]
    assert groups["kind age"][1] == columns()["own age"][1]


def test_the_chance_is_that_of_the_kind_after_the_own_gap() -> None:
    found = hazard_columns(CANDIDATES, PAST.assortment.kind, columns(), HAZARDS)["chance of its kind"]
    assert found[0] == HAZARDS.at(PAST.assortment.kind[[0]], columns()["own age"][[0]])[0]
    assert np.isnan(found[3])
