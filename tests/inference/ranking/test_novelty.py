from __future__ import annotations

import numpy as np

from aisle_inference.ranking.novelty import Novelty, share_within
from tests.inference.baselines.worlds import past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# The day is 30: household 1 buys product 0 twice, household 2 once, and product 3 is sold since day 0.
PAST = past_of(
    purchases_of(
        bought_by(1, 10, [0], store=7),
        bought_by(1, 28, [0], store=8),
        bought_by(2, 27, [0], store=8),
        bought_by(2, 0, [3], store=8),
        bought_by(3, 35, [9], store=8),
    )
)


def test_only_a_households_first_purchase_counts() -> None:
    novelty = Novelty.of(PAST)
    assert novelty.week[[0, 3, 9]].tolist() == [1.0, 0.0, 0.0]
    assert novelty.month[[0, 3, 9]].tolist() == [2.0, 0.0, 0.0]
    assert novelty.quarter[[0, 3, 9]].tolist() == [2.0, 1.0, 0.0]


def test_a_product_is_as_old_as_its_first_sale_to_anybody() -> None:
    age_d = Novelty.of(PAST).age_d
    assert round(float(age_d[0] - age_d[3])) == -10
    assert age_d[9] == 0.0


def test_stores_count_their_own_and_no_store_has_none() -> None:
    store = Novelty.of(PAST).store.toarray()
    assert store[:, 0].tolist() == [1.0, 1.0, 0.0]
    assert store[-1].sum() == 0.0


def test_shares_are_within_a_code() -> None:
    shares = share_within(np.array([2.0, 1.0, 4.0], dtype=np.float32), np.array([0, 0, 1], dtype=np.int32))
    assert np.allclose(shares, [0.5, 0.25, 0.8])
