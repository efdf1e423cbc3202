"""How often and how regularly a shopper bought each candidate, or anything that shares a property with it.

A property is a code for every product (P,): the product itself, its kind, its category, its maker. Everything here is
counted per query over its own history and read off at its candidates, so that a candidate's values do not depend on
which other candidates there are.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

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


def property_columns(own: Contexts, candidates: Candidates, code: Indices) -> Columns:
    """Return counts, how many different products, and the rhythm in days of what shares the candidate's code."""
    return counts(own, candidates, code) | distinct(own, candidates, code) | rhythm(own, candidates, code, own.age_d)


def counts(own: Contexts, candidates: Candidates, code: Indices) -> Columns:
    """Return how often anything with the candidate's code was bought, in all and fading at four speeds."""
    weights = np.stack([np.ones(own.events), *(own.faded(half_life_d) for half_life_d in HALF_LIVES_D)], axis=1)
    names = ("count", *(f"faded {half_life_d:.0f} d" for half_life_d in HALF_LIVES_D))
    values = sums(own, candidates, code, weights).astype(np.float32)
    return dict(zip(names, values.T, strict=True))


def sums(own: Contexts, candidates: Candidates, code: Indices, weights: npt.NDArray[np.float64]) -> Values:
    """Return the sums (R, V) of weights (E, V) over the own events that share the candidate's code."""
    out = np.zeros((len(candidates.product), weights.shape[1]))
    state = np.zeros((_codes(code), weights.shape[1]))
    _sum(own.start, code[own.product], weights, candidates.start, code[candidates.product], state, out)
    return out


def distinct(own: Contexts, candidates: Candidates, code: Indices) -> Columns:
    """Return how many different products of the history share the candidate's code."""
    owned = own.owned()
    out, state = np.zeros((len(candidates.product), 1)), np.zeros((_codes(code), 1))
    ones = np.ones((len(owned.product), 1))
    _sum(owned.start, code[owned.product], ones, candidates.start, code[candidates.product], state, out)
    return {"different": out[:, 0].astype(np.float32)}


def rhythm(own: Contexts, candidates: Candidates, code: Indices, age: Values) -> Columns:
    """Return the present gap and how it compares with the earlier ones, by one of the clocks of the history.

    Purchases of one trip are one. `alike` is a smooth count of earlier gaps like the present one, `longer` of those
    that were not much shorter, and `due` the share of alike among longer: the chance of a purchase about now, were the
    gaps drawn from the earlier ones. Without a purchase, or with a single one where gaps are needed, NaN.
    """
    rows = len(candidates.product)
    first, last, gaps = np.full(rows, np.nan), np.full(rows, np.nan), np.zeros((rows, 5))
    ends = (candidates.start, code[candidates.product])
    _spans(own.start, code[own.product], age, *ends, np.full((_codes(code), 2), np.nan), first, last)
    states = np.zeros(_codes(code)), np.zeros(_codes(code), dtype=np.int64), np.zeros((_codes(code), 5))
    _gaps(own.start, code[own.product], age, own.age_trips, *ends, *states, gaps)
    number, squares, alike, longer, newest = gaps.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(number > 0, (first - last) / number, np.nan)
        spread = np.sqrt(np.maximum(0.0, squares / number - mean**2)) / np.maximum(mean, _LEAST_GAP)
    columns = {
        "age": last,
        "mean gap": mean,
        "age over mean gap": last / np.maximum(mean, _LEAST_GAP),
        "spread of gaps": spread,
        "newest gap": np.where(number > 0, newest, np.nan),
        "alike": alike,
        "longer": longer,
        "due": (alike + 0.1) / (longer + alike + 1.0),
    }
    return {name: values.astype(np.float32) for name, values in columns.items()}


def _codes(code: Indices) -> int:
    return int(code.max(initial=-1)) + 1


@numba.njit(cache=True)
def _sum(start, code, weights, candidate_start, candidate_code, state, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        for row in range(candidate_start[query], candidate_start[query + 1]):
            state[candidate_code[row]] = 0.0
        for event in range(start[query], start[query + 1]):
            state[code[event]] += weights[event]
        for row in range(candidate_start[query], candidate_start[query + 1]):
            out[row] = state[candidate_code[row]]


@numba.njit(cache=True)
def _spans(start, code, age, candidate_start, candidate_code, state, first, last):  # type: ignore[no-untyped-def]
    """Write the ages of the first and of the last event of each code."""
    for query in range(len(start) - 1):
        for row in range(candidate_start[query], candidate_start[query + 1]):
            state[candidate_code[row]] = np.nan
        for event in range(start[query], start[query + 1]):
            if np.isnan(state[code[event], 0]):
                state[code[event], 0] = age[event]
            state[code[event], 1] = age[event]
        for row in range(candidate_start[query], candidate_start[query + 1]):
            first[row], last[row] = state[candidate_code[row]]


@numba.njit(cache=True)
def _gaps(start, code, age, trip, candidate_start, candidate_code, present, newest, found, out):  # type: ignore[no-untyped-def]
    """Write the number of gaps, the sum of their squares, how many are alike and longer, and the newest."""
    for query in range(len(start) - 1):
        for row in range(candidate_start[query], candidate_start[query + 1]):
            found[candidate_code[row]] = 0.0
        for event in range(start[query], start[query + 1]):
            present[code[event]] = age[event]
            newest[code[event]] = -1
            found[code[event]] = 0.0
        for event in range(start[query], start[query + 1]):
            one, before = found[code[event]], newest[code[event]]
            if before < 0 or trip[before] != trip[event]:
                newest[code[event]] = event
            if before >= 0 and trip[before] != trip[event]:
                gap, now = age[before] - age[event], present[code[event]]
                ratio = (np.log(gap + 1.0) - np.log(now + 1.0)) / _LIKENESS
                one[0] += 1.0
                one[1] += gap * gap
                one[2] += np.exp(-0.5 * ratio * ratio)
                one[3] += gap > _AS_LONG * now
                one[4] = gap
        for row in range(candidate_start[query], candidate_start[query + 1]):
            out[row] = found[candidate_code[row]]
