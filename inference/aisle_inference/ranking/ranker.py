"""The production ranking of a task: candidates, their features, and two forests learnt from the months before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import Month, Query, Task
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.contexts import Contexts, blocks
from aisle_inference.ranking.forest import Examples, Forest, ForestSettings, grow
from aisle_inference.ranking.hiding import HidingSettings, newcomer_examples, with_newcomers
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.named import Features
from aisle_inference.ranking.source import Source
from aisle_inference.ranking.sources import SOURCES
from aisle_inference.ranking.windows import WindowSettings, training_queries, windows_before

Told = Callable[[str, float], None]


class TooLittleHistory(ValueError):
    """A history from which no ranking can be learnt; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class RankerSettings:
    """What is learnt from, how the trees grow, and from how many seeds their scores are averaged.

    `hiding` says which products are hidden for once; None hides none.
    """

    windows: WindowSettings
    forest: ForestSettings
    seeds: int = 2
    hiding: HidingSettings | None = field(default_factory=HidingSettings)

    def forest_of(self, number: int) -> ForestSettings:
        """Return the settings of one of the forests, each with a seed of its own."""
        return replace(self.forest, seed=self.forest.seed + number)


# Chosen on October, learnt from before it.
SETTINGS: dict[Task, RankerSettings] = {
    Task.NEXT_BASKET: RankerSettings(
        WindowSettings(windows=4),
        ForestSettings(trees=200, learning_rate=0.07, least_in_leaf=200, feature_share=0.3, miss_share=0.18),
        seeds=3,
        # What a household buys again is never new.
        hiding=None,
    ),
    Task.NOVEL: RankerSettings(
        WindowSettings(windows=3, most_queries=4000),
        ForestSettings(trees=250, leaves=15, ridge=20.0, miss_share=0.12),
        seeds=3,
        # It would cost what is known: recall@10 in October .0275 without, .0251 with.
        hiding=None,
    ),
    Task.COMPLETION: RankerSettings(WindowSettings(windows=3, most_queries=4000), ForestSettings()),
    Task.SHELF: RankerSettings(WindowSettings(windows=3, most_queries=8000), ForestSettings()),
}


@dataclass(frozen=True, slots=True)
class Ranker:
    """Answers the queries of one task; meets the same protocol as the baselines that it is judged against."""

    name: str
    past: Past
    source: Source
    forests: tuple[Forest, ...]

    def rank(self, queries: Sequence[Query], limit: int) -> Indices:
        """Return product indices (n, limit), best first; -1 fills the rest."""
        ranked = [self._ranked(Contexts.of(self.past.purchases, block), limit) for block in blocks(queries)]
        return np.concatenate(ranked) if ranked else np.empty((0, limit), dtype=np.int32)

    def _ranked(self, asked: Contexts, limit: int) -> Indices:
        candidates = self.source.candidates(asked)
        return candidates.best(self.scores(self.source.features(asked, candidates)), limit)

    def scores(self, features: Features) -> npt.NDArray[np.float64]:
        """Return the mean log odds (R,) of features (R, F) over the forests."""
        return np.mean([forest.scores(features) for forest in self.forests], axis=0)  # type: ignore[no-any-return]


def learn(
    task: Task,
    past: Past,
    settings: RankerSettings | None = None,
    told: Told = lambda _what, _share: None,
) -> Ranker:
    """Learn a task's ranking from what was bought before the day. Raises TooLittleHistory."""
    chosen = settings or SETTINGS[task]
    windows = windows_before(past.purchases, past.before_d, chosen.windows)
    if not windows:
        raise TooLittleHistory(
            f"the history has less than {chosen.windows.least_before_d + 30:.0f} days before the first question; "
            "nothing can be learnt from it"
        )
    examples = enough(list(_looked_back(task, past, windows, chosen, told)))
    source = SOURCES[task](LearntLore(past))
    forests = tuple(_grown(examples, source.names, chosen, number, told) for number in range(chosen.seeds))
    return Ranker("ours", past, source, forests)


def _looked_back(
    task: Task, past: Past, windows: Sequence[Month], settings: RankerSettings, told: Told
) -> Iterator[Examples]:
    for number, window in enumerate(windows):
        told(f"looking back at month {number + 1} of {len(windows)}", number / len(windows))
        lore = LearntLore(past.earlier(window.start_d))
        yield examples_of(task, lore, window, settings, number)


def _grown(examples: Examples, names: tuple[str, ...], settings: RankerSettings, number: int, told: Told) -> Forest:
    seeded = settings.forest_of(number)
    return grow(examples, names, seeded, lambda share: told(f"growing forest {number + 1} of {settings.seeds}", share))


def examples_of(task: Task, lore: LearntLore, month: Month, settings: RankerSettings, number: int) -> Examples:
    """Return what is learnt from the `number`th month looked back at, with the lore of before it.

    Examples are the candidates of queries, all that were bought and a share of those that were not. A hit counts less
    the more its query has to find, as in recall. Where products are hidden for once, these are the examples of what is
    new, and what nobody had bought before the month is none, since it may not have stood in the store.
    """
    past, seed, miss_share = lore.past, settings.forest.seed + number, settings.forest.miss_share
    source, rng = SOURCES[task](lore), np.random.default_rng(seed)
    queries = training_queries(past.purchases, past.assortment, task, month, settings.windows, seed)
    known = np.ones(len(lore.is_new), dtype=np.bool_) if settings.hiding is None else ~lore.is_new
    parts = [_examples_from(source, past, known, block, miss_share, rng) for block in blocks(queries)]
    if settings.hiding is not None:
        hiding = replace(settings.hiding, seed=seed)
        fewer = with_newcomers(lore, hiding)
        hidden = fewer.is_new & ~lore.is_new
        parts += newcomer_examples(SOURCES[task](fewer), past, hidden, queries, miss_share, hiding)
    return _joined(parts or [_examples_from(source, past, known, [], miss_share, rng)])


def _examples_from(
    source: Source,
    past: Past,
    known: npt.NDArray[np.bool_],
    queries: Sequence[Query],
    miss_share: float,
    rng: np.random.Generator,
) -> Examples:
    asked = Contexts.of(past.purchases, queries)
    candidates = source.candidates(asked)
    candidates = candidates.only(known[candidates.product])
    hits = candidates.hits(queries)
    kept = hits | (rng.random(len(hits)) < miss_share)
    fewer = candidates.only(kept)
    features = source.features(asked, fewer)
    sizes = np.array([len(query.truth) for query in queries], dtype=np.float32)
    weights = (1.0 / np.maximum(sizes, 1.0)).astype(np.float32)
    return Examples(features, hits[kept], weights[fewer.query])


def enough(examples: Sequence[Examples]) -> Examples:
    """Return all examples. Raises TooLittleHistory when they hold nothing that was bought, or nothing that was not."""
    some = [part for part in examples if len(part.hits)]
    together = _joined(some) if some else None
    if together is None or not 0 < np.count_nonzero(together.hits) < len(together.hits):
        raise TooLittleHistory("the months before hold too few trips to tell what is bought from what is not")
    return together


def _joined(examples: Sequence[Examples]) -> Examples:
    return Examples(
        np.concatenate([part.features for part in examples]),
        np.concatenate([part.hits for part in examples]),
        np.concatenate([part.weights for part in examples]),
    )
