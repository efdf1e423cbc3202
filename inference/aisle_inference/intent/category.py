"""Which category a session is about: a conditional logit over the catalogue's categories.

McFadden, 1974, "Conditional logit analysis of qualitative choice behavior". Each category has a few pieces of evidence;
one weight a piece, learnt, says how much it counts. With words alone this is naive Bayes with its exponents learnt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from aisle_inference.intent.events import EventKind, Session, SessionEvent
from aisle_inference.intent.vocabulary import Floats, Vocabulary

EVIDENCE = ("sales", "words", "opened", "product", "last_product", "stood", "department")
_SALES, _WORDS, _OPENED, _PRODUCT, _LAST_PRODUCT, _STOOD, _DEPARTMENT = range(len(EVIDENCE))
_UNHEARD = 0.01
"""What a word of a search is worth to a category that does not have it; keeps one odd word from ruling it out."""
_LONGEST_DWELL_S = 60.0
_RIDGE = 1e-3


def evidence_of(session: Session, fits: Sequence[Floats], vocabulary: Vocabulary) -> Floats:
    """Return the evidence (C, K) for each category, in the order of EVIDENCE; `fits` are those of `fits_of`."""
    evidence = np.zeros((len(vocabulary.category_ids), len(EVIDENCE)))
    evidence[:, _SALES] = np.log(vocabulary.sales)
    for event, fit in zip(session.events, fits, strict=True):
        if fit.any():
            evidence[:, _WORDS] += _said(fit)
        _add_place(evidence, event, vocabulary)
        _add_product(evidence, event, vocabulary)
    _add_department(evidence, vocabulary)
    return evidence


def category_probabilities(evidence: Floats, weights: Floats) -> Floats:
    """Return the probability (..., C) of each category from evidence (..., C, K) and weights (K,)."""
    return np.asarray(softmax(evidence @ weights, axis=-1), dtype=np.float64)


def fit_category_weights(evidence: Floats, truths: npt.NDArray[np.int64]) -> Floats:
    """Return the weights (K,) under which the true categories (N,) are likeliest, given evidence (N, C, K)."""
    rows = np.arange(len(truths))
    of_truth = evidence[rows, truths]

    def loss(weights: Floats) -> tuple[float, Floats]:
        logs = log_softmax(evidence @ weights, axis=1)
        expected = np.einsum("nc,nck->nk", np.exp(logs), evidence)
        gradient = (expected - of_truth).mean(axis=0) + 2.0 * _RIDGE * weights
        return float(-logs[rows, truths].mean() + _RIDGE * weights @ weights), gradient

    found = minimize(loss, np.full(evidence.shape[2], 0.5), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def _said(fit: Floats) -> Floats:
    """Return the log likelihood ratio (C,) of the words of one search against the mean category."""
    words = fit[fit.any(axis=1)] + _UNHEARD
    return np.asarray(np.log(words / words.mean(axis=1, keepdims=True)).sum(axis=0), dtype=np.float64)


def _add_place(evidence: Floats, event: SessionEvent, vocabulary: Vocabulary) -> None:
    column = vocabulary.column_of.get(event.category_id)
    if column is None:
        return
    if event.kind is EventKind.STOOD:
        evidence[column, _STOOD] += min(event.dwell_s, _LONGEST_DWELL_S) / _LONGEST_DWELL_S
    else:
        evidence[column, _OPENED] += 1.0


def _add_product(evidence: Floats, event: SessionEvent, vocabulary: Vocabulary) -> None:
    column = vocabulary.column(event.product_id)
    if column is not None:
        evidence[column, _PRODUCT] += 1.0
        evidence[:, _LAST_PRODUCT] = 0.0
        evidence[column, _LAST_PRODUCT] = 1.0


def _add_department(evidence: Floats, vocabulary: Vocabulary) -> None:
    """Let neighbours of one department speak for each other."""
    direct = evidence[:, [_OPENED, _PRODUCT, _STOOD]].sum(axis=1)
    of_department = np.bincount(vocabulary.department, direct)
    evidence[:, _DEPARTMENT] = np.log1p(of_department)[vocabulary.department]
