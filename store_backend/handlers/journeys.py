"""Journeys: replay, score, and the one question at most once a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisle.messages import Problem, ProblemCode, journey
from aisle.messages.care import Channel, Stage
from store_backend.journey import Step, score_visit
from store_backend.unit_of_work import UnitOfWork

MOST_SCORED_STEPS = 2000
"""A visit has some dozen steps; what comes behind so many is not looked at for score and alerts."""


def replay(command: journey.JourneyQuery, work: UnitOfWork) -> journey.Journey | Problem:
    """Return a visit and its steps, in the order in which they happened."""
    visit = work.journeys.visit_of(command.session_id)
    if visit is None:
        return unknown_visit(command.session_id)
    rows = work.journeys.steps_of(command.session_id, command.first, journey.PAGE_STEPS)
    return journey.Journey(
        session_id=command.session_id,
        robot_id=visit["robot_id"],
        language=visit["language"],
        opened_unix_s=visit["opened_unix_s"],
        step_count=work.journeys.count_steps(command.session_id),
        steps=tuple(_told(row) for row in rows),
        answer=visit["score"],
    )


def list_visits(_command: journey.VisitsQuery, work: UnitOfWork) -> journey.Visits:
    """Return the newest visits."""
    names = journey.ListedVisit.__struct_fields__
    rows = work.journeys.newest_visits(journey.MOST_VISITS)
    return journey.Visits(visits=tuple(journey.ListedVisit(**{name: row[name] for name in names}) for row in rows))


def score(command: journey.ScoreQuery, work: UnitOfWork) -> journey.Scored | Problem:
    """Return the score of a visit with blame by stage."""
    if work.journeys.visit_of(command.session_id) is None:
        return unknown_visit(command.session_id)
    result = score_visit(steps_of(command.session_id, work))
    stages = (journey.StageScore(stage=one.stage, score=one.score, blame=one.blame) for one in result.stages)
    return journey.Scored(session_id=command.session_id, score=result.score, stages=tuple(stages))


def may_prompt(command: journey.PromptScore, work: UnitOfWork) -> journey.MayPrompt | Problem:
    """Let the one question be put, once a visit, wherever that is."""
    if not work.visits.has_session(command.session_id):
        return unknown_visit(command.session_id)
    if work.journeys.was_prompted(command.session_id):
        sentence = f"visit {command.session_id} was asked already; nobody is asked twice"
        return Problem(code=ProblemCode.ALREADY, sentence=sentence)
    work.journeys.add_prompt(command.session_id, command.channel.value, work.now_unix_s)
    return journey.MayPrompt(session_id=command.session_id)


def note_prompt(session_id: str, channel: Channel, work: UnitOfWork) -> None:
    """Note that a visit was asked, by a screen that shows the question by itself."""
    if not work.journeys.was_prompted(session_id):
        work.journeys.add_prompt(session_id, channel.value, work.now_unix_s)


def steps_of(session_id: str, work: UnitOfWork) -> list[Step]:
    """Return the steps of a visit as the rules look at them."""
    return [_judged(row) for row in work.journeys.steps_of(session_id, 0, MOST_SCORED_STEPS)]


def _judged(row: Mapping[str, Any]) -> Step:
    return Step(
        happened_unix_s=row["happened_unix_s"],
        stage=Stage(row["stage"]),
        touch_point=row["touch_point"],
        channel=Channel(row["channel"]),
        outcome=row["outcome"],
        taps=row["taps"],
        seconds=row["seconds"],
        metres=row["metres"],
    )


def _told(row: Mapping[str, Any]) -> journey.JourneyStep:
    told = {name: row[name] for name in journey.JourneyStep.__struct_fields__}
    return journey.JourneyStep(**{**told, "stage": Stage(row["stage"]), "channel": Channel(row["channel"])})


def unknown_visit(session_id: str) -> Problem:
    """Say that a visit was never opened."""
    return Problem(code=ProblemCode.UNKNOWN_SESSION, sentence=f"no visit {session_id} was opened; open it first")
