"""The checklist and the report, from events, on both databases."""

from __future__ import annotations

import pytest

from aisle.messages import care, journey
from aisle.messages.care import Channel, Stage
from aisle.messages.journey import PointScore
from store_backend import value
from store_backend.backend import Backend
from store_backend.checklist import Layer, Observed, Outcomes, Point, Share, score_point
from tests.store_backend.steps import NOW_S, answer, opening, step

PERIOD = journey.Period(since_unix_s=NOW_S - 1000.0, until_unix_s=NOW_S + 1.0)
POINT = Point("p", Layer.JOURNEY, "Is it good?", Outcomes(frozenset({"good"}), frozenset({"bad"})))


def visit(backend: Backend, session_id: str, *outcomes: str, **changes: object) -> None:
    """Let outcomes happen ten seconds apart, the last of them now."""
    answer(backend, opening(session_id))
    for number, outcome in enumerate(outcomes):
        happened = NOW_S - 10.0 * (len(outcomes) - 1 - number)
        answer(
            backend, step(f"{session_id}-{number}", session_id, outcome=outcome, happened_unix_s=happened, **changes)
        )


def points(backend: Backend) -> dict[str, tuple[PointScore, ...]]:
    checklist = answer(backend, journey.ChecklistQuery(period=PERIOD))
    return {point.name: point.scores for point in checklist.points}


def figures(backend: Backend) -> dict[str, float | None]:
    report = answer(backend, journey.ReportQuery(period=PERIOD))
    chapters = (report.depth, report.recommendation, report.care, report.value)
    return {one.name: one.value for chapter in chapters for one in chapter}


def test_without_any_event_nothing_is_measured_and_nothing_is_made_up(backend: Backend) -> None:
    scores = points(backend)
    assert len(scores) >= 20
    assert all(score == (PointScore(channel=None, score=None, n=0),) for score in scores.values())
    told = figures(backend)
    assert told["depth of relationship"] is told["net promoter score"] is told["claimed within 30 s"] is None


def test_a_point_is_scored_over_all_channels_and_by_channel() -> None:
    counts = [(Channel.KIOSK, "good", 3), (Channel.KIOSK, "bad", 1), (Channel.PHONE, "bad", 4), (Channel.TILL, "x", 9)]
    assert score_point(POINT, Observed(counts, {})) == (
        Share(None, 3, 8), Share(Channel.KIOSK, 3, 4), Share(Channel.PHONE, 0, 4),
    )  # fmt: skip


def test_outcomes_effort_and_records_score_their_points(backend: Backend) -> None:
    visit(backend, "s1", "started", "chosen", "found", stage=Stage.DELIVERY, metres=30.0)
    visit(backend, "s2", "nothing_found", "not_here", stage=Stage.DELIVERY, metres=10.0, channel=Channel.PHONE)
    answer(backend, care.Feedback(session_id="s1", score=10))
    scores = points(backend)
    assert [(one.channel, one.score) for one in scores["search_finds"]] == [
        (None, 0.5), (Channel.KIOSK, 1.0), (Channel.PHONE, 0.0),
    ]  # fmt: skip
    assert [(one.channel, one.score) for one in scores["way_short"]] == [
        (None, 0.5), (Channel.KIOSK, 0.0), (Channel.PHONE, 1.0),
    ]  # fmt: skip
    assert scores["needs_met"] == (PointScore(channel=None, score=0.5, n=2),)
    assert scores["recommended"] == (PointScore(channel=None, score=1.0, n=1),)
    assert scores["payment_fast"] == (PointScore(channel=None, score=None, n=0),)


def test_only_what_happened_in_the_period_counts(backend: Backend) -> None:
    visit(backend, "s1", "found")
    answer(backend, step("old", "s1", outcome="not_here", happened_unix_s=PERIOD.since_unix_s - 1.0))
    assert points(backend)["on_its_shelf"][0] == PointScore(channel=None, score=1.0, n=1)


def test_value_counts_needs_sales_saved_and_returns_avoided_beside_their_cost(backend: Backend) -> None:
    visit(backend, "s1", "nothing_found", "chosen", "found")
    visit(backend, "s2", "asked_know", "chosen", "paid")
    visit(backend, "s3", "not_here", "left")
    told = figures(backend)
    assert (told["needs resolved"], told["sales saved"]) == (2.0, 0.5)
    assert told["returns avoided"] == pytest.approx(0.02)
    assert told["robots"] == pytest.approx((20.0 + 20.0 + 10.0) / 3600.0)
    gain = 1250 + 12
    assert (told["gain"], told["cost"], told["gain less cost"]) == (gain, round(50 / 3600 * 450), gain - 6)


def test_a_trouble_after_the_need_was_met_saves_no_sale(backend: Backend) -> None:
    visit(backend, "s1", "found", "nothing_found")
    assert figures(backend)["sales saved"] == 0.0


def test_depth_is_the_mean_of_what_is_known_and_a_sale_is_one_share_among_others(backend: Backend) -> None:
    visit(backend, "s1", "recognised", "consent_given", "found")
    visit(backend, "s2", "consent_given", "consent_withdrawn", "paid")
    told = figures(backend)
    assert (told["needs met"], told["returning with consent"], told["consent kept"], told["with a sale"]) == (
        1.0, 0.5, 0.5, 0.5,
    )  # fmt: skip
    assert told["depth of relationship"] == pytest.approx(0.625)
    assert (told["consents given"], told["consents withdrawn"]) == (2, 1)


def test_the_report_says_what_it_assumed(backend: Backend) -> None:
    report = answer(backend, journey.ReportQuery(period=PERIOD))
    assert report.assumptions == value.assumptions(value.ValueSettings())
    assert any("2500 cents" in line for line in report.assumptions)


def test_the_net_promoter_score_comes_with_its_interval(backend: Backend) -> None:
    for number, score in enumerate([10, 9, 7, 0]):
        visit(backend, f"s{number}", "found")
        answer(backend, care.Feedback(session_id=f"s{number}", score=score))
    told = answer(backend, journey.ReportQuery(period=PERIOD)).recommendation
    assert (told[0].value, told[0].n) == (0.25, 4)
    assert told[1].value < 0.25 < told[2].value
