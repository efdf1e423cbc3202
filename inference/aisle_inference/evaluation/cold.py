"""Cold start: how well products are recommended that nobody bought yet, beside the same products when they are known.

A tenth of the products, by seed, is hidden: everything is learnt once as it is, and once without any purchase of these
before the month; what they are (department, category, brand, size, kind) stays known. Then both answer the questions
whose truth holds such a product, counting only those: ranked among the hidden products alone, and among all. The share
of the cold figure in the warm one is the result. What a household bought of them before is no answer for either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aisle_inference.evaluation.contenders import NoNotebook, only_tasks, ours
from aisle_inference.evaluation.figures import RESAMPLES, interval_of
from aisle_inference.evaluation.judged import Judged
from aisle_inference.evaluation.narrowed import Mask, only_events
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.harness.judge import HIT_3, LISTED, MAIN_FIGURE, RECALL, figures_of
from aisle_inference.harness.metrics import Figures
from aisle_inference.harness.queries import LEAST_ON_SHELF, Query, Task, own_history
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices, Purchases
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.ranker import Ranker
from aisle_inference.training.course import Course, Told

# The next basket is what was bought before, which says nothing of a product that nobody bought.
COLD_TASKS = (Task.NOVEL, Task.COMPLETION, Task.SHELF)
# 64 queries x 2,300 hidden products x 80 features are 47 MB.
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class ColdSettings:
    """The share of products that is hidden, the seed that chooses them, and how many queries a task asks at most.

    Of the hidden products the sales of the last `days_on_sale` before the month are known: 0 are those of no day.
    """

    share: float = 0.1
    seed: int = 20_171
    most_queries: int = 1500
    days_on_sale: float = 0.0


@dataclass(frozen=True, slots=True)
class ColdFigure:
    """One task among the hidden products alone, or among all: cold, warm, and cold as a share of warm.

    `chance` is what a random order of the hidden products would find, `by_sales` what their order by true sales would:
    the part of the warm figure that nobody can know of a product that was never sold. Both are None among all products.
    The share is None where the warm ranking finds nothing.
    """

    task: Task
    figure: str
    among: str
    queries: int
    cold: Interval
    warm: Interval
    share: Interval | None
    chance: float | None
    by_sales: float | None = None


def cold_figures(
    judged: Judged, warm: Mapping[Task, Ranker], course: Course, settings: ColdSettings, told: Told
) -> tuple[ColdFigure, ...]:
    """Learn without the hidden products and compare with what was learnt with them. Raises TooLittleHistory."""
    hidden = hidden_products(judged.shop.purchases.products, settings)
    first_d = judged.month.start_d - settings.days_on_sale
    shop = replace(judged.shop, purchases=without_past(judged.shop.purchases, hidden, first_d))
    cold = ours(shop, only_tasks(course, warm), NoNotebook(), told)
    figures: list[ColdFigure] = []
    for task in warm:
        queries = asked_of_hidden(judged.queries.get(task, ()), judged.shop.assortment, hidden, settings)
        if queries:
            figures += _compared(judged, (cold[task], warm[task]), queries, hidden)
    return tuple(figures)


def cold_start(judged: Judged, course: Course, settings: ColdSettings, told: Told) -> tuple[ColdFigure, ...]:
    """Learn with and without the hidden products and compare. Raises TooLittleHistory."""
    few = only_tasks(course, COLD_TASKS)
    warm = ours(judged.shop, few, NoNotebook(), lambda what, share: told(f"known: {what}", share / 2))
    return cold_figures(judged, warm, few, settings, lambda what, share: told(f"hidden: {what}", (1 + share) / 2))


def hidden_products(products: int, settings: ColdSettings) -> Mask:
    """Return which products (P,) are hidden: exactly their share, chosen by the seed."""
    hidden = np.zeros(products, dtype=np.bool_)
    rng = np.random.default_rng(settings.seed)
    hidden[rng.choice(products, round(settings.share * products), replace=False)] = True
    return hidden


def without_past(bought: Purchases, hidden: Mask, before_d: float) -> Purchases:
    """Return the purchases without those of hidden products (P,) before a day."""
    return only_events(bought, ~(hidden[bought.product] & (bought.time_d < before_d)))


def asked_of_hidden(
    queries: Sequence[Query], assortment: Assortment, hidden: Mask, settings: ColdSettings
) -> list[Query]:
    """Return the queries that ask for hidden products, with only these in their truth; at most so many, by seed.

    A shelf counts where at least LEAST_ON_SHELF of its products are hidden, since fewer are all among the first three.
    """
    on_shelf = np.bincount(assortment.category, weights=hidden)
    narrowed = [replace(query, truth=query.truth[hidden[query.truth]]) for query in queries]
    asked = [
        query
        for query in narrowed
        if len(query.truth) and (query.category < 0 or on_shelf[query.category] >= LEAST_ON_SHELF)
    ]
    if len(asked) <= settings.most_queries:
        return asked
    chosen = np.random.default_rng(settings.seed).choice(len(asked), settings.most_queries, replace=False)
    return [asked[number] for number in np.sort(chosen)]


def pool_of(query: Query, purchases: Purchases, assortment: Assortment, hidden: Mask) -> Indices:
    """Return the hidden products that may answer a query: of its category, not given, and not bought before."""
    allowed = hidden if query.category < 0 else hidden & (assortment.category == query.category)
    known = np.concatenate((query.given, own_history(purchases, query)))
    return np.setdiff1d(np.flatnonzero(allowed), known).astype(np.int32)


def ranked_among(ranker: Ranker, queries: Sequence[Query], pools: Sequence[Indices]) -> Indices:
    """Return the best (n, LISTED) of each query's own pool by the ranker's forests, whatever its candidates are."""
    ranked = []
    for first in range(0, len(queries), _BLOCK):
        asked = Contexts.of(ranker.past.purchases, queries[first : first + _BLOCK])
        candidates = Candidates.of(pools[first : first + _BLOCK])
        ranked.append(candidates.best(ranker.scores(ranker.source.features(asked, candidates)), LISTED))
    return np.concatenate(ranked)


def ranked_by(values: Floats, pools: Sequence[Indices]) -> Indices:
    """Return the products (n, LISTED) of each pool by falling value (P,)."""
    candidates = Candidates.of(pools)
    return candidates.best(values[candidates.product], LISTED)


def share_interval(cold: Figures, warm: Figures, seed: int, resamples: int = RESAMPLES) -> Interval | None:
    """Return mean(cold) / mean(warm) with its paired 95 % bootstrap interval; None where warm finds nothing."""
    if not warm.any():
        return None
    shares = np.sort([cold[drawn].mean() / warm[drawn].mean() for drawn in _drawn(warm, seed, resamples)])
    low, high = np.percentile(shares, (2.5, 97.5))
    return Interval(float(cold.mean() / warm.mean()), float(low), float(high))


def _drawn(warm: Figures, seed: int, resamples: int) -> Iterator[Indices]:
    """Yield resamples of the queries in which warm finds anything."""
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn = rng.integers(len(warm), size=len(warm)).astype(np.int32)
        if warm[drawn].any():
            yield drawn


def _compared(
    judged: Judged, rankers: tuple[Ranker, Ranker], queries: Sequence[Query], hidden: Mask
) -> Iterator[ColdFigure]:
    """Yield the figures of the cold and the warm ranking, among the hidden products and among all."""
    purchases, assortment = judged.shop.purchases, judged.shop.assortment
    pools = [pool_of(query, purchases, assortment, hidden) for query in queries]
    cold_queries = [_without_history(query, rankers[0].past) for query in queries]
    asked = tuple(zip(rankers, (cold_queries, queries), strict=True))
    alone = [ranked_among(ranker, some, pools) for ranker, some in asked]
    sold = ranked_by(judged.past.popularity, pools)
    by_sales = float(figures_of(sold, [query.truth for query in queries])[MAIN_FIGURE[queries[0].task]].mean())
    yield replace(_figure("the hidden", queries, alone), chance=_chance(queries, pools), by_sales=by_sales)
    full = [ranker.rank(some, LISTED) for ranker, some in asked]
    yield _figure("all", queries, full)


def _without_history(query: Query, past: Past) -> Query:
    """Return the query as it stands in purchases of which some are gone."""
    if query.household < 0:
        return query
    return replace(query, events_end=past.purchases.events_before(query.household, query.time_d))


def _figure(among: str, queries: Sequence[Query], ranked: Sequence[Indices]) -> ColdFigure:
    task, truths = queries[0].task, [query.truth for query in queries]
    name = MAIN_FIGURE[task]
    cold, warm = (figures_of(lists, truths)[name] for lists in ranked)
    share = share_interval(cold, warm, seed=1)
    return ColdFigure(task, name, among, len(queries), interval_of(cold), interval_of(warm), share, None)


def _chance(queries: Sequence[Query], pools: Sequence[Indices]) -> float:
    """Return the figure that a random order of the pools is expected to have."""
    of_one = {RECALL: chance_of_recall, HIT_3: chance_of_hit}[MAIN_FIGURE[queries[0].task]]
    return float(np.mean([of_one(len(pool), len(query.truth)) for query, pool in zip(queries, pools, strict=True)]))


def chance_of_recall(pool: int, _truth: int) -> float:
    """Return how likely a product of the pool is among the first LISTED of a random order."""
    return min(1.0, LISTED / max(1, pool))


def chance_of_hit(pool: int, truth: int) -> float:
    """Return how likely a true product is among the first three of a random order."""
    missed = [max(0, pool - truth - drawn) / max(1, pool - drawn) for drawn in range(3)]
    return 1.0 - float(np.prod(missed))
