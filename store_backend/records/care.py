"""Calls for a person and alerts."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from aisle.messages.staff import CallState
from store_backend.records.found import Found, all_found, found
from store_backend.records.inserted import add_row
from store_backend.tables import alerts, assistance

_CALL = assistance.c
_IS_WAITING = _CALL.state == CallState.WAITING.value
_IS_OPEN = _CALL.state.in_([CallState.WAITING.value, CallState.CLAIMED.value])
# Times alone decide; the number only between equal times (store_backend.assistance.place).
_IN_TURN = (_CALL.asked_unix_s, _CALL.assistance_id)
_BEFORE = or_(
    _CALL.asked_unix_s < bindparam("asked_unix_s"),
    and_(_CALL.asked_unix_s == bindparam("asked_unix_s"), _CALL.assistance_id < bindparam("before_id")),
)
_FIND_CALL = select(_CALL.assistance_id, _CALL.asked_unix_s, _CALL.state, _CALL.note).where(
    _CALL.call_key == bindparam("call_key")
)
_FIND_BY_ID = select(assistance).where(_CALL.assistance_id == bindparam("assistance_id"))
_ADD_CALL = insert(assistance)
_COUNT_WAITING = select(func.count()).select_from(assistance).where(_IS_WAITING)
_COUNT_BEFORE = _COUNT_WAITING.where(_BEFORE)
_FIND_OPEN = select(assistance).where(_IS_OPEN).order_by(*_IN_TURN).limit(bindparam("most"))
_FIND_WAITING = select(assistance).where(_IS_WAITING).order_by(*_IN_TURN).limit(bindparam("most"))
_CLAIM = (
    update(assistance)
    .where(_CALL.assistance_id == bindparam("call_id"), _IS_WAITING)
    .values(
        state=CallState.CLAIMED.value, staff_id=bindparam("claimed_by"), claimed_unix_s=bindparam("now_unix_s")
    )
)  # fmt: skip
_END = (
    update(assistance)
    .where(
        _CALL.assistance_id == bindparam("call_id"),
        _CALL.state == CallState.CLAIMED.value,
        _CALL.staff_id == bindparam("claimed_by"),
    )
    .values(state=bindparam("new_state"), ended_unix_s=bindparam("now_unix_s"), note=bindparam("said"))
)
_CALLS_IN_PERIOD = and_(_CALL.asked_unix_s >= bindparam("since_unix_s"), _CALL.asked_unix_s < bindparam("until_unix_s"))
_FIND_WAITS = (
    select(_CALL.claimed_unix_s - _CALL.asked_unix_s)
    .where(_CALLS_IN_PERIOD, _CALL.claimed_unix_s.is_not(None))
    .order_by(_CALL.assistance_id)
    .limit(10_000)
)
_SUM_STAFF_S = select(func.coalesce(func.sum(_CALL.ended_unix_s - _CALL.claimed_unix_s), 0.0)).where(_CALLS_IN_PERIOD)

_ALERT = alerts.c
_ADD_ALERT = insert(alerts)
_FIND_RULES = select(_ALERT.rule).where(_ALERT.about == bindparam("about"))
_FIND_ALERTS = select(alerts).order_by(_ALERT.alert_id.desc()).limit(bindparam("most"))
_IS_UNSEEN = _ALERT.acknowledged_unix_s.is_(None)
_FIND_UNSEEN = _FIND_ALERTS.where(_IS_UNSEEN)
_COUNT_UNSEEN = select(func.count()).select_from(alerts).where(_IS_UNSEEN)
_FIND_ALERT = select(alerts).where(_ALERT.alert_id == bindparam("alert_id"))
_ACKNOWLEDGE = (
    update(alerts)
    .where(_ALERT.alert_id == bindparam("seen_id"), _IS_UNSEEN)
    .values(staff_id=bindparam("seen_by"), acknowledged_unix_s=bindparam("now_unix_s"))
)
_COUNT_ALERTS = select(func.count(), func.count(_ALERT.acknowledged_unix_s)).where(
    _ALERT.raised_unix_s >= bindparam("since_unix_s"), _ALERT.raised_unix_s < bindparam("until_unix_s")
)
_FORGET_CALLS = (
    update(assistance)
    .where(_CALL.asked_unix_s < bindparam("before_unix_s"), or_(_CALL.story != "", _CALL.note != ""))
    .values(story="", note="")
)
_FORGET_ALERTS = (
    update(alerts).where(_ALERT.raised_unix_s < bindparam("before_unix_s"), _ALERT.story != "").values(story="")
)


class CareRecords:
    """The calls and alerts behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def call_of(self, call_key: str) -> Found | None:
        """Return number, time, state and note of the call with this key, None when it is new."""
        return found(self._connection.execute(_FIND_CALL, {"call_key": call_key}))

    def call(self, assistance_id: int) -> Found | None:
        """Return a call."""
        return found(self._connection.execute(_FIND_BY_ID, {"assistance_id": assistance_id}))

    def add_call(self, row: Mapping[str, object]) -> int:
        """Queue a call and return its number."""
        return add_row(self._connection, _ADD_CALL, row)

    def calls_waiting(self) -> int:
        """Count the calls that nobody has taken."""
        return self._connection.scalar(_COUNT_WAITING) or 0

    def calls_before(self, asked_unix_s: float, assistance_id: int) -> int:
        """Count the calls that nobody has taken and that come before one."""
        values = {"asked_unix_s": asked_unix_s, "before_id": assistance_id}
        return self._connection.scalar(_COUNT_BEFORE, values) or 0

    def open_calls(self, most: int) -> list[Found]:
        """Return calls that wait or are claimed, in their turn."""
        return all_found(self._connection.execute(_FIND_OPEN, {"most": most}))

    def waiting_calls(self, most: int) -> list[Found]:
        """Return calls that nobody has claimed, in their turn."""
        return all_found(self._connection.execute(_FIND_WAITING, {"most": most}))

    def claim(self, assistance_id: int, staff_id: str, now_unix_s: float) -> bool:
        """Give a waiting call to somebody; False when it does not wait. Of several who try at once one gets it."""
        values = {"call_id": assistance_id, "claimed_by": staff_id, "now_unix_s": now_unix_s}
        return self._connection.execute(_CLAIM, values).rowcount == 1

    def end(self, assistance_id: int, staff_id: str, state: str, now_unix_s: float, note: str = "") -> bool:
        """End a call for who claimed it; False when that was somebody else or it is not claimed."""
        ended = {"new_state": state, "now_unix_s": now_unix_s, "said": note}
        values = {"call_id": assistance_id, "claimed_by": staff_id, **ended}
        return self._connection.execute(_END, values).rowcount == 1

    def waits_s(self, since_unix_s: float, until_unix_s: float) -> list[float]:
        """Return how long the claimed calls of a period had waited, 10,000 at most."""
        return list(self._connection.scalars(_FIND_WAITS, {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}))

    def staff_s(self, since_unix_s: float, until_unix_s: float) -> float:
        """Return how long staff were busy with the calls of a period."""
        return (
            self._connection.scalar(_SUM_STAFF_S, {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}) or 0.0
        )

    def rules_met(self, about: str) -> set[str]:
        """Return the rules of which a visit or complaint has an alert."""
        return set(self._connection.scalars(_FIND_RULES, {"about": about}))

    def add_alert(self, row: Mapping[str, object]) -> int:
        """Keep an alert and return its number."""
        return add_row(self._connection, _ADD_ALERT, row)

    def alerts(self, most: int, *, only_unseen: bool) -> list[Found]:
        """Return alerts, newest first."""
        statement = _FIND_UNSEEN if only_unseen else _FIND_ALERTS
        return all_found(self._connection.execute(statement, {"most": most}))

    def count_unseen(self) -> int:
        """Count the alerts that nobody has acknowledged."""
        return self._connection.scalar(_COUNT_UNSEEN) or 0

    def alert(self, alert_id: int) -> Found | None:
        """Return an alert."""
        return found(self._connection.execute(_FIND_ALERT, {"alert_id": alert_id}))

    def acknowledge(self, alert_id: int, staff_id: str, now_unix_s: float) -> bool:
        """Note who sees to an alert; False when somebody does already."""
        values = {"seen_id": alert_id, "seen_by": staff_id, "now_unix_s": now_unix_s}
        return self._connection.execute(_ACKNOWLEDGE, values).rowcount == 1

    def alert_counts(self, since_unix_s: float, until_unix_s: float) -> tuple[int, int]:
        """Return how many alerts were raised in a period, and how many of them were acknowledged."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        raised, acknowledged = self._connection.execute(_COUNT_ALERTS, values).one()
        return raised, acknowledged

    def forget_stories(self, before_unix_s: float) -> int:
        """Empty the stories of older calls and alerts; return how many."""
        values = {"before_unix_s": before_unix_s}
        return sum(self._connection.execute(one, values).rowcount for one in (_FORGET_CALLS, _FORGET_ALERTS))
