"""Net promoter score: the share of 9 and 10 minus the share of 0 to 6, with its interval. Pure.

The variance of one answer (1, 0 or -1) is p + d - (p - d)^2 for the shares p of promoters and d of detractors. The
interval is the adjusted Wald of Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician
70(4), 2016: 3/4 of a promoter, 3/2 of a passive and 3/4 of a detractor are added before a Wald interval is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

PROMOTER_FROM, DETRACTOR_TO = 9, 6
_Z_95 = 1.959963984540054
_ADDED_PROMOTERS, _ADDED_PASSIVES, _ADDED_DETRACTORS = 0.75, 1.5, 0.75


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The score, -1 to 1, of `n` answers, with the ends of its 95 % interval."""

    score: float
    low: float
    high: float
    n: int


def recommendation(answers: Iterable[int]) -> Recommendation | None:
    """Return the net promoter score of answers from 0 to 10, None without any."""
    given = list(answers)
    promoters = sum(answer >= PROMOTER_FROM for answer in given)
    detractors = sum(answer <= DETRACTOR_TO for answer in given)
    return of_counts(promoters, detractors, len(given))


def of_counts(promoters: int, detractors: int, answers: int) -> Recommendation | None:
    """Return the net promoter score of counted answers, None without any."""
    if answers == 0:
        return None
    total = answers + _ADDED_PROMOTERS + _ADDED_PASSIVES + _ADDED_DETRACTORS
    up, down = (promoters + _ADDED_PROMOTERS) / total, (detractors + _ADDED_DETRACTORS) / total
    middle = up - down
    half = _Z_95 * math.sqrt((up + down - middle**2) / total)
    return Recommendation(
        (promoters - detractors) / answers, max(-1.0, middle - half), min(1.0, middle + half), answers
    )
