"""What the screen asks back over the page, and how far a call has got."""

from __future__ import annotations

from kiosk_ui.pages import call
from kiosk_ui.view import Panel
from kiosk_ui.visit import Prompt, Visit
from kiosk_ui.words import Words


def panel(visit: Visit, table: Words) -> Panel | None:
    """Return what lies over the page; a question comes before an answer."""
    match visit.prompt:
        case Prompt.STOP:
            buttons = (("go_on", table.go_on), ("stop_tour", table.stop_yes))
            return Panel("stop", table.stop_question, table.stop_hint, buttons)
        case Prompt.SOMEBODY_ELSE:
            buttons = (("call_colleague", table.call_colleague), ("close", table.close))
            return Panel("somebody_else", table.leading_somebody, table.leading_somebody_hint, buttons)
        case Prompt.STILL_THERE:
            buttons = (("i_am_here", table.i_am_here), ("i_am_done", table.i_am_done))
            return Panel("still_there", table.still_there, table.still_there_hint, buttons)
        case Prompt.ERASE:
            buttons = (("close", table.keep), ("erase", table.erase))
            return Panel("erase", table.erase_question, table.erase_hint, buttons, is_even=True)
    if visit.open_call is None:
        return None
    return call.panel(visit.open_call, table, is_staying=visit.open_call is not visit.call_of_other)
