"""What a shopper may rely on: an erasure or a withdrawal is asked for until the store has carried it out.

Who demands one may leave, and the kiosk may be started again. So each waits in the state file, under the bare number of
its shopper, until it is answered. Beside these two nothing personal waits on a disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.memory import ChangeConsent, ConsentChanged, EraseShopper, Purpose, ShopperErased
from kiosk_ui.lanes import Answer, Drop, Outgoing

log = logging.getLogger(__name__)

PAUSE_S = 5.0
MOST = 1000

Demanded = EraseShopper | ChangeConsent
_DONE_BY: dict[type[Message], type[Message]] = {EraseShopper: ShopperErased, ChangeConsent: ConsentChanged}
# VERSION is not among them: whichever side is older is updated one day, and the demand goes on then.
_NEVER = frozenset({ProblemCode.MALFORMED, ProblemCode.FORBIDDEN})


class Demand(msgspec.Struct, frozen=True):
    """One demand; `number` is its row in the state file, below zero, where no letter has one."""

    number: int
    message: Demanded


@dataclass(slots=True)
class _Waiting:
    """A demand that the store has not carried out; `again_at_s` is None while it is under way."""

    demand: Demand
    key: str
    again_at_s: float | None = float("-inf")
    asked: int = 0


def is_refused(answer: Answer) -> bool:
    """Tell whether this answer can never become another one."""
    return isinstance(answer, Problem) and answer.code in _NEVER


@dataclass(slots=True)
class Demands:
    """All demands that wait, by the token that their answers carry."""

    keep: Callable[[Demand | Drop], None]
    _waiting: dict[int, _Waiting] = field(default_factory=dict)
    _last_number: int = 0

    def __contains__(self, token: object) -> bool:
        return token in self._waiting

    def restore(self, demand: Demand, token: int, key: str) -> None:
        """Take up what an earlier process has left."""
        self._last_number = min(self._last_number, demand.number)
        self._waiting[token] = _Waiting(demand, key)

    def add(self, message: Demanded, token: int, key: str) -> None:
        """Begin to ask; when too many wait the oldest is lost, and the log says so."""
        self._last_number -= 1
        demand = Demand(self._last_number, message)
        self.keep(demand)
        self._waiting[token] = _Waiting(demand, key)
        if len(self._waiting) > MOST:
            log.error("more than %d erasures and withdrawals wait for the store: the oldest is lost", MOST)
            self._end(min(self._waiting))

    def take_back(self, unwanted: Callable[[Demanded], bool]) -> list[int]:
        """Ask no more for what its shopper wants no more; return the tokens."""
        tokens = [token for token, waiting in self._waiting.items() if unwanted(waiting.demand.message)]
        for token in tokens:
            self._end(token)
        return tokens

    def revoked(self, shopper_id: str) -> frozenset[Purpose]:
        """Return the purposes for which nothing may be used of a shopper any more, although the store may not know."""
        mine = [one.demand.message for one in self._waiting.values() if one.demand.message.shopper_id == shopper_id]
        if any(isinstance(message, EraseShopper) for message in mine):
            return frozenset(Purpose)
        return frozenset(message.purpose for message in mine if isinstance(message, ChangeConsent))

    def due(self, now_s: float) -> Iterable[Outgoing]:
        """Yield what is to be sent now. Each attempt has a request key of its own: the bus remembers its answers."""
        for token, waiting in self._waiting.items():
            if waiting.again_at_s is not None and now_s >= waiting.again_at_s:
                waiting.again_at_s, waiting.asked = None, waiting.asked + 1
                yield Outgoing(token, "backend", waiting.demand.message, f"{waiting.key[:50]}.{waiting.asked}")

    def is_open(self, token: int, answer: Answer, now_s: float) -> bool:
        """Tell whether a demand goes on after this answer: silence and a refusal for now end none."""
        waiting = self._waiting[token]
        kind = type(waiting.demand.message)
        if not isinstance(answer, _DONE_BY[kind]) and not is_refused(answer):
            waiting.again_at_s = now_s + PAUSE_S
            return True
        if isinstance(answer, Problem):
            log.error("the store refused %s for good (%s); it is given up", kind.__name__, answer.code.value)
        self._end(token)
        return False

    def _end(self, token: int) -> None:
        self.keep(Drop(self._waiting.pop(token).demand.number))
