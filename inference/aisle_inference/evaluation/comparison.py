"""What a pilot has shown: the arms' difference with its interval, and whether that may be read yet.

How many visits an arm needs is fixed before anybody looks: 16 variances over the squared effect worth knowing, for
80 % power at 95 % confidence (van Belle, 2008, "Statistical Rules of Thumb", rule 2.1). A split that differs from the
planned one voids the result (Fabijan et al., 2019, "Diagnosing Sample Ratio Mismatch in Online Controlled
Experiments", KDD).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import stats

from aisle_inference.evaluation.visits import Outcomes
from aisle_inference.harness.bootstrap import RESAMPLES, Interval, mean_interval
from aisle_inference.harness.metrics import Figures

_VISITS_A_VARIANCE = 16.0
# Small, because the check may be made every day of a pilot.
_MISMATCH_P = 0.0005
# Visits drawn at once: 32 MB.
_BLOCK = 4_000_000


class Finding(Enum):
    """What may be said; the value is said."""

    MISMATCH = "void: the arms are not split as planned; find out why before anything else"
    NOT_ENOUGH = "not enough yet: go on, and do not stop early because it looks good"
    BETTER = "the ranking does better than popularity"
    WORSE = "the ranking does worse than popularity: switch it off"
    NO_DIFFERENCE = "no difference was found; if there is one, it is smaller than what was worth knowing"


@dataclass(frozen=True, slots=True)
class PilotSettings:
    """The planned share of the control arm, and the smallest effect worth knowing, as a share of the control's mean.

    Intervals are drawn from so many resamples.
    """

    control_share: float = 0.5
    worth_share: float = 0.1
    seed: int = 20_171
    resamples: int = RESAMPLES


@dataclass(frozen=True, slots=True)
class PilotResult:
    """The arms' visits and means, their difference, and what may be said of it.

    `needed` is how many visits each arm needs, None while nothing is known of the control; `mismatch_p` is how likely a
    split at least so uneven is by chance. Intervals are None for an arm without visits.
    """

    control_visits: int
    ranking_visits: int
    control: Interval | None
    ranking: Interval | None
    difference: Interval | None
    needed: int | None
    mismatch_p: float
    finding: Finding


def pilot_result(outcomes: Outcomes, settings: PilotSettings = PilotSettings()) -> PilotResult:
    """Compare the arms."""
    control, ranking = outcomes.control, outcomes.ranking
    has_both = bool(len(control) and len(ranking))
    difference = arms_difference(control, ranking, settings) if has_both else None
    needed = visits_needed(control, settings.worth_share)
    mismatch_p = split_p(len(control), len(ranking), settings.control_share)
    is_enough = needed is not None and min(len(control), len(ranking)) >= needed
    return PilotResult(
        control_visits=len(control),
        ranking_visits=len(ranking),
        control=mean_interval(control, settings.seed, settings.resamples) if len(control) else None,
        ranking=mean_interval(ranking, settings.seed, settings.resamples) if len(ranking) else None,
        difference=difference,
        needed=needed,
        mismatch_p=mismatch_p,
        finding=finding(difference, is_enough, mismatch_p),
    )


def finding(difference: Interval | None, is_enough: bool, mismatch_p: float) -> Finding:
    """Return what may be said; a wrong split comes before everything, and then too few visits."""
    if mismatch_p < _MISMATCH_P:
        return Finding.MISMATCH
    if difference is None or not is_enough:
        return Finding.NOT_ENOUGH
    if difference.is_above_zero:
        return Finding.BETTER
    return Finding.WORSE if difference.high < 0.0 else Finding.NO_DIFFERENCE


def arms_difference(control: Figures, ranking: Figures, settings: PilotSettings) -> Interval:
    """Return mean(ranking) - mean(control) with its 95 % bootstrap interval, each arm resampled by itself."""
    rng = np.random.default_rng(settings.seed)
    drawn = _means(ranking, rng, settings.resamples) - _means(control, rng, settings.resamples)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Interval(float(ranking.mean() - control.mean()), float(low), float(high))


def visits_needed(control: Figures, worth_share: float) -> int | None:
    """Return how many visits an arm needs to see an effect of that share of the control's mean; None while unknown."""
    if len(control) < 2 or not control.mean():
        return None
    effect = worth_share * abs(float(control.mean()))
    return math.ceil(_VISITS_A_VARIANCE * float(control.var(ddof=1)) / effect**2)


def split_p(control: int, ranking: int, control_share: float) -> float:
    """Return the p value of the chi-square test that visits were split as planned; 1 without visits."""
    visits = control + ranking
    if not visits:
        return 1.0
    planned = (visits * control_share, visits * (1.0 - control_share))
    return float(stats.chisquare((control, ranking), planned).pvalue)


def _means(figures: Figures, rng: np.random.Generator, resamples: int) -> Figures:
    """Return the means of resamples, some at a time."""
    rows = max(1, _BLOCK // len(figures))
    parts = [
        figures[rng.integers(len(figures), size=(min(rows, resamples - start), len(figures)))].mean(axis=1)
        for start in range(0, resamples, rows)
    ]
    return np.concatenate(parts)
