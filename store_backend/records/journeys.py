"""Looking back: the steps of a visit, and counts over a period. A period includes its beginning and not its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, func, insert, select

from store_backend import outcomes
from store_backend.records.found import Found, all_found, found
from store_backend.tables import feedback, journey_events, prompts, sessions

_EVENT = journey_events.c
_IN_PERIOD = and_(
    _EVENT.happened_unix_s >= bindparam("since_unix_s"), _EVENT.happened_unix_s < bindparam("until_unix_s")
)
_FIND_VISIT = (
    select(sessions, feedback.c.score)
    .outerjoin(feedback, feedback.c.session_id == sessions.c.session_id)
    .where(sessions.c.session_id == bindparam("session_id"))
)
_LIST_VISITS = select(sessions).order_by(sessions.c.opened_unix_s.desc()).limit(bindparam("most"))
_OF_VISIT = _EVENT.session_id == bindparam("session_id")
_COUNT_STEPS = select(func.count()).select_from(journey_events).where(_OF_VISIT)
_FIND_STEPS = (
    select(journey_events)
    .where(_OF_VISIT)
    .order_by(_EVENT.happened_unix_s, _EVENT.event_id)
    .limit(bindparam("most"))
    .offset(bindparam("first"))
)
_COUNT_OUTCOMES = (
    select(_EVENT.channel, _EVENT.outcome, func.count()).where(_IN_PERIOD).group_by(_EVENT.channel, _EVENT.outcome)
)
_COUNT_ANSWERS = (
    select(feedback.c.score, func.count())
    .where(feedback.c.given_unix_s >= bindparam("since_unix_s"), feedback.c.given_unix_s < bindparam("until_unix_s"))
    .group_by(feedback.c.score)
)
_FIND_PROMPT = select(prompts.c.session_id).where(prompts.c.session_id == bindparam("session_id"))
_ADD_PROMPT = insert(prompts)


def _count_efforts(name: str) -> Select[Any]:
    """Count the visits of each channel whose effort in a stage is at most a limit, and all of them."""
    spent = func.sum(_EVENT[name]).label("spent")
    visits = (
        select(_EVENT.channel, spent)
        .where(_IN_PERIOD, _EVENT.stage == bindparam("stage"))
        .group_by(_EVENT.session_id, _EVENT.channel)
        .subquery()
    )
    within = func.sum(case((visits.c.spent <= bindparam("at_most"), 1), else_=0))
    return select(visits.c.channel, within, func.count()).group_by(visits.c.channel)


_COUNT_EFFORTS = {name: _count_efforts(name) for name in ("taps", "seconds", "metres")}


def _time_if(wanted: Iterable[str]) -> ColumnElement[Any]:
    return case((_EVENT.outcome.in_(sorted(wanted)), _EVENT.happened_unix_s))


def _one_by_one() -> Select[Any]:
    """Tell of each visit of a period when its first or last outcome of a kind came."""
    on_robot = case((_EVENT.channel.in_(["robot", "kiosk"]), _EVENT.happened_unix_s))
    return (
        select(
            func.max(_time_if(outcomes.RESOLVED)).label("resolved_s"),
            func.min(_time_if(outcomes.TROUBLES)).label("trouble_s"),
            func.min(_time_if(outcomes.ADVISED)).label("advised_s"),
            func.min(_time_if(outcomes.SOLD)).label("sold_s"),
            func.min(_time_if([outcomes.RETURNING])).label("recognised_s"),
            (func.max(on_robot) - func.min(on_robot)).label("robot_s"),
        )
        .where(_IN_PERIOD)
        .group_by(_EVENT.session_id)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _sum_visits() -> Select[Any]:
    """Count the visits of a period by what happened in each, and add up how long robots were busy with them."""
    one = _one_by_one().subquery().c
    return select(
        func.count().label("visits"),
        _count(one.resolved_s.is_not(None)).label("resolved"),
        _count(one.trouble_s.is_not(None)).label("troubled"),
        _count(one.trouble_s <= one.resolved_s).label("recovered"),
        _count(one.advised_s <= one.resolved_s).label("advised"),
        _count(one.sold_s.is_not(None)).label("sold"),
        _count(one.recognised_s.is_not(None)).label("came_back"),
        func.coalesce(func.sum(one.robot_s), 0.0).label("robot_s"),
    )


_SUM_VISITS = _sum_visits()


class JourneyRecords:
    """The journeys behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def visit_of(self, session_id: str) -> Found | None:
        """Return a visit with its answer, None for one that was never opened."""
        return found(self._connection.execute(_FIND_VISIT, {"session_id": session_id}))

    def newest_visits(self, most: int) -> list[Found]:
        """Return visits, newest first."""
        return all_found(self._connection.execute(_LIST_VISITS, {"most": most}))

    def count_steps(self, session_id: str) -> int:
        """Count the steps of a visit."""
        return self._connection.scalar(_COUNT_STEPS, {"session_id": session_id}) or 0

    def steps_of(self, session_id: str, first: int, most: int) -> list[Found]:
        """Return steps of a visit in the order in which they happened."""
        values = {"session_id": session_id, "first": first, "most": most}
        return all_found(self._connection.execute(_FIND_STEPS, values))

    def outcome_counts(self, since_unix_s: float, until_unix_s: float) -> list[tuple[str, str, int]]:
        """Return channel, outcome and how often it happened."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        return [(channel, outcome, n) for channel, outcome, n in self._connection.execute(_COUNT_OUTCOMES, values)]

    def effort_counts(
        self, what: str, stage: str, at_most: float, since_unix_s: float, until_unix_s: float
    ) -> list[tuple[str, int, int]]:
        """Return channel, visits whose taps, seconds or metres in a stage are at most a limit, and all visits."""
        values = {"stage": stage, "at_most": at_most, "since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        return [(channel, within, n) for channel, within, n in self._connection.execute(_COUNT_EFFORTS[what], values)]

    def visit_sums(self, since_unix_s: float, until_unix_s: float) -> Found:
        """Count the visits of a period by what happened in them."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        return self._connection.execute(_SUM_VISITS, values).one()._asdict()

    def answer_counts(self, since_unix_s: float, until_unix_s: float) -> dict[int, int]:
        """Return how often each answer from 0 to 10 was given."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        return {row[0]: row[1] for row in self._connection.execute(_COUNT_ANSWERS, values)}

    def was_prompted(self, session_id: str) -> bool:
        """Tell whether the one question was put in a visit."""
        return self._connection.scalar(_FIND_PROMPT, {"session_id": session_id}) is not None

    def add_prompt(self, session_id: str, channel: str, asked_unix_s: float) -> None:
        """Note that the question was put; a visit has one note."""
        row = {"session_id": session_id, "channel": channel, "asked_unix_s": asked_unix_s}
        self._connection.execute(_ADD_PROMPT, row)
