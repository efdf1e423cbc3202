"""The source of a task in a shop that says its promotions: what it is without them, and what the store promotes now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from aisle_inference.harness.queries import ANY_CATEGORY
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import paired
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.named import Features, table_of
from aisle_inference.ranking.promoted import Promoted
from aisle_inference.ranking.rhythm import sums
from aisle_inference.ranking.source import Source

_HALF_LIFE_D = 45.0

SourceOf = Callable[[Lore], Source]
# How well each candidate (R,) fits its query by its kind; 0 where it does not fit at all.
Fit = Callable[[Contexts, Candidates], Floats]


@dataclass(frozen=True, slots=True)
class PromotedSettings:
    """How many of the products that the store promotes are candidates besides those of the task.

    None are: they hold more of what is bought, and the ranking is no better for it (docs/adviser.md).
    """

    candidates: int = 0


@dataclass(frozen=True, slots=True)
class PromotedSource:
    """Adds to a plain source how its candidates are promoted, and, by `fit`, candidates among what is promoted."""

    plain: Source
    promoted: Promoted
    fit: Fit
    settings: PromotedSettings

    @property
    def assortment(self) -> Assortment:
        """Return what the products are."""
        return self.plain.assortment

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        nobody = Contexts.none(len(self.assortment.product_ids))
        return (*self.plain.names, *self.promoted.columns(nobody, Candidates.of([])))

    def candidates(self, asked: Contexts) -> Candidates:
        """Return the candidates of the plain source, and the promoted products that fit best."""
        plain = self.plain.candidates(asked)
        if not self.settings.candidates:
            return plain
        queries = zip(_by_query(plain), self._fitting(asked), strict=True)
        return Candidates.of([np.union1d(chosen, fitting) for chosen, fitting in queries])

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        promoted = table_of(self.promoted.columns(asked, candidates))
        return np.concatenate((self.plain.features(asked, candidates), promoted), axis=1)

    def _fitting(self, asked: Contexts) -> list[Indices]:
        """Return for each query the promoted products that fit best, none of its basket or history."""
        known = (np.union1d(own, given) for own, given in zip(_by_query(asked.owned), asked.given, strict=True))
        here = zip(self.promoted.here(asked), known, strict=True)
        new = Candidates.of([np.setdiff1d(some, own, assume_unique=True) for some, own in here])
        fit = self.fit(asked, new)
        return [_best(new.product[rows], fit[rows], self.settings.candidates) for rows in _rows(new)]


def with_promotions(
    plain_of: SourceOf, fit_of: Callable[[Lore], Fit], settings: PromotedSettings = PromotedSettings()
) -> SourceOf:
    """Return the source that adds promotions in a shop that says them, and is the plain one elsewhere."""

    def source_of(lore: Lore) -> Source:
        plain, promoted = plain_of(lore), lore.promoted
        return PromotedSource(plain, promoted, fit_of(lore), settings) if promoted.is_used else plain

    return source_of


def of_kinds_bought(lore: Lore) -> Fit:
    """Return how much of a product's kind the shopper buys, times its share of the newly bought of the kind."""
    return partial(_kinds_bought, lore.assortment.kind, lore.novelty.share_of_kind)


def of_kinds_linked(lore: Lore) -> Fit:
    """Return how much a product's kind goes with those in the basket, times how it sells; nothing on one shelf."""
    return partial(_kinds_linked, lore.kinds, np.log1p(lore.sales.quarter))


def _kinds_bought(kind: Indices, share: Floats, asked: Contexts, candidates: Candidates) -> Floats:
    bought = sums(asked, candidates, kind, asked.faded(_HALF_LIFE_D)[:, None])[0]
    fit: Floats = (bought * share[candidates.product]).astype(np.float32)
    return fit


def _kinds_linked(kinds: KindLinks, sold: Floats, asked: Contexts, candidates: Candidates) -> Floats:
    linked = paired(kinds.cosine, kinds.code, asked.basket, candidates) * sold[candidates.product]
    return np.where(asked.category[candidates.query] == ANY_CATEGORY, linked, np.float32(0))


def _best(products: Indices, fit: Floats, limit: int) -> Indices:
    """Return the products of the largest fits above zero."""
    found = np.flatnonzero(fit > 0)
    return products[found[np.argsort(-fit[found], kind="stable")[:limit]]]


def _rows(candidates: Candidates) -> Iterator[slice]:
    return (candidates.of_query(query) for query in range(candidates.queries))


def _by_query(candidates: Candidates) -> Iterator[Indices]:
    return (candidates.product[rows] for rows in _rows(candidates))
