"""A network that is cut: the client knows it soon, connects again soon, and the kiosk's outbox delivers once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from aisle import clock
from aisle.messages import care
from apps.faults.backend.network import Network, network
from apps.faults.backend.process import BackendProcess, clients, own_ports, rows, serving
from kiosk_ui.client import Exchange
from kiosk_ui.lanes import Lane, Letter
from kiosk_ui.outbox import Outbox
from store_backend.tables import journey_events

_VISIT = "visit"
_LANE = "visits"
_RETRY_S = 0.5
_LETTER_EVERY_S = 0.1
_SETTLE_S, _GIVE_UP_S = 1.0, 30.0
_LOOK_S = 0.005


@dataclass(slots=True)
class Parted:
    """What came of the cuts; a short one may be over before anybody missed a heartbeat, and is ridden out."""

    how: str
    ridden_out: int = 0
    known_s: list[float] = field(default_factory=list)
    connected_s: list[float] = field(default_factory=list)
    letters: int = 0
    missing: int = 0
    doubled: int = 0
    out_of_order: bool = False
    late: int = 0


@dataclass(slots=True)
class _Kiosk:
    """The real outbox of a kiosk over the real exchange, with a letter every moment."""

    exchange: Exchange
    outbox: Outbox
    deadlines_unix_s: dict[str, float] = field(default_factory=dict)
    posted: int = 0
    _next_s: float = 0.0
    _keys: dict[int, str] = field(default_factory=dict)

    def step(self, writes: bool = True) -> None:
        now_s = clock.monotonic_s()
        if writes and now_s >= self._next_s:
            self._next_s = now_s + _LETTER_EVERY_S
            self.outbox.post(_LANE, self._letter())
        self.outbox.tick(now_s)
        for outgoing in self.outbox.take():
            if isinstance(outgoing.message, care.JourneyEvent):
                self.deadlines_unix_s[outgoing.message.event_key] = clock.wall_s() + self.exchange.timeout_s
            self.exchange.begin(outgoing, now_s)
        for answered in self.exchange.poll(now_s):
            self.outbox.settle(answered.token, answered.answer, now_s)
        time.sleep(_LOOK_S)

    def step_until(self, condition: Callable[[], bool], most_s: float, writes: bool = True) -> float:
        """Go on until a condition holds, or so long; return how long it took."""
        began_s = clock.monotonic_s()
        while not condition() and clock.monotonic_s() - began_s < most_s:
            self.step(writes)
        return clock.monotonic_s() - began_s

    def _letter(self) -> Letter:
        self.posted += 1
        key = f"letter-{self.posted:06d}"
        event = care.JourneyEvent(
            event_key=key, session_id=_VISIT, stage=care.Stage.SELECTION, touch_point="search", outcome="found"
        )
        opening = care.OpenSession(session_id=_VISIT, robot_id="faults", language="en")
        return Letter(event, key, opening)


def play(backend: BackendProcess, lengths_s: Sequence[float], tell: Callable[[int], None]) -> Parted:
    """Cut the network for each length in turn, and let the outbox empty itself at the end."""
    with own_ports(), network() as between, _kiosk(replace(backend, prefix=between.prefix)) as kiosk:
        result = Parted(between.how)
        kiosk.step_until(lambda: False, _SETTLE_S)
        for number, length_s in enumerate(lengths_s):
            _cut(between, kiosk, length_s, result)
            tell(number + 1)
        kiosk.step_until(lambda: kiosk.outbox.waiting == 0, _GIVE_UP_S, writes=False)
        _count(backend.url, kiosk, result)
    return result


@contextmanager
def _kiosk(backend: BackendProcess) -> Iterator[_Kiosk]:
    with serving(backend), clients(backend, 1, "kiosk_ui") as (client,):
        lane = Lane("backend", _RETRY_S, is_kept=True)
        yield _Kiosk(Exchange(client), Outbox({_LANE: lane}))


def _cut(between: Network, kiosk: _Kiosk, length_s: float, result: Parted) -> None:
    client = kiosk.exchange.client
    began_s = clock.monotonic_s()
    between.cut()
    waited_s = kiosk.step_until(lambda: not client.is_connected, length_s)
    if client.is_connected:
        result.ridden_out += 1
    else:
        result.known_s.append(waited_s)
    kiosk.step_until(lambda: clock.monotonic_s() - began_s >= length_s, length_s)
    healed_s = clock.monotonic_s()
    between.heal()
    kiosk.step_until(lambda: client.is_connected, _GIVE_UP_S)
    result.connected_s.append(clock.monotonic_s() - healed_s)
    kiosk.step_until(lambda: False, _SETTLE_S)


def _count(url: str, kiosk: _Kiosk, result: Parted) -> None:
    stored = rows(
        url,
        select(journey_events.c.event_key, journey_events.c.recorded_unix_s).order_by(journey_events.c.event_id),
    )
    found = [str(row[0]) for row in stored]
    times = Counter(found)
    result.letters = kiosk.posted
    result.missing = kiosk.posted - len(times)
    result.doubled = len(found) - len(times)
    result.out_of_order = found != sorted(found)
    result.late = sum(row[1] > kiosk.deadlines_unix_s[row[0]] for row in stored)
