"""A good client beside a pest: it is served as before, and the backend's memory does not grow."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aisle.bus import RequestClient
from aisle.messages import store
from apps.faults.backend.pest import pester
from apps.faults.backend.process import BackendProcess, FaultProblem, clients, running

FRAMES_PER_S = 2000.0
_BASE_READS = 3_000
_PAUSE_S = 0.002
# A backend that has met nobody yet has not touched all the memory that it needs.
_WARM_FRAMES, _WARM_CONNECTIONS = 2_000, 100


@dataclass(slots=True)
class Pestered:
    """What the good client and the process felt."""

    frames: int
    connections: int
    is_alive: bool = False
    served: int = 0
    base_p99_ms: float = 0.0
    p99_ms: float = 0.0
    grown_mb: float = 0.0


def play(backend: BackendProcess, frames: int, connections: int, seed: int, tell: Callable[[int], None]) -> Pestered:
    """Let a pest loose on a backend while a good client asks."""
    result = Pestered(frames, connections)
    with running(backend), clients(backend, 1) as (good,):
        _beside_pest(backend, good, (_WARM_FRAMES, _WARM_CONNECTIONS, seed + 1), tell)
        result.base_p99_ms = _p99_ms([_read_s(good) for _ in range(_BASE_READS)])
        before_mb = backend.resident_mb()
        taken_s = _beside_pest(backend, good, (frames, connections, seed), tell)
        result.grown_mb = backend.resident_mb() - before_mb
        result.p99_ms, result.served = _p99_ms(taken_s), len(taken_s)
        result.is_alive = backend.process is not None and backend.process.poll() is None
    return result


def _beside_pest(
    backend: BackendProcess, good: RequestClient, what: tuple[int, int, int], tell: Callable[[int], None]
) -> list[float]:
    """Return how long each read took while the pest worked. Raises FaultProblem when the pest itself failed."""
    frames, connections, seed = what
    arguments = (backend.keys_dir, frames, connections, FRAMES_PER_S, seed)
    pest = multiprocessing.get_context("spawn").Process(target=pester, args=arguments)
    pest.start()
    taken_s: list[float] = []
    while pest.is_alive():
        taken_s.append(_read_s(good))
        tell(len(taken_s))
    pest.join()
    if pest.exitcode != 0:
        raise FaultProblem(f"the pest ended with {pest.exitcode}")
    return taken_s


def _read_s(client: RequestClient) -> float:
    time.sleep(_PAUSE_S)
    began_s = time.perf_counter()
    reply = client.ask(store.ReplicaQuery(), timeout_s=10.0, tries=1)
    taken_s = time.perf_counter() - began_s
    if not isinstance(reply, store.ReplicaOffer):
        raise FaultProblem(f"the good client was refused: {reply}")
    return taken_s


def _p99_ms(taken_s: list[float]) -> float:
    return 1e3 * float(np.quantile(taken_s, 0.99))
