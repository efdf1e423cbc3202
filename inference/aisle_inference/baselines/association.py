"""Products often bought with those in the basket, mixed with what this store sells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import basket_rows
from aisle_inference.harness.queries import UNKNOWN, Query
from aisle_inference.purchases.past import Past


@dataclass(frozen=True, slots=True)
class AssociationSettings:
    """How rules and stores are mixed.

    `shrink` is added to the trips of a rule's left side, `store_weight` weighs the store's share against the mean rule,
    `store_prior` is how many purchases of the whole chain a store's own are mixed with.
    """

    shrink: float = 30.0
    store_weight: float = 1.0
    store_prior: float = 1000.0
    window_d: float = 120.0


def association(past: Past, settings: AssociationSettings) -> Score:
    """Score by the mean P(product | given product) within a trip plus the product's share of the store's trips."""
    trips = past.trips
    counts = np.asarray(trips.sum(axis=0)).ravel()
    together = sparse.csr_matrix(trips.T @ trips)
    together.setdiag(0)
    rules = sparse.csr_matrix(sparse.diags(1.0 / (counts + settings.shrink)) @ together)
    shares = store_shares(past, settings.window_d, settings.store_prior)

    def score(queries: Sequence[Query]) -> Scores:
        baskets = basket_rows(queries, past.purchases.products)
        sizes = np.maximum(1, np.diff(baskets.indptr))[:, None]
        stores = np.array([query.store for query in queries], dtype=np.int64)
        stores[stores == UNKNOWN] = past.purchases.stores
        scores: Scores = (baskets @ rules).toarray() / sizes + settings.store_weight * shares[stores]
        return scores

    return score


def store_shares(past: Past, window_d: float, prior: float) -> npt.NDArray[np.float32]:
    """Return the share of each product in each store's trips of the last days (S + 1, P); the last row is the chain's.

    A store's own purchases are mixed with `prior` purchases of the chain.
    """
    purchases = past.purchases
    recent = (purchases.time_d < past.before_d) & (purchases.time_d >= past.before_d - window_d)
    cells = (purchases.store[recent], purchases.product[recent])
    shape = (purchases.stores + 1, purchases.products)
    sold = sparse.csr_matrix((np.ones(len(cells[0])), cells), shape=shape).toarray()
    chain = sold.sum(axis=0) / max(1.0, sold.sum())
    shares = (sold + prior * chain) / (sold.sum(axis=1, keepdims=True) + prior)
    return np.asarray(_products_a_trip(past) * shares, dtype=np.float32)


def _products_a_trip(past: Past) -> float:
    known = past.purchases.trip_time_d < past.before_d
    return float(past.popularity.sum() / max(1, known.sum()))
