"""Questions of a visit: each has somebody in the core who takes its answer, and none outlives the visit or the process.

Unlike letters they wait in no file, so they may be personal. Demands outlive both (`demands.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aisle.messages import Message
from kiosk_ui.demands import Demanded
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
) -> int:
    """Ask, and again while nobody answers; `take` gets the answer, or the error of the last try. Return the token."""
    # The backend keeps its answers by their request keys for a week: a key of its own names no visit.
    token = kiosk.outbox.ask(channel, message, kiosk.new_id(), tries=tries, pause_s=PAUSE_S)
    visit.waiting[token] = take
    return token


def insist(kiosk: Kiosk, visit: Visit, message: Demanded, take: Take) -> None:
    """Ask until it is carried out, when the visit is over too; `take` gets every answer that comes during the visit."""
    visit.waiting[kiosk.outbox.insist(message, kiosk.new_id())] = take


def take_back(kiosk: Kiosk, visit: Visit, unwanted: Callable[[Demanded], bool]) -> None:
    """Insist no more on what its shopper wants no more."""
    for token in kiosk.outbox.demands.take_back(unwanted):
        visit.waiting.pop(token, None)


def drop(kiosk: Kiosk, visit: Visit, token: int | None) -> None:
    """Ask no more; an answer that still comes belongs to nobody."""
    kiosk.outbox.drop_question(token)
    if token is not None:
        visit.waiting.pop(token, None)


def drop_all(kiosk: Kiosk, visit: Visit) -> None:
    """Ask nothing more for a visit that is over; what was demanded goes on."""
    for token in list(visit.waiting):
        drop(kiosk, visit, token)


def take_answer(kiosk: Kiosk, visit: Visit, token: int, answer: Answer, now_s: float) -> None:
    """Give an answer to who waits for it."""
    take = visit.waiting.pop(token, None)
    if take is not None:
        take(kiosk, visit, answer, now_s)


def pass_on(kiosk: Kiosk, visit: Visit, token: int, answer: Answer, now_s: float) -> None:
    """Tell who waits for a demand that it has not got through yet."""
    take = visit.waiting.get(token)
    if take is not None:
        take(kiosk, visit, answer, now_s)
