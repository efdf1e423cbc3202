"""A task's ranking as it serves: the same candidates and features as in training, and the forest that was carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.named import Features
from aisle_inference.ranking.source import Source

Mask = npt.NDArray[np.bool_]
# How columns begin that say how often something is sold, whoever asks.
_ABOUT_SALES = ("sold ", "store ", "share of ", "its ", "new to others")


class Scorer(Protocol):
    """The forest: the places of the best rows (k,), best first, and the log odds (R,) of all."""

    def best(self, features: Features, limit: int) -> tuple[npt.NDArray[np.int64], Floats]: ...


@dataclass(frozen=True, slots=True)
class Top:
    """The best products (k,) of one question, best first, with their log odds (k,) and features (k, F)."""

    product: Indices
    score: Floats
    features: Features


@dataclass(frozen=True, slots=True)
class ServedRanking:
    """Candidates and features of one task, and the forest over them; `sales_columns` are those about sales alone."""

    source: Source
    scorer: Scorer
    sales_columns: tuple[int, ...]

    @classmethod
    def of(cls, source: Source, scorer: Scorer) -> ServedRanking:
        """Put both together."""
        names = enumerate(source.names)
        return cls(source, scorer, tuple(place for place, name in names if name.startswith(_ABOUT_SALES)))

    @property
    def products(self) -> int:
        """Return how many products there are."""
        return len(self.source.assortment.product_ids)

    def top(self, asked: Contexts, allowed: Mask, limit: int) -> Top:
        """Return the best products of the first question among those that are allowed (P,)."""
        found = self.source.candidates(asked)
        candidates = found.only(allowed[found.product])
        features = self.source.features(asked, candidates)
        places, scores = self.scorer.best(features, limit)
        return Top(candidates.product[places], scores[places], features[places])

    def scores(self, asked: Contexts, products: Indices) -> Floats:
        """Return the log odds (n, k) of some products for each of n questions."""
        return self.score(self.features(asked, products)).reshape(asked.queries, len(products))

    def features(self, asked: Contexts, products: Indices) -> Features:
        """Return the features (n * k, F) of some products for each of n questions, question by question."""
        return self.source.features(asked, Candidates.of([products] * asked.queries))

    def score(self, features: Features) -> Floats:
        """Return the log odds (R,) of features (R, F)."""
        return self.scorer.best(features, 1)[1]
