"""Why a product stands where it does: the least of what the shopper brought along without which it falls.

No explanation is made up beside the ranking. The ranking itself is asked again without the supposed cause, and a cause
is named only when the product then has a worse place among those around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.messages.advice import Cause
from aisle_inference.advice.question import Question, contexts_of
from aisle_inference.advice.ranking import ServedRanking, Top
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.table import Floats, Indices

# Products around the chosen ones that one may fall behind.
_AT_LEAST_WATCHED = 12
_BELOW_THE_LAST = 4
# Columns that say how often something is sold, whoever asks.
_SALES_COLUMNS = ("sold ", "store ", "share of ", "its ", "new to others")

Places = npt.NDArray[np.int64]
# Orders the things of a question that may have caused a product, the likeliest first.
Suspects = Callable[[Question, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class NamedCause:
    """What caused a place in the list; `because` are products, as indices into the lore."""

    cause: Cause
    because: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One supposed cause of a product: without `removed`, which is a part of the basket or of the history."""

    named: NamedCause
    removed: tuple[int, ...]


def causes_of(
    ranking: ServedRanking, question: Question, top: Top, chosen: Sequence[int], suspects: Suspects
) -> list[NamedCause]:
    """Return the cause of each chosen product, which is one of the top; of several that hold, the smallest."""
    watched, before = _watched(top, chosen)
    likeliest = {product: tuple(suspects(question, product)) for product in chosen}
    found: dict[int, NamedCause] = {}
    for trials in (_singles, _several):
        left = {product: trials(question, product, likeliest[product]) for product in chosen if product not in found}
        found |= _that_hold(ranking, question, left, watched, before)
    left_over = [product for product in chosen if product not in found]
    sold = _sold(ranking, question, left_over, watched, before)
    return [found.get(product) or NamedCause(sold.get(product, Cause.NO_SINGLE)) for product in chosen]


def _watched(top: Top, chosen: Sequence[int]) -> tuple[Indices, Floats]:
    """Return the products that are looked at, best first, and their log odds."""
    last = int(np.flatnonzero(np.isin(top.product, chosen)).max(initial=-1))
    number = max(_AT_LEAST_WATCHED, last + 1 + _BELOW_THE_LAST)
    return top.product[:number], top.score[:number]


def _singles(question: Question, product: int, likeliest: tuple[int, ...]) -> list[Trial]:
    """Return each suspect by itself; what is bought again and again is its own."""
    if question.task is Task.NEXT_BASKET:
        return [Trial(NamedCause(Cause.OWN), (product,))] if product in question.own.product else []
    return [_trial(question, (one,)) for one in likeliest]


def _several(question: Question, _product: int, likeliest: tuple[int, ...]) -> list[Trial]:
    """Return the two and the three likeliest suspects together, and the whole basket."""
    if question.task is Task.NEXT_BASKET:
        return []
    trials = [_trial(question, likeliest[:number]) for number in (2, 3) if len(likeliest) >= number]
    if question.task is not Task.NOVEL and len(question.given) > 1:
        trials.append(Trial(NamedCause(Cause.WHOLE_BASKET), tuple(question.given.tolist())))
    return trials


def _trial(question: Question, group: tuple[int, ...]) -> Trial:
    cause = Cause.TASTE if question.task is Task.NOVEL else Cause.BASKET
    return Trial(NamedCause(cause, group), tuple(sorted(group)))


def _that_hold(
    ranking: ServedRanking,
    question: Question,
    trials: Mapping[int, Sequence[Trial]],
    watched: Indices,
    before: Floats,
) -> dict[int, NamedCause]:
    """Return for each product the smallest cause without which it falls; of equal ones that of the deepest fall."""
    removals = sorted({trial.removed for some in trials.values() for trial in some})
    if not removals:
        return {}
    number_of = {removed: number for number, removed in enumerate(removals)}
    asked = contexts_of([question.without(removed) for removed in removals], ranking.products)
    after = ranking.scores(asked, watched)
    place_of = {product: place for place, product in enumerate(watched.tolist())}
    held = {}
    for product, some in trials.items():
        place = place_of[product]
        falls = _ranks(after, place) - _ranks(before[None, :], place)[0]
        depths = after[:, place]
        that_hold = [trial for trial in some if falls[number_of[trial.removed]] > 0]
        if that_hold:
            held[product] = min(
                that_hold,
                key=lambda trial: (
                    len(trial.removed),
                    -falls[number_of[trial.removed]],
                    depths[number_of[trial.removed]],
                ),
            ).named
    return held


def _sold(
    ranking: ServedRanking, question: Question, products: Sequence[int], watched: Indices, before: Floats
) -> dict[int, Cause]:
    """Return STORE for the products that fall when nothing is known of how they sell."""
    if not products:
        return {}
    features = ranking.features(contexts_of([question], ranking.products), watched)
    columns = [place for place, name in enumerate(ranking.source.names) if name.startswith(_SALES_COLUMNS)]
    sold = {}
    for product in products:
        place = int(np.flatnonzero(watched == product)[0])
        unsold = features.copy()
        unsold[place, columns] = 0.0
        if _ranks(ranking.score(unsold)[None, :], place)[0] > _ranks(before[None, :], place)[0]:
            sold[product] = Cause.STORE
    return sold


def _ranks(scores: Floats, place: int) -> Places:
    """Return how many of the watched (n, k) stand before one, in each of n lists."""
    own = scores[:, [place]]
    ahead = (scores > own).sum(axis=1) + (scores[:, :place] == own).sum(axis=1)
    return np.asarray(ahead, dtype=np.int64)
