"""Alerts: rules are looked at in the transaction of what may meet them, so none is raised for what did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aisle.messages import Problem, ProblemCode, staff
from aisle.messages.staff import Rule
from store_backend.alerts import alerts_of_steps, is_low, story
from store_backend.assistance import is_escalated
from store_backend.handlers.journeys import steps_of
from store_backend.outcomes import CAN_ALERT
from store_backend.unit_of_work import UnitOfWork


def look_after(session_id: str, outcomes: Iterable[str], work: UnitOfWork) -> None:
    """Raise the alerts that a visit's new steps have met."""
    # Most steps can meet no rule, and the whole visit need not be read for them.
    if CAN_ALERT.isdisjoint(outcomes):
        return
    steps = steps_of(session_id, work)
    new = [rule for rule in alerts_of_steps(steps) if rule.value not in work.care.rules_met(session_id)]
    for rule in new:
        _raise(session_id, rule, story(steps), work)


def look_at_score(session_id: str, score: int, work: UnitOfWork) -> None:
    """Raise an alert for a low answer to the one question."""
    if is_low(score) and Rule.LOW_SCORE.value not in work.care.rules_met(session_id):
        told = f"The visit was given {score} of 10. {story(steps_of(session_id, work))}"
        _raise(session_id, Rule.LOW_SCORE, told, work)


def raise_for_complaint(complaint_id: int, channel: str, work: UnitOfWork) -> None:
    """Raise an alert for an angry text; the text stays sealed with its complaint."""
    about = f"complaint {complaint_id}"
    if Rule.ANGRY_TEXT.value not in work.care.rules_met(about):
        _raise(about, Rule.ANGRY_TEXT, f"An angry message came by {channel.replace('_', ' ')}: read {about}.", work)


def _raise(about: str, rule: Rule, told: str, work: UnitOfWork) -> None:
    visit = work.journeys.visit_of(about)
    work.care.add_alert({
        "about": about, "rule": rule.value, "robot_id": visit["robot_id"] if visit else "", "story": told[:2000],
        "raised_unix_s": work.now_unix_s,
    })  # fmt: skip


def show_alerts(command: staff.AlertsQuery, work: UnitOfWork) -> staff.Alerts:
    """Return alerts, newest first."""
    rows = work.care.alerts(staff.MOST_CARDS, only_unseen=not command.also_acknowledged)
    return staff.Alerts(alerts=tuple(_card(row) for row in rows))


def acknowledge(command: staff.AcknowledgeAlert, work: UnitOfWork) -> staff.AlertNoted | Problem:
    """Note who sees to an alert; who comes later hears who was first."""
    alert = work.care.alert(command.alert_id)
    if alert is None:
        return Problem(code=ProblemCode.FAILED, sentence=f"there is no alert {command.alert_id}; ask for the alerts")
    if work.care.acknowledge(command.alert_id, command.staff_id, work.now_unix_s):
        return staff.AlertNoted(alert_id=command.alert_id, staff_id=command.staff_id)
    seen = work.care.alert(command.alert_id)
    assert seen is not None
    return staff.AlertNoted(alert_id=command.alert_id, staff_id=seen["staff_id"])


def show_board(_command: staff.BoardQuery, work: UnitOfWork) -> staff.CareBoard:
    """Return what staff should see to now."""
    calls = work.care.waiting_calls(staff.MOST_CARDS)
    return staff.CareBoard(
        alerts=tuple(_card(row) for row in work.care.alerts(staff.MOST_CARDS, only_unseen=True)),
        calls=tuple(_waiting(row, work.now_unix_s) for row in calls),
        open_alerts=work.care.count_unseen(),
        waiting_calls=work.care.calls_waiting(),
    )


def _card(row: Mapping[str, Any]) -> staff.Alert:
    told = {name: row[name] for name in staff.Alert.__struct_fields__}
    return staff.Alert(**{**told, "rule": Rule(row["rule"])})


def _waiting(row: Mapping[str, Any], now_unix_s: float) -> staff.WaitingCall:
    return staff.WaitingCall(
        assistance_id=row["assistance_id"],
        robot_id=row["robot_id"],
        asked_unix_s=row["asked_unix_s"],
        escalated=is_escalated(staff.CallState(row["state"]), row["asked_unix_s"], now_unix_s),
    )
