"""The figures of a ranking: what the tables, the manifest and the acceptance test are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aisle_inference.harness.metrics import Figures, hit_rate_at, hits_of, ndcg_at, recall_at, sizes_of
from aisle_inference.harness.queries import Query, Task
from aisle_inference.purchases.table import Indices

RECALL, NDCG, HIT_10, HIT_3 = "recall@10", "NDCG@10", "hit rate@10", "hit rate@3"
# The figure that settings are chosen by, and that our own ranking must win.
MAIN_FIGURE = {Task.NEXT_BASKET: RECALL, Task.NOVEL: RECALL, Task.COMPLETION: RECALL, Task.SHELF: HIT_3}
LISTED = 10


class Ranking(Protocol):
    """Anything that answers queries with lists."""

    def rank(self, queries: Sequence[Query], limit: int) -> Indices: ...


def judged(ranking: Ranking, queries: Sequence[Query]) -> dict[str, Figures]:
    """Ask a ranking and return every figure, one value a query."""
    return figures_of(ranking.rank(queries, LISTED), [query.truth for query in queries])


def figures_of(ranked: Indices, truths: Sequence[Indices]) -> dict[str, Figures]:
    """Return every figure (n,) of lists (n, k), best first."""
    hits, sizes = hits_of(ranked, truths), sizes_of(truths)
    return {
        RECALL: recall_at(10, hits, sizes),
        NDCG: ndcg_at(10, hits, sizes),
        HIT_10: hit_rate_at(10, hits),
        HIT_3: hit_rate_at(3, hits),
    }
