"""What a task's ranking is made of: where its candidates come from and what is known of each."""

from __future__ import annotations

from typing import Protocol

from aisle_inference.purchases.products import Assortment
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.named import Features


class Source(Protocol):
    """Learnt from the purchases before a day, without keeping any shopper's; answers for contexts after it.

    A candidate is described alike beside any others, so that some can be looked at alone.
    """

    @property
    def assortment(self) -> Assortment:
        """Return what the products are."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        ...

    def candidates(self, asked: Contexts) -> Candidates:
        """Return the products that are worth a closer look; none that the task does not ask for."""
        ...

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        ...
