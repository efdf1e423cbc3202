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
_MOST_TASTES = 3


def suspects_of(lore: Lore, question: Question, products: Sequence[int]) -> list[tuple[int, ...]]:
    """Return, for each of some products, what in the basket, or in the history where something new is asked for."""
    columns = np.array(products, dtype=np.int32)
    if question.task is Task.NOVEL:
        bought, times = np.unique(question.own.product, return_counts=True)
        pull = (lore.tastes.bought[bought] @ lore.tastes.wanted[columns].T) * np.log1p(times)[:, None]
        return _best(bought, pull, _MOST_TASTES)
    return _best(question.given, _links(lore, question.given, columns), _MOST)


def _links(lore: Lore, given: Indices, products: Indices) -> Floats:
    """Return how strongly each given product is linked to each of some (G, K); of two alike, the closer category."""
    cells = np.repeat(given, len(products)), np.tile(products, len(given))
    category = lore.assortment.category
    strengths = (category[given][:, None] == category[products]) * np.float32(1e-6)
    for links in lore.links.ways:
        strengths += entries(links, *cells).reshape(strengths.shape)
    return np.asarray(strengths, dtype=np.float32)


def _best(brought: Indices, pull: Floats, most: int) -> list[tuple[int, ...]]:
    """Return for each column of pull (G, K) what pulls strongest, best first."""
    order = np.argsort(-pull, axis=0, kind="stable")[:most]
    return [tuple(column) for column in brought[order].T.tolist()]
