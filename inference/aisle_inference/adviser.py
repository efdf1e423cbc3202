"""The adviser: which products go with these, and why. Pure; the model behind it is anything that ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from aisle.messages import Problem, ProblemCode
from aisle.messages.visit import Recommendation, Recommended
from catalogue.products import Product

_ASKED_FOR = 200
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
        by_sales = sorted(products.values(), key=lambda product: (-product.purchases, product.product_id))
        self._popular = tuple(product.product_id for product in by_sales)

    def recommend(self, given: tuple[int, ...], limit: int) -> Recommended | Problem:
        """Return up to `limit` products of the catalogue that are in stock and not given, best first.

        Of each category only the best two; `fallback` says that popularity was used, because the model is missing
        or knows nothing that goes with the given products.
        """
        unknown = [product for product in given if product not in self._products]
        if unknown:
            sentence = f"the catalogue has no product {unknown[0]}"
            return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=sentence)
        candidates = self._model.rank(given, _ASKED_FOR) if self._model is not None and given else []
        ranked = {candidate.product_id: candidate for candidate in candidates}
        chosen = self._choose(ranked, given, limit)
        if chosen:
            return Recommended(items=tuple(self._explained(ranked[product]) for product in chosen))
        popular = self._choose(self._popular, given, limit)
        return Recommended(items=tuple(self._popular_item(product) for product in popular), fallback=True)

    def _choose(self, candidates: Iterable[int], given: tuple[int, ...], limit: int) -> list[int]:
        """Keep the order, and of each category only the best few."""
        chosen: list[int] = []
        taken: Counter[str] = Counter()
        for candidate in candidates:
            product = self._products.get(candidate)
            if product is None or candidate in given or product.stock <= 0:
                continue
            if taken[product.category_id] < _MOST_OF_A_CATEGORY:
                taken[product.category_id] += 1
                chosen.append(candidate)
            if len(chosen) == limit:
                break
        return chosen

    def _explained(self, candidate: Ranked) -> Recommendation:
        """Name the given products that caused most of the score; what caused nothing is never named."""
        strongest = sorted(candidate.causes.items(), key=lambda cause: (-cause[1], cause[0]))
        because = tuple(
            product for product, share in strongest if share > 0.0 and share >= _CAUSE_SHARE * candidate.score
        )[:2]
        because = because or (strongest[0][0],)
        # Two labels may read the same ("Milk" of two brands): one name is enough then.
        names = " and ".join(dict.fromkeys(self._products[product].name for product in because))
        return Recommendation(
            product_id=candidate.product_id,
            score=candidate.score,
            because=because,
            reason=f"Often bought together with {names}",
        )

    def _popular_item(self, product_id: int) -> Recommendation:
        purchases = float(self._products[product_id].purchases)
        return Recommendation(product_id=product_id, score=purchases, because=(), reason="Bought often in this store")
