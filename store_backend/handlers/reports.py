"""Figures of a period: the checklist, and the report on depth, recommendation, care and value."""

from __future__ import annotations

from aisle.messages import journey
from aisle.messages.care import Channel
from aisle.messages.journey import Figure, Period
from store_backend import outcomes, value
from store_backend.assistance import TimesToHuman, times_to_human
from store_backend.checklist import Effort, Observed, Share, score_point
from store_backend.recommendation import DETRACTOR_TO, PROMOTER_FROM, Recommendation, recommendation
from store_backend.touch_points import CHECKLIST
from store_backend.unit_of_work import UnitOfWork

_SUMS = ("visits", "resolved", "recovered", "troubled", "advised", "sold", "came_back", "robot_s")


def check(command: journey.ChecklistQuery, work: UnitOfWork) -> journey.Checklist:
    """Score every point of the checklist over a period."""
    observed = _observed(command.period, work)
    points = (
        journey.CheckedPoint(
            name=point.name,
            layer=point.layer.value,
            question=point.question,
            scores=tuple(_told(share) for share in score_point(point, observed)),
        )
        for point in CHECKLIST
    )
    return journey.Checklist(points=tuple(points))


def _told(share: Share) -> journey.PointScore:
    return journey.PointScore(channel=share.channel, score=share.score, n=share.n)


def report(command: journey.ReportQuery, work: UnitOfWork) -> journey.Report:
    """Return the figures of a period, and what was assumed."""
    settings = value.ValueSettings()
    visits = _visits(command.period, work)
    return journey.Report(
        depth=value.depth(visits),
        recommendation=_recommendation_figures(recommendation(_answers(command.period, work))),
        care=_care_figures(times_to_human(_waits_s(command.period, work))),
        value=value.value(visits, settings),
        assumptions=value.assumptions(settings),
    )


def _observed(period: Period, work: UnitOfWork) -> Observed:
    since, until = period.since_unix_s, period.until_unix_s
    counts = [(Channel(channel), outcome, n) for channel, outcome, n in work.journeys.outcome_counts(since, until)]
    return Observed(counts, {**_recorded(period, work), **_efforts(period, work)})


def _efforts(period: Period, work: UnitOfWork) -> dict[str, list[Share]]:
    points = [(point.name, point.measure) for point in CHECKLIST if isinstance(point.measure, Effort)]
    return {name: _effort_shares(measure, period, work) for name, measure in points}


def _effort_shares(measure: Effort, period: Period, work: UnitOfWork) -> list[Share]:
    rows = work.journeys.effort_counts(
        measure.what, measure.stage.value, measure.at_most, period.since_unix_s, period.until_unix_s
    )
    return [Share(Channel(channel), within, n) for channel, within, n in rows]


def _recorded(period: Period, work: UnitOfWork) -> dict[str, list[Share]]:
    """Return the shares that belong to no channel."""
    visits, answers = _visits(period, work), _answers(period, work)
    raised, acknowledged = work.care.alert_counts(period.since_unix_s, period.until_unix_s)
    opened, solved = work.complaints.solved_counts(period.since_unix_s, period.until_unix_s)
    human = times_to_human(_waits_s(period, work))
    kept = max(0, visits.consents_given - visits.consents_withdrawn)
    parts = {
        "needs_met": (visits.resolved, visits.visits),
        "recommended": (sum(one >= PROMOTER_FROM for one in answers), len(answers)),
        "no_detractors": (sum(one > DETRACTOR_TO for one in answers), len(answers)),
        "consent_kept": (kept, visits.consents_given),
        "returning": (visits.came_back, visits.visits if visits.consents_given else 0),
        "human_in_time": (human.in_time, human.n) if human else (0, 0),
        "alerts_acknowledged": (acknowledged, raised),
        "recovered": (visits.recovered, visits.troubled),
        "complaints_solved": (solved, opened),
    }
    return {name: [Share(None, good, n)] for name, (good, n) in parts.items()}


def _visits(period: Period, work: UnitOfWork) -> value.Visits:
    since, until = period.since_unix_s, period.until_unix_s
    sums = work.journeys.visit_sums(since, until)
    counts = work.journeys.outcome_counts(since, until)
    return value.Visits(
        **{name: sums[name] for name in _SUMS},
        staff_s=work.care.staff_s(since, until),
        consents_given=sum(n for _, outcome, n in counts if outcome == outcomes.CONSENT_GIVEN),
        consents_withdrawn=sum(n for _, outcome, n in counts if outcome == outcomes.CONSENT_WITHDRAWN),
    )


def _answers(period: Period, work: UnitOfWork) -> list[int]:
    counts = work.journeys.answer_counts(period.since_unix_s, period.until_unix_s)
    return [score for score, n in counts.items() for _ in range(n)]


def _waits_s(period: Period, work: UnitOfWork) -> list[float]:
    return work.care.waits_s(period.since_unix_s, period.until_unix_s)


def _recommendation_figures(given: Recommendation | None) -> tuple[Figure, ...]:
    names = ("net promoter score", "lower end of its 95 % interval", "upper end of its 95 % interval")
    values = (given.score, given.low, given.high) if given else (None, None, None)
    n = given.n if given else 0
    return tuple(Figure(name=name, value=one, n=n, unit="-1 to 1") for name, one in zip(names, values, strict=True))


def _care_figures(times: TimesToHuman | None) -> tuple[Figure, ...]:
    n = times.n if times else 0
    rows = (
        ("time to a human, median", times.median_s if times else None, "seconds"),
        ("time to a human, 90th percentile", times.p90_s if times else None, "seconds"),
        ("claimed within 30 s", times.in_time / times.n if times else None, "share"),
    )
    return tuple(Figure(name=name, value=one, n=n, unit=unit) for name, one, unit in rows)
