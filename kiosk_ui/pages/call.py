"""The answer to "call a person"."""

from __future__ import annotations

from kiosk_ui.view import Panel
from kiosk_ui.visit import Call, CallStatus
from kiosk_ui.words import Words


def panel(call: Call, table: Words, *, is_staying: bool) -> Panel:
    """Say how far the call has got, and honestly when it has not. The robot does not stay with everybody."""
    close = (("close", table.close),)
    match call.status:
        case CallStatus.CLAIMED:
            return Panel("call", table.call_claimed, table.call_claimed_hint, close)
        case CallStatus.HANDED_BACK:
            text = table.note_said.format(note=call.note) if call.note else table.back_again_hint
            return Panel("call", table.back_again, text, (("close", table.lets_go_on),))
        case CallStatus.SENDING:
            return Panel("call", table.call_sending, table.call_sending_hint, close, "busy")
        case CallStatus.LATE:
            return Panel("call", table.call_late, table.call_late_hint, close, "problem")
        case CallStatus.REFUSED:
            return Panel("call", table.call_refused, table.call_refused_hint, close, "problem")
    text = queue_text(call.waiting_before, table) if is_staying else table.colleague_comes
    return Panel("call", table.call_arrived, text, close)


def queue_text(before: int, table: Words) -> str:
    """Say how many wait before."""
    if before == 0:
        return table.call_next
    return table.call_one_before if before == 1 else table.call_many_before.format(count=before)
