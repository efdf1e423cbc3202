"""How often and how regularly a shopper bought each candidate, or anything that shares a property with it.

A property is a code below P for every product (P,): the product itself, its kind, its category, its maker. Everything
here is counted per query over its own history and read off at its candidates, so that a candidate's values do not
depend on which other candidates there are.
"""

from __future__ import annotations

from functools import lru_cache

import numba
import numpy as np

from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts, Values
from aisle_inference.ranking.named import Columns

HALF_LIVES_D = (4.0, 15.0, 45.0, 120.0)
# How far two gaps may lie apart, as a ratio of e to this power, and still count as alike.
_LIKENESS = 0.35
# A gap shorter than this is taken for this when it divides.
_LEAST_GAP = 0.5
# A gap that is this share of the present one is not yet shorter.
_AS_LONG = 0.8
_COUNTS = ("count", *(f"faded {half_life_d:.0f} d" for half_life_d in HALF_LIVES_D), "different")
_RHYTHM = ("age", "mean gap", "age over mean gap", "spread of gaps", "newest gap", "alike", "longer", "due")


def event_weights(own: Contexts) -> Values:
    """Return what each event (E, 6) counts for: one, fading at four speeds, and being the first of its product."""
    weights = np.empty((own.events, len(_COUNTS)))
    _weigh(own.age_d, own.firsts, HALF_LIVES_D, weights)
    return weights


@lru_cache(maxsize=2)
def each(products: int) -> Indices:
    """Return a code for every product (P,) that is its own."""
    code = np.arange(products, dtype=np.int32)
    code.flags.writeable = False
    return code


def counts(own: Contexts, candidates: Candidates, code: Indices, weights: Values) -> Columns:
    """Return how often anything with the candidate's code was bought, in all and fading, and how many products."""
    return dict(zip(_COUNTS, sums(own, candidates, code, weights).astype(np.float32), strict=True))


def sums(own: Contexts, candidates: Candidates, code: Indices, weights: Values) -> Values:
    """Return the sums (V, R) of weights (E, V) over the own events that share the candidate's code."""
    out = np.empty((weights.shape[1], len(candidates.product)))
    _sum(own.products, own.start, own.product, weights, candidates.start, candidates.product, code, out)
    return out


def rhythm(own: Contexts, candidates: Candidates, code: Indices, age: Values) -> Columns:
    """Return the present gap and how it compares with the earlier ones, by one of the clocks of the history.

    Purchases of one trip are one. `alike` is a smooth count of earlier gaps like the present one, `longer` of those
    that were not much shorter, and `due` the share of alike among longer: the chance of a purchase about now, were the
    gaps drawn from the earlier ones. Without a purchase, or with a single one where gaps are needed, NaN.
    """
    out = np.empty((len(_RHYTHM), len(candidates.product)), dtype=np.float32)
    ends = candidates.start, candidates.product
    _rhythm(own.products, own.start, own.product, age, own.age_trips, *ends, code, out)
    return dict(zip(_RHYTHM, out, strict=True))


@numba.njit(cache=True)
def _weigh(age_d, firsts, half_lives_d, weights):  # type: ignore[no-untyped-def]
    for event in range(len(age_d)):
        weights[event, 0] = 1.0
        for number, half_life_d in enumerate(half_lives_d):
            weights[event, 1 + number] = np.exp2(-age_d[event] / half_life_d)
        weights[event, len(half_lives_d) + 1] = firsts[event]


@numba.njit(cache=True)
def _take_places(rows, code, place):  # type: ignore[no-untyped-def]
    """Give the codes of some products places from 0 on, and return how many there are."""
    taken = 0
    for product in rows:
        if place[code[product]] < 0:
            place[code[product]] = taken
            taken += 1
    return taken


@numba.njit(cache=True)
def _sum(products, start, product, weights, candidate_start, candidate, code, out):  # type: ignore[no-untyped-def]
    place, state = np.full(products, -1, dtype=np.int32), np.empty((len(candidate), weights.shape[1]))
    for query in range(len(start) - 1):
        first, end = candidate_start[query], candidate_start[query + 1]
        state[: _take_places(candidate[first:end], code, place)] = 0.0
        for event in range(start[query], start[query + 1]):
            at = place[code[product[event]]]
            if at >= 0:
                for number in range(weights.shape[1]):
                    state[at, number] += weights[event, number]
        for row in range(first, end):
            out[:, row] = state[place[code[candidate[row]]]]
        for row in range(first, end):
            place[code[candidate[row]]] = -1


@numba.njit(cache=True)
def _rhythm(products, start, product, age, trip, candidate_start, candidate, code, out):  # type: ignore[no-untyped-def]
    """Write the columns of `rhythm`.

    Of a code, `found` holds the ages of the first and the last event, the number of gaps, the sum of their squares, how
    many are alike and longer, and the newest gap; `newest` is the event that ended it.
    """
    place = np.full(products, -1, dtype=np.int32)
    found, newest = np.empty((len(candidate), 7)), np.empty(len(candidate), dtype=np.int64)
    for query in range(len(start) - 1):
        first_row, end_row = candidate_start[query], candidate_start[query + 1]
        taken = _take_places(candidate[first_row:end_row], code, place)
        found[:taken, :2] = np.nan
        found[:taken, 2:] = 0.0
        newest[:taken] = -1
        for event in range(start[query], start[query + 1]):
            at = place[code[product[event]]]
            if at >= 0:
                if np.isnan(found[at, 0]):
                    found[at, 0] = age[event]
                found[at, 1] = age[event]
        for event in range(start[query], start[query + 1]):
            at = place[code[product[event]]]
            if at < 0:
                continue
            one, before = found[at], newest[at]
            if before < 0 or trip[before] != trip[event]:
                newest[at] = event
            if before >= 0 and trip[before] != trip[event]:
                gap, now = age[before] - age[event], one[1]
                ratio = (np.log(gap + 1.0) - np.log(now + 1.0)) / _LIKENESS
                one[2] += 1.0
                one[3] += gap * gap
                one[4] += np.exp(-0.5 * ratio * ratio)
                one[5] += gap > _AS_LONG * now
                one[6] = gap
        for row in range(first_row, end_row):
            _tell(found[place[code[candidate[row]]]], out[:, row])
        for row in range(first_row, end_row):
            place[code[candidate[row]]] = -1


@numba.njit(cache=True)
def _tell(found, out):  # type: ignore[no-untyped-def]
    first, last, number, squares, alike, longer, gap = found
    mean = (first - last) / number if number > 0.0 else np.nan
    spread = np.sqrt(max(0.0, squares / number - mean * mean)) if number > 0.0 else np.nan
    out[0] = last
    out[1] = mean
    out[2] = last / max(mean, _LEAST_GAP) if number > 0.0 else np.nan
    out[3] = spread / max(mean, _LEAST_GAP) if number > 0.0 else np.nan
    out[4] = gap if number > 0.0 else np.nan
    out[5] = alike
    out[6] = longer
    out[7] = (alike + 0.1) / (longer + alike + 1.0)
