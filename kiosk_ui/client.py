"""The kiosk's one I/O thread: requests, the robot's view, the screen state and the catalogue, handed over by queues."""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from aisle import bus, channels, clock
from aisle.keys import KeyProblem
from aisle.messages import MalformedMessage
from aisle.messages.store import ReplicaChunk, ReplicaChunkQuery, ReplicaOffer, ReplicaQuery
from aisle.messages.visit import RobotView, ScreenState
from aisle.server_keys import key_watch
from catalogue.sync import SyncError, sync_replica
from kiosk_ui.kept import Change
from kiosk_ui.lanes import Answer, Outgoing
from kiosk_ui.state_file import StateFile

log = logging.getLogger(__name__)

Item = TypeVar("Item")

_POLL_S = 0.02
_TRIES = 3
_SYNC_AGAIN_S = 10.0
_SYNC_REFRESH_S = 600.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to a request, or the error that stands for no reply."""

    token: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Heard:
    """The robot's newest view; None when it is silent."""

    view: RobotView | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """There is a new catalogue file."""

    path: Path


Incoming = Answered | Heard | Fetched


@dataclass(slots=True)
class _Pending:
    outgoing: Outgoing
    sent_s: float
    tries: int


@dataclass(slots=True)
class Exchange:
    """Requests under way on one channel: sent again while there is time, then given up."""

    client: bus.RequestClient
    pending: dict[str, _Pending] = field(default_factory=dict)

    @property
    def timeout_s(self) -> float:
        return self.client.channel.stale_after_s

    def begin(self, outgoing: Outgoing, now_s: float) -> None:
        """Send a request."""
        self.pending[outgoing.key] = _Pending(outgoing, now_s, 1)
        self.client.send(outgoing.message, outgoing.key, self.timeout_s)

    def poll(self, now_s: float) -> Iterator[Answered]:
        """Yield replies and the requests that were given up."""
        try:
            for key, body in self.client.collect():
                done = self.pending.pop(key, None)
                if done is not None:
                    yield Answered(done.outgoing.token, body)
        except bus.KeyRefused as error:
            yield from self._give_up(list(self.pending), error)
        except MalformedMessage as error:
            log.warning("%s: dropped a malformed reply: %s", self.client.channel.name, error)
        yield from self._give_up(self._late(now_s), None)

    def _late(self, now_s: float) -> list[str]:
        """Send again what waits too long; return the keys of what is past its time."""
        late = []
        for key, pending in self.pending.items():
            age_s = now_s - pending.sent_s
            if age_s > self.timeout_s:
                late.append(key)
            elif age_s > pending.tries * self.timeout_s / _TRIES:
                pending.tries += 1
                self.client.send(pending.outgoing.message, key, self.timeout_s - age_s)
        return late

    def _give_up(self, keys: list[str], error: Exception | None) -> Iterator[Answered]:
        for key in keys:
            pending = self.pending.pop(key)
            asked = type(pending.outgoing.message).__name__
            reason = error or bus.Unreachable(f"{self.client.channel.server} did not answer {asked}")
            log.info("%s", reason)
            yield Answered(pending.outgoing.token, reason)


@dataclass(slots=True)
class Library:
    """Asks the backend for its catalogue, and fetches it when it is another one. It has a client of its own."""

    client: bus.RequestClient
    target: Path
    _asked_s: float = float("-inf")
    _again_s: float = float("-inf")
    _is_asking: bool = False

    def poll(self, now_s: float) -> Fetched | None:
        """Ask when it is time, take the offer when it is there; waits only while an offered file is being fetched."""
        if now_s > self._again_s and not self._is_asking:
            self._is_asking, self._asked_s = True, now_s
            self.client.send(ReplicaQuery(), uuid.uuid4().hex, self.client.channel.stale_after_s)
        if self._is_asking and now_s - self._asked_s > self.client.channel.stale_after_s:
            self._rest(now_s, _SYNC_AGAIN_S)
        try:
            offers = [body for _, body in self.client.collect() if isinstance(body, ReplicaOffer)]
            return self._fetch(offers[-1], now_s) if offers else None
        except (bus.BusError, MalformedMessage, SyncError) as error:
            log.warning("catalogue: %s", error)
            self._rest(now_s, _SYNC_AGAIN_S)
        return None

    def _fetch(self, offer: ReplicaOffer, now_s: float) -> Fetched | None:
        self._rest(now_s, _SYNC_REFRESH_S)
        changed = sync_replica(self.target, offer.sha256, offer.size_bytes, lambda offset: self._chunk(offer, offset))
        return Fetched(self.target) if changed else None

    def _chunk(self, offer: ReplicaOffer, offset: int) -> bytes:
        reply = self.client.ask(ReplicaChunkQuery(sha256=offer.sha256, offset=offset))
        if not isinstance(reply, ReplicaChunk):
            raise SyncError(f"the backend refused a piece of the catalogue: {reply}")
        return reply.content

    def _rest(self, now_s: float, for_s: float) -> None:
        self._is_asking, self._again_s = False, now_s + for_s


class KioskThread:
    """Runs between `start` and `stop`; hands over by queues only."""

    def __init__(self, keys_dir: Path, replica: Path, state: StateFile | None = None) -> None:
        self._state = state
        self._changes: queue.Queue[Change] = queue.Queue()
        self._identity = bus.Identity("kiosk_ui", keys_dir)
        self._replica = replica
        self._requests: queue.Queue[Outgoing] = queue.Queue()
        self._screens: queue.Queue[ScreenState] = queue.Queue()
        self._incoming: queue.Queue[Incoming] = queue.Queue()
        self._stop = threading.Event()
        self._was_heard = True
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kiosk-io", daemon=True)
        self.failure = ""

    def start(self) -> None:
        """Open the sockets. Raises RuntimeError in words when they cannot be opened."""
        self._thread.start()
        self._ready.wait(10.0)
        if self.failure:
            raise RuntimeError(self.failure)

    def stop(self) -> None:
        """Close the sockets and end the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def send(self, outgoing: Outgoing) -> None:
        """Queue a request."""
        self._requests.put(outgoing)

    def keep(self, change: Change) -> None:
        """Queue what must outlive the process; it is on the disk before a request queued later is sent."""
        self._changes.put(change)

    def publish(self, state: ScreenState) -> None:
        """Queue a screen state."""
        self._screens.put(state)

    def incoming(self) -> Iterator[Incoming]:
        """Yield what has come since the last call."""
        yield from _waiting_in(self._incoming)

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                self._serve(stack)
        except (bus.BusError, KeyProblem) as error:
            self.failure = str(error)
            log.error("kiosk: %s", error)
        except Exception as error:
            # Nobody else would hear of it: an exception that ends a thread goes nowhere.
            self.failure = f"the kiosk's I/O thread ended: {type(error).__name__}: {error}"
            log.exception("kiosk: the I/O thread ended")
        finally:
            self._ready.set()
            self._write_changes()
            if self._state is not None:
                self._state.close()

    def _write_changes(self) -> None:
        changes = list(_waiting_in(self._changes))
        if self._state is not None:
            self._state.write(changes)

    def _serve(self, stack: ExitStack) -> None:
        identity = self._identity
        screens = stack.enter_context(bus.publisher(channels.SCREEN_STATE, identity))
        views = stack.enter_context(bus.subscriber(channels.ROBOT_VIEW, identity))
        exchanges: dict[str, Exchange] = {
            channel.name: Exchange(stack.enter_context(bus.request_client(channel, identity)))
            for channel in (channels.BACKEND, channels.GATEWAY)
        }
        watch = stack.enter_context(key_watch(identity))
        library = Library(stack.enter_context(bus.request_client(channels.BACKEND, identity)), self._replica)
        self._ready.set()
        while not self._stop.is_set():
            fresh = views.update(_POLL_S)
            self._pass_view(views, fresh)
            self._exchange(exchanges, clock.monotonic_s())
            for state in _waiting_in(self._screens):
                screens.publish(state)
            watch.poll(clock.monotonic_s())
            fetched = library.poll(clock.monotonic_s())
            if fetched is not None:
                self._incoming.put(fetched)

    def _pass_view(self, views: bus.Subscriber, fresh: bool) -> None:
        latest = views.latest()
        if fresh or (latest is None and self._was_heard):
            self._incoming.put(Heard(latest))
        self._was_heard = latest is not None

    def _exchange(self, exchanges: dict[str, Exchange], now_s: float) -> None:
        # First the requests, then the changes: what a request stands for was queued before it.
        requests = list(_waiting_in(self._requests))
        self._write_changes()
        for outgoing in requests:
            exchanges[outgoing.channel].begin(outgoing, now_s)
        for exchange in exchanges.values():
            for answered in exchange.poll(now_s):
                self._incoming.put(answered)


def _waiting_in(queued: queue.Queue[Item]) -> Iterator[Item]:
    while not queued.empty():
        yield queued.get_nowait()
