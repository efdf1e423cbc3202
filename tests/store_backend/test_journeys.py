"""Replay, score, prompts and alerts through the backend, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aisle.messages import ProblemCode, care, journey, staff
from aisle.messages.care import Channel, Stage
from store_backend.backend import Backend
from store_backend.tables import alerts, prompts
from tests.store_backend.steps import NOW_S, answer, opening, refused, rows, step


@pytest.fixture
def visited(backend: Backend) -> Backend:
    answer(backend, opening())
    return backend


def replayed(backend: Backend, **query: Any) -> journey.Journey:
    told = answer(backend, journey.JourneyQuery(session_id="s1", **query))
    assert isinstance(told, journey.Journey)
    return told


def raised(backend: Backend) -> list[tuple[str, str]]:
    return [(row["about"], row["rule"]) for row in rows(backend, alerts)]


def test_a_replay_gives_all_events_in_the_order_in_which_they_happened(visited: Backend) -> None:
    answer(visited, step("e1", happened_unix_s=NOW_S - 10.0, outcome="chosen", taps=2))
    answer(visited, step("e2", happened_unix_s=NOW_S - 30.0, outcome="started", channel=Channel.PHONE))
    answer(visited, step("e3", outcome="found", stage=Stage.DELIVERY))
    answer(visited, care.Feedback(session_id="s1", score=9))
    told = replayed(visited)
    assert [one.outcome for one in told.steps] == ["started", "chosen", "found"]
    assert [one.channel for one in told.steps] == [Channel.PHONE, Channel.KIOSK, Channel.KIOSK]
    assert [NOW_S - one.happened_unix_s for one in told.steps] == [30.0, 10.0, 0.0]
    assert [one.recorded_unix_s for one in told.steps] == [NOW_S] * 3
    assert (told.robot_id, told.step_count, told.answer, told.steps[1].taps) == ("robot-1", 3, 9, 2)


def test_events_delivered_after_an_outage_bear_the_time_at_which_they_happened(visited: Backend) -> None:
    events = tuple(step(f"e{number}", happened_unix_s=NOW_S - 600.0 + number) for number in range(5))
    answer(visited, care.JourneyEvents(events=events))
    assert [one.happened_unix_s for one in replayed(visited).steps] == [NOW_S - 600.0 + number for number in range(5)]


def test_a_long_visit_is_replayed_page_by_page(visited: Backend) -> None:
    for begin in range(0, 1200, 400):
        answer(visited, care.JourneyEvents(events=tuple(step(f"e{begin + number}") for number in range(400))))
    first, second = replayed(visited), replayed(visited, first=journey.PAGE_STEPS)
    assert (len(first.steps), len(second.steps), first.step_count) == (1000, 200, 1200)
    assert [one.event_id for one in (*first.steps, *second.steps)] == sorted(range(1, 1201))


def test_the_newest_visits_are_listed(visited: Backend) -> None:
    answer(replace(visited, clock=lambda: NOW_S + 5.0), opening("s2"))
    assert [one.session_id for one in answer(visited, journey.VisitsQuery()).visits] == ["s2", "s1"]


def test_a_visit_that_nobody_opened_cannot_be_replayed_or_scored(backend: Backend) -> None:
    for query in (journey.JourneyQuery(session_id="x"), journey.ScoreQuery(session_id="x")):
        assert refused(backend, query)[0] is ProblemCode.UNKNOWN_SESSION


def test_a_visit_is_scored_with_blame_by_stage(visited: Backend) -> None:
    answer(visited, step("e1", stage=Stage.SELECTION, outcome="chosen"))
    answer(visited, step("e2", stage=Stage.DELIVERY, outcome="not_here"))
    scored = answer(visited, journey.ScoreQuery(session_id="s1"))
    assert scored.score == pytest.approx(0.1)
    assert [(one.stage, one.blame) for one in scored.stages] == [(Stage.SELECTION, 0.0), (Stage.DELIVERY, 1.0)]


def test_the_one_question_is_put_once_a_visit_wherever_that_is(visited: Backend) -> None:
    ask = journey.PromptScore(session_id="s1", channel=Channel.PHONE)
    assert answer(visited, ask) == journey.MayPrompt(session_id="s1")
    code, sentence = refused(visited, ask)
    assert code is ProblemCode.ALREADY
    assert "nobody is asked twice" in sentence
    assert len(rows(visited, prompts)) == 1


@pytest.mark.parametrize("command", [step("e1", outcome="skipped"), care.Feedback(session_id="s1", score=9)])
def test_who_was_asked_at_the_screen_is_not_asked_again_elsewhere(visited: Backend, command: Any) -> None:
    answer(visited, command)
    ask = journey.PromptScore(session_id="s1", channel=Channel.E_MAIL)
    assert refused(visited, ask)[0] is ProblemCode.ALREADY


def test_the_second_empty_search_raises_one_alert_with_its_story(visited: Backend) -> None:
    for number in range(4):
        answer(visited, step(f"e{number}", outcome="nothing_found"))
        assert len(raised(visited)) == (0 if number < 1 else 1)
    (card,) = answer(visited, staff.AlertsQuery()).alerts
    assert (card.rule, card.about, card.robot_id) == (staff.Rule.TWO_EMPTY_SEARCHES, "s1", "robot-1")
    assert card.story.count("nothing found") == 2


def test_events_that_come_together_raise_what_they_meet_together(visited: Backend) -> None:
    answer(visited, opening("s2"))
    lost = (
        step("a", outcome="nothing_found"),
        step("b", "s2", outcome="tour_lost"),
        step("c", outcome="nothing_found"),
    )
    answer(visited, care.JourneyEvents(events=lost))
    assert raised(visited) == [("s1", "two_empty_searches"), ("s2", "abandoned_tour")]


def test_a_refused_event_raises_nothing(visited: Backend) -> None:
    events = (step("a", outcome="tour_lost"), step("b", "nobody", outcome="tour_lost"))
    assert refused(visited, care.JourneyEvents(events=events))[0] is ProblemCode.UNKNOWN_SESSION
    assert raised(visited) == []


def test_a_low_answer_raises_an_alert_once(visited: Backend) -> None:
    for score in (9, 3, 2):
        answer(visited, care.Feedback(session_id="s1", score=score))
    assert raised(visited) == [("s1", "low_score")]
    assert answer(visited, staff.AlertsQuery()).alerts[0].story.startswith("The visit was given 3 of 10.")


def test_the_first_who_acknowledges_an_alert_sees_to_it(visited: Backend) -> None:
    answer(visited, step("e1", outcome="tour_lost"))
    for staff_id in ("7", "8"):
        noted = answer(visited, staff.AcknowledgeAlert(alert_id=1, staff_id=staff_id))
        assert noted == staff.AlertNoted(alert_id=1, staff_id="7")
    assert answer(visited, staff.AlertsQuery()).alerts == ()
    assert [one.staff_id for one in answer(visited, staff.AlertsQuery(also_acknowledged=True)).alerts] == ["7"]
    assert "there is no alert 9" in refused(visited, staff.AcknowledgeAlert(alert_id=9, staff_id="7"))[1]
