from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import UNKNOWN
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.novel_columns import property_groups, pull_columns
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.sales import Sales
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# Every third product is of one kind. Four households newly buy product 6 in store 7, one buys 9 in store 8.
PAST = past_of(
    purchases_of(
        bought_by(1, 20, [0, 3, 1], store=7),
        *(bought_by(number, 27, [6], store=7) for number in range(2, 6)),
        bought_by(6, 27, [9], store=8),
    )
)
KNOWN = household(PAST, 0)
OWN = Contexts.of(PAST.purchases, [KNOWN, replace(KNOWN, store=UNKNOWN)])
CANDIDATES = Candidates.of([np.array([6, 9, 2]), np.array([6])])
JOINT = PAST.assortment.kind


def test_what_others_newly_buy_here_pulls() -> None:
    columns = pull_columns(OWN, CANDIDATES, Novelty.of(PAST), Sales.of(PAST))
    assert columns["new to others in a week"].tolist() == [4.0, 1.0, 0.0, 4.0]
    assert columns["new to others in this store"][:3].tolist() == [4.0, 0.0, 0.0]
    assert np.isnan(columns["new to others in this store"][3])
    # Seven of the kind were sold, and one more is thought to have been.
    assert columns["share of its kind"][:2].tolist() == pytest.approx([4 / 8, 1 / 8])


def test_the_own_history_of_a_kind_counts_for_its_unknown_products() -> None:
    columns = property_groups(OWN, CANDIDATES, PAST.assortment, JOINT)
    assert columns["kind count"].tolist() == [2.0, 2.0, 0.0, 2.0]
    assert columns["kind different"].tolist() == [2.0, 2.0, 0.0, 2.0]
    assert columns["department count"].tolist() == [3.0, 3.0, 3.0, 3.0]
