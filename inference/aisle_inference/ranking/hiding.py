"""Examples of products that nobody bought yet, so that the trees learn what borrowed figures are worth.

A part of the products is hidden from the lore of a month that is looked back at, as if they came new to the store, and
is asked about as everything else is (compare the dropout of Volkovs et al., 2017, "DropoutNet: Addressing Cold Start in
Recommender Systems", NIPS).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import ANY_CATEGORY, Query
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts, blocks
from aisle_inference.ranking.forest import Examples
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.newcomers import BorrowedLore
from aisle_inference.ranking.source import Source

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HidingSettings:
    """One of how many parts of the products is hidden, how many misses a query has, and how much each example counts.

    Of the misses a few stand for all. The more the examples count, the less is left of the trees for known products.
    """

    parts: int = 5
    misses: int = 8
    weight: float = 0.2
    seed: int = 1


def with_newcomers(lore: LearntLore, settings: HidingSettings = HidingSettings()) -> BorrowedLore:
    """Return the lore as it would be, had nobody bought a part of its products, chosen by the seed."""
    part = np.random.default_rng(settings.seed).integers(settings.parts, size=len(lore.is_new))
    return BorrowedLore(lore, lore.is_new | (part == 0))


def newcomer_examples(
    source: Source,
    past: Past,
    hidden: Mask,
    queries: Sequence[Query],
    miss_share: float,
    settings: HidingSettings = HidingSettings(),
) -> Iterator[Examples]:
    """Yield examples of hidden products (P,): all that were bought, and misses that count as `miss_share` of all do."""
    rng = np.random.default_rng(settings.seed)
    for block in blocks(queries):
        asked = Contexts.of(past.purchases, block)
        asks = [
            _asked(query, _pool(asked, number, hidden, past), miss_share, settings, rng)
            for number, query in enumerate(block)
        ]
        products, hits, weights = zip(*asks, strict=True)
        features = source.features(asked, Candidates.of(products))
        yield Examples(features, np.concatenate(hits), np.concatenate(weights).astype(np.float32))


def _asked(
    query: Query, pool: Indices, miss_share: float, settings: HidingSettings, rng: np.random.Generator
) -> tuple[Indices, Mask, npt.NDArray[np.float64]]:
    """Return the products of a pool that a query is an example of, which of them were bought, and their weights."""
    is_hit = np.isin(pool, query.truth)
    misses = pool[~is_hit]
    some = rng.choice(misses, min(len(misses), settings.misses), replace=False)
    hits = np.arange(is_hit.sum() + len(some)) < is_hit.sum()
    each = miss_share * len(misses) / max(1, len(some))
    weights = np.where(hits, 1.0, each) * settings.weight / max(1, len(query.truth))
    return np.concatenate((pool[is_hit], some)), hits, weights


def _pool(asked: Contexts, number: int, hidden: Mask, past: Past) -> Indices:
    """Return the hidden products that may answer a query: of its category, not given, and not bought before."""
    is_asked = hidden.copy()
    if asked.category[number] != ANY_CATEGORY:
        is_asked &= past.assortment.category == asked.category[number]
    is_asked[asked.given[number]] = False
    is_asked[asked.owned.product[asked.owned.of_query(number)]] = False
    return np.flatnonzero(is_asked).astype(np.int32)
