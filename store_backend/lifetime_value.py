"""What a shopper who agreed to be remembered may still buy here: BG/NBD for visits, gamma-gamma for their value. Pure.

Sources: P. Fader, B. Hardie, K. L. Lee, "Counting your customers the easy way", Marketing Science 24 (2005) 275-284
(BG/NBD); P. Fader, B. Hardie, "The gamma-gamma model of monetary value" (2013).

The figure only adds service, see `store_backend.extras`. Nothing that decides who is served when, at what price or how
safely imports this module; import-linter and a test hold that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

Numbers = NDArray[np.float64]


class FitProblem(ValueError):
    """Histories that no model can be fitted to; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Visits:
    """One entry a shopper: repeat visits, the week of the last one and the weeks watched, counted from the first."""

    repeats: Numbers
    last_week: Numbers
    weeks: Numbers


@dataclass(frozen=True, slots=True)
class VisitModel:
    """BG/NBD: rates are gamma(r, alpha) a week; after each visit a shopper leaves with a chance that is beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, visits: Visits) -> float:
        """Return the log-likelihood of the histories (equation 6 of the paper)."""
        x, r, alpha, a, b = visits.repeats, self.r, self.alpha, self.a, self.b
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        common += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        still_here = -(r + x) * np.log(alpha + visits.weeks)
        left = np.full_like(x, -np.inf)
        again = x > 0
        left[again] = np.log(a) - np.log(b + x[again] - 1) - (r + x[again]) * np.log(alpha + visits.last_week[again])
        return float(np.sum(common + np.logaddexp(still_here, left)))

    def expected_visits(self, visits: Visits, weeks_ahead: float) -> Numbers:
        """Return how many visits each shopper is expected to make in the weeks to come (equation 10)."""
        x, r, alpha, a, b = visits.repeats, self.r, self.alpha, self.a, self.b
        end = alpha + visits.weeks + weeks_ahead
        series = hyp2f1(r + x, b + x, a + b + x - 1, weeks_ahead / end)
        while_here = 1 - ((alpha + visits.weeks) / end) ** (r + x) * series
        odds = ((alpha + visits.weeks) / (alpha + visits.last_week)) ** (r + x)
        has_left = np.where(x > 0, a / np.where(x > 0, b + x - 1, 1.0) * odds, 0.0)
        expected: Numbers = (a + b + x - 1) / (a - 1) * while_here / (1 + has_left)
        return expected


@dataclass(frozen=True, slots=True)
class ValueModel:
    """Gamma-gamma: the worth of a visit varies as gamma(p, v) within a shopper, v as gamma(q, gamma) among them."""

    p: float
    q: float
    gamma: float

    def log_likelihood(self, repeats: Numbers, mean_value: Numbers) -> float:
        """Return the log-likelihood of mean values over so many visits each, all above 0."""
        x, z, p, q = repeats, mean_value, self.p, self.q
        terms = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(self.gamma)
        terms += (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(self.gamma + x * z)
        return float(np.sum(terms))

    def expected_value(self, repeats: Numbers, mean_value: Numbers) -> Numbers:
        """Return what a visit of each shopper is expected to be worth: between their own mean and that of all."""
        mean: Numbers = self.p * (self.gamma + repeats * mean_value) / (self.p * repeats + self.q - 1)
        return mean


def fit_visits(visits: Visits) -> VisitModel:
    """Return the most likely model of visits. Raises FitProblem when nobody has come again."""
    if not (visits.repeats > 0).any():
        raise FitProblem("nobody has come a second time yet: there is nothing to learn from")
    return VisitModel(*_most_likely(lambda values: VisitModel(*values).log_likelihood(visits), 4))


def fit_values(repeats: Numbers, mean_value: Numbers) -> ValueModel:
    """Return the most likely model of values, from those who came again. Raises FitProblem when nobody has."""
    again = (repeats > 0) & (mean_value > 0)
    if not again.any():
        raise FitProblem("nobody has bought a second time yet: there is nothing to learn from")
    x, z = repeats[again], mean_value[again]
    return ValueModel(*_most_likely(lambda values: ValueModel(*values).log_likelihood(x, z), 3))


def _most_likely(log_likelihood: Callable[[list[float]], float], count: int) -> list[float]:
    """Return the positive values with the highest likelihood, sought in their logarithms (Nelder and Mead, 1965)."""

    def cost(logarithms: Numbers) -> float:
        return -log_likelihood([float(value) for value in np.exp(logarithms)])

    found = minimize(
        cost,
        np.zeros(count),
        method="Nelder-Mead",
        bounds=[(-12.0, 12.0)] * count,
        options={"xatol": 1e-6, "fatol": 1e-6, "maxiter": 20_000, "maxfev": 20_000},
    )
    return [float(value) for value in np.exp(found.x)]
