"""The production ranking of a task: candidates, their features, and two forests learnt from the months before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from aisle_inference.baselines.past import Past
from aisle_inference.harness.queries import Month, Query, Task
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.basket_source import BasketSource
from aisle_inference.ranking.forest import Examples, Features, Forest, ForestSettings, grow
from aisle_inference.ranking.novel_source import NovelSource
from aisle_inference.ranking.repeat_source import RepeatSource
from aisle_inference.ranking.source import Source
from aisle_inference.ranking.windows import WindowSettings, training_queries, windows_before

SOURCES: dict[Task, Callable[[Past], Source]] = {
    Task.NEXT_BASKET: RepeatSource.of,
    Task.NOVEL: NovelSource.of,
    Task.COMPLETION: BasketSource.of,
    Task.SHELF: BasketSource.of,
}
# Queries ranked at once, to bound memory: about 400 candidates with 100 features each are 80 MB.
_BLOCK = 512

Told = Callable[[str, float], None]


class TooLittleHistory(ValueError):
    """A history from which no ranking can be learnt; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class RankerSettings:
    """What is learnt from, how the trees grow, and from how many seeds their scores are averaged."""

    windows: WindowSettings
    forest: ForestSettings
    seeds: int = 2


SETTINGS: dict[Task, RankerSettings] = {
    Task.NEXT_BASKET: RankerSettings(WindowSettings(), ForestSettings(trees=400, leaves=63, learning_rate=0.04)),
    Task.NOVEL: RankerSettings(
        WindowSettings(windows=3), ForestSettings(trees=500, leaves=15, learning_rate=0.03, miss_share=0.12)
    ),
    Task.COMPLETION: RankerSettings(WindowSettings(windows=3), ForestSettings()),
    Task.SHELF: RankerSettings(WindowSettings(windows=3), ForestSettings()),
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
        blocks = [queries[start : start + _BLOCK] for start in range(0, len(queries), _BLOCK)]
        ranked = [self._ranked(block, limit) for block in blocks]
        return np.concatenate(ranked) if ranked else np.empty((0, limit), dtype=np.int32)

    def _ranked(self, queries: Sequence[Query], limit: int) -> Indices:
        candidates = self.source.candidates(queries)
        return candidates.best(self.scores(self.source.features(queries, candidates)), limit)

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
    examples = _joined(list(_looked_back(task, past, windows, chosen, told)))
    source = SOURCES[task](past)
    forests = tuple(_grown(examples, source.names, chosen, number, told) for number in range(chosen.seeds))
    return Ranker("ours", past, source, forests)


def _looked_back(
    task: Task, past: Past, windows: Sequence[Month], settings: RankerSettings, told: Told
) -> Iterator[Examples]:
    for number, window in enumerate(windows):
        told(f"looking back at month {number + 1} of {len(windows)}", number / len(windows))
        queries = training_queries(
            past.purchases, past.assortment, task, window, settings.windows, settings.forest.seed + number
        )
        if queries:
            yield examples_of(task, Past.of(past.purchases, past.assortment, window.start_d), queries)


def _grown(examples: Examples, names: tuple[str, ...], settings: RankerSettings, number: int, told: Told) -> Forest:
    seeded = replace(settings.forest, seed=settings.forest.seed + number)
    return grow(examples, names, seeded, lambda share: told(f"growing forest {number + 1} of {settings.seeds}", share))


def examples_of(task: Task, past: Past, queries: Sequence[Query]) -> Examples:
    """Return the candidates of queries as examples; a query weighs less the more it has to find, as recall does."""
    source = SOURCES[task](past)
    candidates = source.candidates(queries)
    sizes = np.array([len(query.truth) for query in queries], dtype=np.float32)
    weights = (1.0 / np.sqrt(np.maximum(sizes, 1.0)))[candidates.query]
    return Examples(source.features(queries, candidates), candidates.hits(queries), weights.astype(np.float32))


def _joined(examples: Sequence[Examples]) -> Examples:
    if not examples:
        raise TooLittleHistory("the months before hold no trip that asks anything; nothing can be learnt from them")
    return Examples(
        np.concatenate([part.features for part in examples]),
        np.concatenate([part.hits for part in examples]),
        np.concatenate([part.weights for part in examples]),
    )
