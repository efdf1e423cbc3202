"""What others take for the same question: the bare matrix product below any ranking, and the library `implicit`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender
from scipy import sparse

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices
from benchmarks.inference_requests import Asked

FACTORS = 64
_NEIGHBOURS = 64
_BEST = 10
# The time of an answer does not depend on how well the factors fit.
_ITERATIONS = 2
_SEED = 1


@dataclass(frozen=True, slots=True)
class Peer:
    """Something else that answers; `question` turns a request into what it reads, outside of the time taken."""

    name: str
    question: Callable[[Asked], Any]
    answer: Callable[[Any], object]


def floor(products: int) -> Peer:
    """Return the product of a matrix (P, 64) with a vector and the ten best of it, by numpy."""
    rng = np.random.default_rng(_SEED)
    matrix = rng.standard_normal((products, FACTORS), dtype=np.float32)

    def answer(vector: Floats) -> Indices:
        scores: Floats = matrix @ vector
        best = np.argpartition(-scores, _BEST)[:_BEST]
        return best[np.argsort(-scores[best])].astype(np.int32)

    return Peer("the floor", lambda _asked: rng.standard_normal(FACTORS, dtype=np.float32), answer)


def als(past: Past) -> Peer:
    """Return the factors of households and products; it looks up who asks, and reads no history."""
    rows = past.households
    model = AlternatingLeastSquares(factors=FACTORS, iterations=_ITERATIONS, num_threads=1, random_state=_SEED)
    model.fit(rows, show_progress=False)
    households = np.random.default_rng(_SEED)

    def question(_asked: Asked) -> tuple[int, sparse.csr_matrix]:
        household = int(households.integers(rows.shape[0]))
        return household, rows[household]

    return Peer("implicit's ALS", question, lambda asked: model.recommend(*asked, N=_BEST))


def item_to_item(past: Past) -> Peer:
    """Return the cosine of products over trips, asked for what goes with the basket."""
    product_ids = past.assortment.product_ids
    model = CosineRecommender(K=_NEIGHBOURS, num_threads=1)
    with warnings.catch_warnings():
        # The library warns of a matrix that it turned by itself.
        warnings.simplefilter("ignore")
        model.fit(past.trips, show_progress=False)

    def question(asked: Asked) -> sparse.csr_matrix:
        return _row(np.searchsorted(product_ids, asked.request.given), len(product_ids))

    return Peer("implicit's item to item", question, lambda row: model.recommend(0, row, N=_BEST))


def _row(products: Sequence[int] | npt.NDArray[np.integer], width: int) -> sparse.csr_matrix:
    """Return one row (1, P) with ones at some products."""
    columns = np.sort(products)
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, [0, len(columns)]), shape=(1, width))
