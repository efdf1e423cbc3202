"""The answer to "call a person"."""

from __future__ import annotations

from kiosk_ui.view import CallPanel
from kiosk_ui.visit import Call, CallStatus
from kiosk_ui.words import Words


def panel(call: Call, table: Words) -> CallPanel:
    """Say how far the call has got, and honestly when it has not."""
    match call.status:
        case CallStatus.SENDING:
            return CallPanel(table.call_sending, table.call_sending_hint, table.close, "busy")
        case CallStatus.LATE:
            return CallPanel(table.call_late, table.call_late_hint, table.close, "problem")
        case CallStatus.REFUSED:
            return CallPanel(table.call_refused, table.call_refused_hint, table.close, "problem")
    return CallPanel(table.call_arrived, queue_text(call.waiting_before, table), table.close, "good")


def queue_text(before: int, table: Words) -> str:
    """Say how many wait before."""
    if before == 0:
        return table.call_next
    return table.call_one_before if before == 1 else table.call_many_before.format(count=before)
