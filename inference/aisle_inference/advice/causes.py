"""Why a product stands where it does: the least of what the shopper brought along without which it falls.

No explanation is made up beside the ranking. The ranking itself is asked again without the supposed cause, and a cause
is named only when the product then has a worse place among those around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_MOST_WATCHED = 24
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
    """One supposed cause of one product, and the question without it."""

    product: int
    named: NamedCause
    without: Question


def causes_of(
    ranking: ServedRanking, question: Question, top: Top, chosen: Sequence[int], suspects: Suspects
) -> list[NamedCause]:
    """Return the cause of each chosen product, which is one of the top; of several that hold, the smallest."""
    watched, before = _watched(top, chosen)
    found: dict[int, NamedCause] = {}
    for trials in (_singles, _several):
        open_trials = [
            trial for product in chosen if product not in found for trial in trials(question, product, suspects)
        ]
        found |= _that_hold(ranking, open_trials, watched, before)
    left = [product for product in chosen if product not in found]
    sold = _sold(ranking, question, left, watched, before)
    return [found.get(product) or NamedCause(sold.get(product, Cause.NO_SINGLE)) for product in chosen]


def _watched(top: Top, chosen: Sequence[int]) -> tuple[Indices, Floats]:
    """Return the products that are looked at, best first, and their log odds."""
    last = int(np.flatnonzero(np.isin(top.product, chosen)).max(initial=-1))
    number = min(_MOST_WATCHED, max(_AT_LEAST_WATCHED, last + 1 + _BELOW_THE_LAST))
    return top.product[:number], top.score[:number]


def _singles(question: Question, product: int, suspects: Suspects) -> list[Trial]:
    """Return the question without each suspect by itself."""
    if question.task is Task.NEXT_BASKET:
        if product not in question.own.product:
            return []
        return [Trial(product, NamedCause(Cause.OWN), question.without_bought([product]))]
    return [_without(question, product, [one]) for one in suspects(question, product)]


def _several(question: Question, product: int, suspects: Suspects) -> list[Trial]:
    """Return the question without the two and the three likeliest suspects, and without the whole basket."""
    if question.task is Task.NEXT_BASKET:
        return []
    likeliest = list(suspects(question, product))
    groups = [likeliest[:number] for number in (2, 3) if len(likeliest) >= number]
    trials = [_without(question, product, group) for group in groups]
    if question.task is not Task.NOVEL and len(question.given):
        nothing = question.without_given(question.given.tolist())
        trials.append(Trial(product, NamedCause(Cause.WHOLE_BASKET), nothing))
    return trials


def _without(question: Question, product: int, group: Sequence[int]) -> Trial:
    if question.task is Task.NOVEL:
        return Trial(product, NamedCause(Cause.TASTE, tuple(group)), question.without_bought(group))
    return Trial(product, NamedCause(Cause.BASKET, tuple(group)), question.without_given(group))


def _that_hold(
    ranking: ServedRanking, trials: Sequence[Trial], watched: Indices, before: Floats
) -> dict[int, NamedCause]:
    """Return for each product the first of its smallest causes without which it falls, by how far it falls."""
    if not trials:
        return {}
    asked = contexts_of([trial.without for trial in trials], ranking.products)
    after = ranking.scores(asked, watched)
    held: dict[int, tuple[tuple[int, int, float], NamedCause]] = {}
    for trial, scores in zip(trials, after, strict=True):
        place = int(np.flatnonzero(watched == trial.product)[0])
        fall = _rank(scores, place) - _rank(before, place)
        weight = (len(trial.named.because) or len(trial.without.given) + 1, -fall, float(scores[place]))
        if fall > 0 and (trial.product not in held or weight < held[trial.product][0]):
            held[trial.product] = (weight, trial.named)
    return {product: named for product, (_, named) in held.items()}


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
        if _rank(ranking.score(unsold), place) > _rank(before, place):
            sold[product] = Cause.STORE
    return sold


def _rank(scores: Floats, place: int) -> int:
    """Return how many of the watched stand before one."""
    ahead = scores > scores[place]
    ahead[:place] |= scores[:place] == scores[place]
    return int(np.count_nonzero(ahead))
