from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from aisle_inference.associations import Associations, AssociationSettings, learn
from tests.inference.models import table_of

MILK, BREAD, SODA, SALT = range(4)
# Milk in 4 trips, bread in 3, soda in 2, salt in 1; milk and bread together in 3, milk and soda in 1.
TRIPS = [(MILK, BREAD), (MILK, BREAD), (MILK, BREAD, SODA), (MILK,), (SODA,), (SALT,)]
PLAIN = AssociationSettings(neighbours=3, given_exponent=0.5, candidate_exponent=0.5, shrinkage=0.0, fewest_together=1)


def trips_of(baskets: list[tuple[int, ...]], products: int) -> sparse.csr_matrix:
    table = np.zeros((len(baskets), products), dtype=np.float32)
    for row, basket in enumerate(baskets):
        table[row, list(basket)] = 1.0
    return sparse.csr_matrix(table)


def weight(model: Associations, given_product: int, candidate: int) -> float:
    return float(table_of(model)[given_product, candidate])


@pytest.mark.filterwarnings("error")
def test_the_weight_is_the_cosine_of_two_products() -> None:
    model = learn(trips_of(TRIPS, 4), PLAIN)
    assert weight(model, MILK, BREAD) == pytest.approx(3 / np.sqrt(4 * 3))
    assert weight(model, MILK, SODA) == pytest.approx(1 / np.sqrt(4 * 2))
    assert weight(model, BREAD, SODA) == pytest.approx(1 / np.sqrt(3 * 2))


def test_exponents_temper_the_given_and_the_candidate_product_each() -> None:
    changed = AssociationSettings(
        neighbours=3, given_exponent=0.7, candidate_exponent=0.2, shrinkage=2.0, fewest_together=1
    )
    model = learn(trips_of(TRIPS, 4), changed)
    assert weight(model, MILK, BREAD) == pytest.approx(3 / (4**0.7 * 3**0.2 + 2.0))
    assert weight(model, BREAD, MILK) == pytest.approx(3 / (3**0.7 * 4**0.2 + 2.0))


def test_pairs_that_were_seen_too_seldom_say_nothing() -> None:
    model = learn(trips_of(TRIPS, 4), AssociationSettings(neighbours=3, shrinkage=0.0, fewest_together=2))
    assert weight(model, MILK, BREAD) > 0.0
    assert weight(model, MILK, SODA) == weight(model, BREAD, SODA) == 0.0


def test_a_product_bought_alone_has_no_neighbours() -> None:
    model = learn(trips_of(TRIPS, 4), PLAIN)
    assert (model.neighbours[SALT] == SALT).all()
    assert (model.weights[SALT] == 0.0).all()


def test_only_the_strongest_neighbours_are_kept_in_their_order() -> None:
    assert learn(trips_of(TRIPS, 4), PLAIN).neighbours[MILK].tolist() == [BREAD, SODA, MILK]
    narrow = learn(trips_of(TRIPS, 4), AssociationSettings(neighbours=1, shrinkage=0.0, fewest_together=1))
    assert narrow.neighbours.shape == (4, 1)
    assert narrow.neighbours[MILK].tolist() == [BREAD]


def test_the_share_that_is_done_ends_at_one() -> None:
    shares: list[float] = []
    learn(trips_of(TRIPS, 4), PLAIN, shares.append)
    assert shares[-1] == 1.0


def test_blocks_of_products_fit_together() -> None:
    rng = np.random.default_rng(3)
    matrix = sparse.csr_matrix((rng.random((60, 700)) < 0.1).astype(np.float32))
    model = learn(matrix, AssociationSettings(neighbours=5, fewest_together=1))
    together = (matrix.T @ matrix).toarray()
    counts = matrix.toarray().sum(axis=0)
    for product in (0, 511, 512, 699):
        expected = together[product] / (counts[product] ** 0.7 * counts**0.5 + 10.0)
        expected[product] = 0.0
        assert np.sort(model.weights[product])[::-1] == pytest.approx(np.sort(expected)[::-1][:5], rel=1e-5)


@settings(max_examples=30)
@given(
    baskets=st.lists(
        st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True).map(tuple), min_size=1, max_size=12
    )
)
def test_no_product_is_its_own_neighbour_and_no_weight_is_negative(baskets: list[tuple[int, ...]]) -> None:
    model = learn(trips_of(baskets, 5), AssociationSettings(fewest_together=1))
    assert (np.diagonal(table_of(model)) == 0.0).all()
    assert (model.weights >= 0.0).all()
    together = {(a, b) for basket in baskets for a in basket for b in basket if a != b}
    assert {(int(a), int(b)) for a, b in np.argwhere(table_of(model) > 0.0)} == together
