"""The adviser: which products go with these, and why. Pure; the model behind it is anything that ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aisle.messages import Problem, ProblemCode
from aisle.messages.visit import Recommendation, Recommended
from catalogue.products import Product

_ASKED_FOR = 40
_MOST_OF_A_CATEGORY = 2
_CAUSE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate with how much of its score each given product caused."""

    product_id: int
    score: float
    causes: Mapping[int, float]


class Model(Protocol):
    """Anything that ranks products by what is given."""

    def rank(self, given: tuple[int, ...], limit: int) -> list[Ranked]: ...


class Adviser:
    """Answers from the model; without one, or when it knows none of the given products, from popularity."""

    def __init__(self, products: Mapping[int, Product], model: Model | None) -> None:
        self._products = products
        self._model = model
        self._popular = sorted(products.values(), key=lambda product: (-product.purchases, product.product_id))

    def recommend(self, given: tuple[int, ...], limit: int) -> Recommended | Problem:
        """Return up to `limit` products that are on the shelves, in stock and not given, best first."""
        unknown = [product for product in given if product not in self._products]
        if unknown:
            sentence = f"the catalogue has no product {unknown[0]}"
            return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=sentence)
        ranked = self._model.rank(given, _ASKED_FOR) if self._model is not None and given else []
        items = tuple(self._explained(candidate) for candidate in self._choose(ranked, given, limit))
        if items:
            return Recommended(items=items)
        return Recommended(items=self._most_popular(given, limit), fallback=True)

    def _choose(self, ranked: list[Ranked], given: tuple[int, ...], limit: int) -> list[Ranked]:
        """Keep the order, and of each category only the best few."""
        chosen: list[Ranked] = []
        taken: Counter[str] = Counter()
        for candidate in ranked:
            product = self._products.get(candidate.product_id)
            if product is None or candidate.product_id in given or product.stock <= 0:
                continue
            if taken[product.category_id] < _MOST_OF_A_CATEGORY:
                taken[product.category_id] += 1
                chosen.append(candidate)
        return chosen[:limit]

    def _explained(self, candidate: Ranked) -> Recommendation:
        """Name the given products that caused most of the score; what caused nothing is never named."""
        strongest = sorted(candidate.causes.items(), key=lambda cause: (-cause[1], cause[0]))
        because = tuple(
            product for product, share in strongest if share > 0.0 and share >= _CAUSE_SHARE * candidate.score
        )[:2]
        because = because or (strongest[0][0],)
        names = " and ".join(self._products[product].name for product in because)
        return Recommendation(
            product_id=candidate.product_id, score=candidate.score, because=because,
            reason=f"Often bought together with {names}",
        )

    def _most_popular(self, given: tuple[int, ...], limit: int) -> tuple[Recommendation, ...]:
        wanted = [product for product in self._popular if product.product_id not in given and product.stock > 0]
        return tuple(
            Recommendation(
                product_id=product.product_id, score=float(product.purchases), because=(),
                reason="Bought often in this store",
            )
            for product in wanted[:limit]
        )
