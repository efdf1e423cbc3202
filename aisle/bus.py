"""ZeroMQ with CURVE: requests that are safe to repeat, and streams whose age is known.

The asking side and the streams stand here, the serving side in `aisle.serving`, keys and limits in `aisle.sockets`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import zmq
import zmq.utils.monitor

from aisle import clock, envelope, sockets
from aisle.channels import Channel
from aisle.messages.base import MalformedMessage, Problem, ProblemCode, Reply
from aisle.serving import Asked, Handler, RequestDoor, RequestServer, failed, open_door, serve_requests
from aisle.sockets import BusError, Identity, KeyRefused, Unreachable

__all__ = [
    "Asked", "BusError", "Handler", "Identity", "KeyRefused", "Publisher", "RequestClient", "RequestDoor",
    "RequestServer", "Subscriber", "Unreachable", "failed", "open_door", "publisher", "request_client",
    "serve_requests", "subscriber",
]  # fmt: skip

log = logging.getLogger(__name__)

_MOST_BROKEN_HANDSHAKES = 3


@dataclass(slots=True)
class RequestClient:
    """The DEALER side of a channel; one request at a time, from one thread."""

    context: zmq.Context[zmq.Socket[bytes]]
    channel: Channel
    identity: Identity
    socket: zmq.Socket[bytes]
    monitor: zmq.Socket[bytes]
    _is_connected: bool = False
    _refusal: str = ""
    _broken_handshakes: int = 0

    @property
    def is_connected(self) -> bool:
        """Tell whether the other side is there: false at the latest 1.3 s after it was last heard."""
        self._take_events()
        return self._is_connected

    def ask(self, body: msgspec.Struct, timeout_s: float | None = None, tries: int = 3, key: str | None = None) -> Any:
        """Send a message and return the reply's body (a Problem is a reply too).

        The same idempotency key goes with every try, and the deadline with the envelope. Give `key` to repeat
        an earlier request after a restart. Raises Unreachable, KeyRefused, MalformedMessage.
        """
        total_s = timeout_s or self.channel.stale_after_s
        deadline_s = clock.monotonic_s() + total_s
        request_key = key or uuid.uuid4().hex
        content = envelope.encode_request(request_key, clock.wall_s() + total_s, body)
        for attempt in range(tries):
            self._send(content)
            now_s = clock.monotonic_s()
            reply = self._receive(request_key, now_s + (deadline_s - now_s) / (tries - attempt))
            if reply is not None:
                return self._body_of(reply)
        raise Unreachable(
            f"{self.channel.server} did not answer at {self.channel.endpoint()} within {total_s:.1f} s; is it running?"
        )

    def tell(self, body: msgspec.Struct) -> None:
        """Send a message whose reply does not matter, such as a periodic status; never blocks."""
        while self.socket.poll(0):
            self.socket.recv()
        if self.socket.poll(0, zmq.POLLOUT):
            deadline_s = clock.wall_s() + self.channel.stale_after_s
            self._send(envelope.encode_request(uuid.uuid4().hex, deadline_s, body))

    def send(self, body: msgspec.Struct, key: str, timeout_s: float) -> None:
        """Send without waiting; the reply comes out of `collect`. Not to be mixed with `ask` on one client."""
        self._send(envelope.encode_request(key, clock.wall_s() + timeout_s, body))

    def collect(self) -> list[tuple[str, Any]]:
        """Return key and body of the replies that have come. Raises KeyRefused, MalformedMessage."""
        self._raise_if_refused()
        replies = []
        while self.socket.poll(0):
            reply = envelope.decode_reply(self.socket.recv())
            replies.append((reply.key, self._body_of(reply)))
        return replies

    def _receive(self, key: str, until_s: float) -> Reply | None:
        while (left_s := until_s - clock.monotonic_s()) > 0:
            if self.socket.poll(max(1, min(50, int(left_s * 1000)))):
                reply = envelope.decode_reply(self.socket.recv())
                if reply.key in (key, "-"):
                    return reply
            self._raise_if_refused()
        return None

    def _body_of(self, reply: Reply) -> Any:
        """Decode a reply. Raises KeyRefused when our key has been withdrawn since we connected."""
        body = envelope.decode_body(reply.body, self.channel.reply)
        if isinstance(body, Problem) and body.code is ProblemCode.KEY_REFUSED:
            raise KeyRefused(body.sentence)
        return body

    def _send(self, content: bytes) -> None:
        self._take_events()
        if self._refusal:
            # ZeroMQ gives a refused connection up for good; by now the key may be known.
            self._refusal = ""
            with suppress(zmq.ZMQError):
                self.socket.disconnect(self.channel.endpoint())
            sockets.join(self.socket, self.identity, self.channel)
        self.socket.send(content)

    def _raise_if_refused(self) -> None:
        self._take_events()
        if self._refusal:
            raise KeyRefused(self._refusal)

    def _take_events(self) -> None:
        while self.monitor.poll(0):
            event = zmq.utils.monitor.recv_monitor_message(self.monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._is_connected, self._refusal, self._broken_handshakes = True, "", 0
            elif event in (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED):
                self._is_connected = False
            elif event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._refusal = (
                    f"{self.channel.server} does not know the key of {self.identity.role} "
                    f"({self.identity.keys_dir}); add its public key there, or run `aisle keys`"
                )
            elif event == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                self._note_broken_handshake()

    def _note_broken_handshake(self) -> None:
        """Take in that the other side hung up: once it may just have ended, again and again it cannot read us."""
        self._broken_handshakes += 1
        if self._broken_handshakes >= _MOST_BROKEN_HANDSHAKES:
            self._refusal = (
                f"whoever listens at {self.channel.endpoint()} is not {self.channel.server} as in "
                f"{self.identity.keys_dir}, or hangs; fetch its present public key, or start it again"
            )


@contextmanager
def request_client(channel: Channel, identity: Identity) -> Iterator[RequestClient]:
    """Open the asking side of a request channel; it connects in the background."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.DEALER)
    monitor = socket.get_monitor_socket()
    try:
        sockets.join(socket, identity, channel)
        yield RequestClient(context, channel, identity, socket, monitor)
    finally:
        context.destroy(linger=0)


@dataclass(slots=True)
class Publisher:
    """The PUB side of a stream."""

    socket: zmq.Socket[bytes]

    def publish(self, body: msgspec.Struct) -> None:
        """Send to whoever listens; nobody listening is fine."""
        self.socket.send(envelope.encode_body(body))


@contextmanager
def publisher(channel: Channel, identity: Identity) -> Iterator[Publisher]:
    """Open the publishing side of a stream."""
    with sockets.authenticated_context(identity) as (context, _ring):
        socket = context.socket(zmq.PUB)
        sockets.serve(socket, identity, channel)
        yield Publisher(socket)


@dataclass(slots=True)
class Subscriber:
    """The SUB side of a stream. Only the newest message is kept, with the time it came."""

    socket: zmq.Socket[bytes]
    channel: Channel
    _latest: Any = None
    _received_s: float = float("-inf")

    def update(self, timeout_s: float = 0.0) -> bool:
        """Take in what has come; True when something new did. A malformed message is logged and dropped."""
        fresh = False
        wait_ms = int(timeout_s * 1000)
        while self.socket.poll(0 if fresh else wait_ms):
            try:
                self._latest = envelope.decode_body(self.socket.recv(), self.channel.reply)
            except MalformedMessage as error:
                log.warning("%s: dropped a malformed message: %s", self.channel.name, error)
                continue
            self._received_s, fresh = clock.monotonic_s(), True
        return fresh

    def latest(self) -> Any | None:
        """Return the newest message, or None when there is none or it is older than the channel allows."""
        return self._latest if self.age_s() <= self.channel.stale_after_s else None

    def age_s(self) -> float:
        """Return seconds since the newest message came; infinite before the first."""
        return clock.monotonic_s() - self._received_s


@contextmanager
def subscriber(channel: Channel, identity: Identity) -> Iterator[Subscriber]:
    """Open the listening side of a stream."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.SUB)
    try:
        sockets.join(socket, identity, channel)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        yield Subscriber(socket, channel)
    finally:
        context.destroy(linger=0)
