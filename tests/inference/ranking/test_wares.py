from __future__ import annotations

from dataclasses import replace

import numpy as np

from aisle_inference.harness.queries import UNKNOWN
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.wares import ware_columns
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

PAST = past_of(
    purchases_of(*(bought_by(number, 25, [0, 1], store=7) for number in range(4)), bought_by(9, 25, [1, 2], store=8))
)
KNOWN = household(PAST, 0)
OWN = Contexts.of(PAST.purchases, [KNOWN, replace(KNOWN, store=UNKNOWN)])
COLUMNS = ware_columns(OWN, Candidates.of([np.array([0, 1, 2]), np.array([0])]), Sales.of(PAST))


def test_sales_are_those_of_the_candidate() -> None:
    assert COLUMNS["sold purchases"].tolist() == [4.0, 5.0, 1.0, 4.0]
    assert COLUMNS["sold buyers"].tolist() == [4.0, 5.0, 1.0, 4.0]


def test_a_store_sells_more_of_some_than_the_chain() -> None:
    assert COLUMNS["store season"][:3].tolist() == [4.0, 4.0, 0.0]
    assert COLUMNS["store lift"][0] > COLUMNS["store lift"][1] > COLUMNS["store lift"][2]


def test_an_unknown_store_has_no_sales_of_its_own() -> None:
    stores = [values[3] for name, values in COLUMNS.items() if name.startswith("store")]
    assert len(stores) > 0
    assert np.isnan(stores).all()
    assert np.isfinite(COLUMNS["sold purchases"][3])
