"""Questions of a visit: each has somebody in the core who takes its answer, and none outlives the visit or the process.

Unlike letters they wait in no file, so they may be personal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aisle.messages import Message
from kiosk_ui.lanes import Answer, ChannelName

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

Take = Callable[["Kiosk", "Visit", Answer, float], None]
PAUSE_S = 1.0


def ask(
    kiosk: Kiosk,
    visit: Visit,
    message: Message,
    take: Take,
    *,
    tries: int = 1,
    channel: ChannelName = "backend",
    is_lasting: bool = False,
) -> int:
    """Ask, and again while nobody answers; `take` gets the answer, or the error of the last try. Return the token.

    A lasting question goes on when the visit is over, then without anybody who takes its answer.
    """
    # The backend keeps its answers by their request keys for a week: a key of its own names no visit.
    token = kiosk.outbox.ask(channel, message, kiosk.new_id(), tries=tries, pause_s=PAUSE_S)
    visit.waiting[token] = take
    if is_lasting:
        visit.lasting.add(token)
    return token


def drop(kiosk: Kiosk, visit: Visit, token: int | None) -> None:
    """Ask no more; an answer that still comes belongs to nobody."""
    kiosk.outbox.drop_question(token)
    if token is not None:
        visit.waiting.pop(token, None)


def drop_all(kiosk: Kiosk, visit: Visit) -> None:
    """Ask nothing more for a visit that is over, but for what lasts."""
    for token in visit.waiting.keys() - visit.lasting:
        drop(kiosk, visit, token)


def take_answer(kiosk: Kiosk, visit: Visit, token: int, answer: Answer, now_s: float) -> None:
    """Give an answer to who waits for it."""
    take = visit.waiting.pop(token, None)
    if take is not None:
        take(kiosk, visit, answer, now_s)
