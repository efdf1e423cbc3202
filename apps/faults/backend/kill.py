"""Rounds of kill -9 under load: what was acknowledged is there once, and service is back soon."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from aisle.messages import care
from apps.faults.backend.crowd import Answered, Crowd
from apps.faults.backend.process import BackendProcess, FaultProblem, clients, rows, running
from store_backend.tables import journey_events

CLIENTS = 20
_VISIT = "visit"
_BACK_S = 20.0
_LOAD_S = (0.1, 0.6)


@dataclass(slots=True)
class Killed:
    """What came of the rounds; `back_s` is from each kill until the first request was answered again."""

    acknowledged: int = 0
    repeated: int = 0
    lost: int = 0
    doubled: int = 0
    back_s: list[float] = field(default_factory=list)


def play(backend: BackendProcess, rounds: int, seed: int, tell: Callable[[int], None]) -> Killed:
    """Kill the backend again and again while clients write. Raises FaultProblem when it does not come back."""
    chance, result = random.Random(seed), Killed()  # noqa: S311
    with running(backend), clients(backend, CLIENTS) as many:
        opened = many[0].ask(care.OpenSession(session_id=_VISIT, robot_id="faults", language="en"))
        if not isinstance(opened, care.SessionOpened):
            raise FaultProblem(f"no visit could be opened: {opened}")
        crowd = Crowd(many, _event)
        for number in range(rounds):
            crowd.run_for(chance.uniform(*_LOAD_S))
            result.back_s.append(_kill(backend, crowd))
            tell(number + 1)
        if not crowd.finish(_BACK_S):
            raise FaultProblem("some requests were never answered")
        count(crowd.answered, _stored(backend), result)
    return result


def _kill(backend: BackendProcess, crowd: Crowd) -> float:
    backend.kill()
    killed_s, before = time.monotonic(), len(crowd.answered)
    backend.start()
    # Replies that were under way when it died are collected first.
    crowd.run(lambda: _answered_since(crowd, before, killed_s) or time.monotonic() - killed_s > _BACK_S)
    if not _answered_since(crowd, before, killed_s):
        raise FaultProblem(f"nothing was answered within {_BACK_S:.0f} s after a kill")
    return crowd.answered[-1].ended_s - killed_s


def _answered_since(crowd: Crowd, before: int, killed_s: float) -> bool:
    """Tell whether something was answered that the new process must have answered."""
    return any(one.attempts > 1 or one.began_s > killed_s for one in crowd.answered[before:])


def _event(_client: int, key: str, attempt: int) -> care.JourneyEvent:
    # Each attempt is another event under the same request key, so that one that is carried out twice shows.
    return care.JourneyEvent(
        event_key=f"{key}.{attempt}",
        session_id=_VISIT,
        stage=care.Stage.SELECTION,
        touch_point="search",
        outcome="found",
    )


def _stored(backend: BackendProcess) -> list[tuple[str, int]]:
    found = rows(backend.url, select(journey_events.c.event_key, journey_events.c.event_id))
    return [(row[0].rpartition(".")[0], row[1]) for row in found]


def count(answered: Sequence[Answered], stored: Sequence[tuple[str, int]], result: Killed) -> None:
    """Compare what was acknowledged with the rows, each as request key and number."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for key, number in stored:
        numbers[key].append(number)
    result.acknowledged = len(answered)
    result.repeated = sum(one.attempts > 1 for one in answered)
    result.doubled = sum(len(found) > 1 for found in numbers.values())
    result.lost = sum(
        not isinstance(one.reply, care.Recorded) or one.reply.event_id not in numbers.get(one.key, ())
        for one in answered
    )
