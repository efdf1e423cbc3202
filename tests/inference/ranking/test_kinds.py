from __future__ import annotations

import numpy as np
from scipy import sparse

from aisle_inference.ranking.kinds import KindLinks

# Products 0 and 1 are pasta, 2 and 3 sauce, 4 soap. Nobody bought product 3 yet.
CODE = np.array([0, 0, 1, 1, 2], dtype=np.int32)
TRIPS = sparse.csr_matrix(
    np.array([[1, 0, 1, 0, 0], [0, 1, 1, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1]], dtype=np.float32)
)
LINKS = KindLinks.of(TRIPS, CODE)


def test_a_product_that_nobody_bought_is_linked_by_its_kind() -> None:
    to_sauce, to_soap = LINKS.cosine[CODE[0], CODE[3]], LINKS.cosine[CODE[0], CODE[4]]
    assert to_sauce == LINKS.cosine[CODE[0], CODE[2]] > to_soap


def test_kinds_that_are_never_bought_together_are_below_those_that_are() -> None:
    assert LINKS.lift[CODE[0], CODE[2]] > 0.0 > LINKS.lift[CODE[0], CODE[4]]


def test_a_kind_is_not_linked_to_itself() -> None:
    assert not LINKS.cosine.diagonal().any()
