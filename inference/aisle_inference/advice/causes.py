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
from aisle_inference.advice.question import Question
from aisle_inference.advice.ranking import ServedRanking, Top
from aisle_inference.advice.removal import without_bought, without_given
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.contexts import Contexts

# Products around the chosen ones that one may fall behind.
_AT_LEAST_WATCHED = 12
_BELOW = 4

Places = npt.NDArray[np.int64]
# For each of some products, the things of a question that may have caused it, the likeliest first.
Suspects = Callable[[Question, Sequence[int]], Sequence[tuple[int, ...]]]


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
    ranking: ServedRanking, question: Question, asked: Contexts, top: Top, chosen: Sequence[int], suspects: Suspects
) -> list[NamedCause]:
    """Return the cause of each chosen product, which is one of the top; of several that hold, the smallest.

    `asked` is the question as the ranking read it.
    """
    watched = _watched(top, chosen)
    likeliest = dict(zip(chosen, suspects(question, chosen), strict=True))
    found: dict[int, NamedCause] = {}
    # One thing alone is the smallest cause: several together are tried only where none is enough.
    for trials_of in (_alone, _together):
        trials = {
            product: trials_of(question, product, likeliest[product]) for product in chosen if product not in found
        }
        found |= _that_hold(ranking, question.task, asked, trials, watched)
    left_over = [product for product in chosen if product not in found]
    sold = _sold(ranking, left_over, watched)
    return [found.get(product) or NamedCause(sold.get(product, Cause.NO_SINGLE)) for product in chosen]


def _watched(top: Top, chosen: Sequence[int]) -> Top:
    """Return the products that are looked at, best first: the first ones, the chosen ones, and some below each."""
    is_near = np.zeros(len(top.product), dtype=np.bool_)
    is_near[:_AT_LEAST_WATCHED] = True
    for place in np.flatnonzero(np.isin(top.product, chosen)):
        is_near[place : place + 1 + _BELOW] = True
    return Top(top.product[is_near], top.score[is_near], top.features[is_near])


def _alone(question: Question, product: int, likeliest: tuple[int, ...]) -> list[Trial]:
    """Return each suspect by itself."""
    if question.task is Task.NEXT_BASKET:
        # What is bought again and again is its own cause.
        return [Trial(NamedCause(Cause.OWN), (product,))] if product in question.own.product else []
    return [_trial(question, (one,)) for one in likeliest]


def _together(question: Question, _product: int, likeliest: tuple[int, ...]) -> list[Trial]:
    """Return the two and the three likeliest together, and the whole basket."""
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
    ranking: ServedRanking, task: Task, asked: Contexts, trials: Mapping[int, Sequence[Trial]], watched: Top
) -> dict[int, NamedCause]:
    """Return for each product the smallest cause without which it falls; of equal ones that of the deepest fall."""
    removals = sorted({trial.removed for some in trials.values() for trial in some})
    if not removals:
        return {}
    number_of = {removed: number for number, removed in enumerate(removals)}
    without = without_bought if task in (Task.NEXT_BASKET, Task.NOVEL) else without_given
    after = ranking.scores(without(asked, removals), watched.product)
    places = np.array([_place(watched, product) for product in trials], dtype=np.int64)
    falls = _ranks(after, places) - _ranks(watched.score[None, :], places)
    held = {}
    for column, (product, some) in enumerate(trials.items()):
        rows = [number_of[trial.removed] for trial in some]
        weights = [
            (len(trial.removed), -falls[row, column], after[row, places[column]], number)
            for number, (trial, row) in enumerate(zip(some, rows, strict=True))
            if falls[row, column] > 0
        ]
        if weights:
            held[product] = some[min(weights)[-1]].named
    return held


def _sold(ranking: ServedRanking, products: Sequence[int], watched: Top) -> dict[int, Cause]:
    """Return STORE for the products that fall when nothing is known of how they sell."""
    if not products:
        return {}
    places = np.array([_place(watched, product) for product in products], dtype=np.int64)
    unsold = watched.features[places]
    unsold[:, ranking.sales_columns] = 0.0
    # One list for each product, in which it alone is scored without its sales.
    after = np.tile(watched.score, (len(products), 1))
    after[np.arange(len(products)), places] = ranking.score(unsold)
    falls = np.diagonal(_ranks(after, places)) > _ranks(watched.score[None, :], places)[0]
    return {product: Cause.STORE for product, has_fallen in zip(products, falls, strict=True) if has_fallen}


def _place(watched: Top, product: int) -> int:
    return int(np.flatnonzero(watched.product == product)[0])


def _ranks(scores: Floats, places: Places) -> Places:
    """Return how many of the watched (n, k) stand before some of them (m,) in each of n lists, (n, m)."""
    own = scores[:, places, None]
    is_earlier = np.arange(scores.shape[1]) < places[:, None]
    ahead = (scores[:, None, :] > own) | ((scores[:, None, :] == own) & is_earlier)
    return np.asarray(ahead.sum(axis=2), dtype=np.int64)
