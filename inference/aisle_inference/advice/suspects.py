"""What may have caused a product, the likeliest first: what in the basket goes with it, or was bought by its buyers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aisle_inference.advice.question import Question
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.kernels import entries
from aisle_inference.ranking.lore import Lore

_MOST = 8


def suspects_of(lore: Lore, question: Question, product: int) -> Sequence[int]:
    """Return the products of the basket, or of the history when something new is asked for; of many the likeliest."""
    if question.task is Task.NOVEL:
        bought, times = np.unique(question.own.product, return_counts=True)
        pull = (lore.tastes.bought[bought] @ lore.tastes.wanted[product]) * np.log1p(times)
        return _best(bought, pull, 3)
    given = question.given
    pull = _links(lore, given, product)
    return _best(given, pull, _MOST)


def _links(lore: Lore, given: Indices, product: int) -> Floats:
    """Return how strongly each given product is linked to one; of two alike, the one of a closer category."""
    column = np.full(len(given), product, dtype=np.int32)
    same = lore.assortment.category[given] == lore.assortment.category[product]
    return sum((entries(links, given, column) for links in lore.links.ways), np.float32(1e-6) * same)


def _best(products: Indices, pull: Floats, most: int) -> list[int]:
    """Return the products of the strongest pull, best first."""
    order: list[int] = products[np.lexsort((products, -pull))][:most].tolist()
    return order
