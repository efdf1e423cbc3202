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
_RHYTHM = ("age", "mean gap", "age over mean gap", "spread of gaps", "newest gap", "alike", "longer", "due")


def event_weights(own: Contexts) -> Values:
    """Return what each event (E, 6) counts for: one, fading at four speeds, and being the first of its product."""
    faded = [own.faded(half_life_d) for half_life_d in HALF_LIVES_D]
    return np.stack([np.ones(own.events), *faded, own.firsts], axis=1)


def counts(own: Contexts, candidates: Candidates, code: Indices, weights: Values) -> Columns:
    """Return how often anything with the candidate's code was bought, in all and fading, and how many products."""
    names = ("count", *(f"faded {half_life_d:.0f} d" for half_life_d in HALF_LIVES_D), "different")
    values = sums(own, candidates, code, weights).astype(np.float32)
    return dict(zip(names, values.T, strict=True))


def sums(own: Contexts, candidates: Candidates, code: Indices, weights: npt.NDArray[np.float64]) -> Values:
    """Return the sums (R, V) of weights (E, V) over the own events that share the candidate's code."""
    out = np.zeros((len(candidates.product), weights.shape[1]))
    state = np.zeros((_codes(code), weights.shape[1]))
    _sum(own.start, code[own.product], weights, candidates.start, code[candidates.product], state, out)
    return out


def rhythm(own: Contexts, candidates: Candidates, code: Indices, age: Values) -> Columns:
    """Return the present gap and how it compares with the earlier ones, by one of the clocks of the history.

    Purchases of one trip are one. `alike` is a smooth count of earlier gaps like the present one, `longer` of those
    that were not much shorter, and `due` the share of alike among longer: the chance of a purchase about now, were the
    gaps drawn from the earlier ones. Without a purchase, or with a single one where gaps are needed, NaN.
    """
    out = np.empty((len(_RHYTHM), len(candidates.product)), dtype=np.float32)
    codes = _codes(code)
    state = np.empty((codes, 7)), np.empty(codes, dtype=np.int64)
    ends = candidates.start, code[candidates.product]
    _rhythm(own.start, code[own.product], age, own.age_trips, *ends, *state, out)
    return dict(zip(_RHYTHM, out, strict=True))


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
def _rhythm(start, code, age, trip, candidate_start, candidate_code, found, newest, out):  # type: ignore[no-untyped-def]
    """Write the columns of `rhythm`; the state of a code is reset before each query that has it.

    `found` holds the ages of the first and the last event, the number of gaps, the sum of their squares, how many are
    alike and longer, and the newest gap.
    """
    for query in range(len(start) - 1):
        for row in range(candidate_start[query], candidate_start[query + 1]):
            found[candidate_code[row], :2] = np.nan
            found[candidate_code[row], 2:] = 0.0
        for event in range(start[query], start[query + 1]):
            one = found[code[event]]
            one[:2] = np.nan
            one[2:] = 0.0
            newest[code[event]] = -1
        for event in range(start[query], start[query + 1]):
            one = found[code[event]]
            if np.isnan(one[0]):
                one[0] = age[event]
            one[1] = age[event]
        for event in range(start[query], start[query + 1]):
            one, before = found[code[event]], newest[code[event]]
            if before < 0 or trip[before] != trip[event]:
                newest[code[event]] = event
            if before >= 0 and trip[before] != trip[event]:
                gap, now = age[before] - age[event], one[1]
                ratio = (np.log(gap + 1.0) - np.log(now + 1.0)) / _LIKENESS
                one[2] += 1.0
                one[3] += gap * gap
                one[4] += np.exp(-0.5 * ratio * ratio)
                one[5] += gap > _AS_LONG * now
                one[6] = gap
        for row in range(candidate_start[query], candidate_start[query + 1]):
            first, last, number, squares, alike, longer, gap = found[candidate_code[row]]
            mean = (first - last) / number if number > 0.0 else np.nan
            out[0, row] = last
            out[1, row] = mean
            out[2, row] = last / max(mean, _LEAST_GAP) if number > 0.0 else np.nan
            spread = np.sqrt(max(0.0, squares / number - mean * mean)) if number > 0.0 else np.nan
            out[3, row] = spread / max(mean, _LEAST_GAP) if number > 0.0 else np.nan
            out[4, row] = gap if number > 0.0 else np.nan
            out[5, row] = alike
            out[6, row] = longer
            out[7, row] = (alike + 0.1) / (longer + alike + 1.0)
