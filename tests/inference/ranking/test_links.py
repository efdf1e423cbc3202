from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from aisle_inference.ranking.links import Links, LinkSettings, strongest
from tests.inference.baselines.worlds import past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# 0 and 1 are always bought together, 2 with everything and by all, 3 once with 0.
TRIPS = [bought_by(number, day, [0, 1, 2]) for number in range(6) for day in (1, 8)]
TRIPS += [bought_by(number, 15, [2, 4]) for number in range(6)]
TRIPS += [bought_by(0, 20, [0, 3])]
LINKS = Links.of(past_of(purchases_of(*TRIPS)), LinkSettings(shrinkage=1.0, buyer_shrinkage=1.0))


def test_what_is_always_bought_together_is_linked_more_than_what_everything_is_bought_with() -> None:
    assert LINKS.cosine[0, 1] > LINKS.cosine[0, 2] > 0.0


def test_the_second_cosine_favours_what_sells_more() -> None:
    ratio = LINKS.cosine[0, 1] / LINKS.cosine[0, 2]
    assert LINKS.rarer[0, 1] / LINKS.rarer[0, 2] < ratio


def test_the_share_is_that_of_the_given_products_trips() -> None:
    assert LINKS.share[0, 1] == pytest.approx(12 / (13 + 1.0))
    assert LINKS.share[2, 1] == pytest.approx(12 / (18 + 1.0))


def test_taste_links_products_that_were_never_in_one_trip() -> None:
    assert LINKS.taste[0, 4] > 0.0
    assert LINKS.cosine[0, 4] == 0.0


def test_a_pair_that_was_bought_together_once_is_chance() -> None:
    assert LINKS.cosine[0, 3] == LINKS.share[0, 3] == 0.0


def test_no_product_is_linked_to_itself() -> None:
    assert all(not matrix.diagonal().any() for matrix in (*LINKS.ways, LINKS.share))


def test_only_the_strongest_links_are_kept() -> None:
    links = sparse.csr_matrix(np.array([[0.0, 3.0, 1.0, 2.0], [1.0, 0.0, 0.0, 0.0]], dtype=np.float32))
    assert strongest(links, 2).toarray().tolist() == [[0.0, 3.0, 0.0, 2.0], [1.0, 0.0, 0.0, 0.0]]
