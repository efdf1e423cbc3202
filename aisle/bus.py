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

from aisle import clock, envelope, sockets
from aisle.channels import Channel
from aisle.connecting import Connection, connect
from aisle.keys import KeyProblem
from aisle.listening import Listener
from aisle.messages.base import MalformedMessage, Problem, ProblemCode, Reply
from aisle.serving import Asked, Handler, RequestDoor, RequestServer, failed, open_door, serve_requests
from aisle.sockets import BusError, Identity, KeyRefused, Unreachable

__all__ = [
    "Asked", "BusError", "Handler", "Identity", "KeyRefused", "Publisher", "RequestClient", "RequestDoor",
    "RequestServer", "Subscriber", "Unreachable", "failed", "open_door", "publisher", "request_client",
    "serve_requests", "subscriber",
]  # fmt: skip

log = logging.getLogger(__name__)
_JOIN_AGAIN_S = 1.0


@dataclass(slots=True)
class RequestClient:
    """The DEALER side of a channel; one request at a time, from one thread."""

    context: zmq.Context[zmq.Socket[bytes]]
    channel: Channel
    identity: Identity
    socket: zmq.Socket[bytes]
    connection: Connection

    @property
    def is_connected(self) -> bool:
        """Tell whether the other side is there: false at the latest 1.3 s after it was last heard."""
        self.connection.take_events()
        return self.connection.is_open

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
            reply = self._receive(request_key, content, now_s + (deadline_s - now_s) / (tries - attempt))
            if reply is not None:
                return self._body_of(reply)
        raise Unreachable(
            f"{self.channel.server} did not answer at {self.channel.endpoint()} within {total_s:.1f} s; is it running?"
        )

    def tell(self, body: msgspec.Struct) -> None:
        """Send a message whose reply does not matter, such as a periodic status; never blocks."""
        while self.socket.poll(0):
            self.socket.recv()
        if self.connection.refusal or self.socket.poll(0, zmq.POLLOUT):
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

    def _receive(self, key: str, content: bytes, until_s: float) -> Reply | None:
        while (left_s := until_s - clock.monotonic_s()) > 0:
            if self.socket.poll(max(1, min(50, int(left_s * 1000)))):
                reply = envelope.decode_reply(self.socket.recv())
                if reply.key in (key, "-"):
                    return reply
            if self._raise_if_refused():
                self._queue(content)
        return None

    def _body_of(self, reply: Reply) -> Any:
        """Decode a reply. Raises KeyRefused when our key has been withdrawn since we connected."""
        body = envelope.decode_body(reply.body, self.channel.reply)
        if isinstance(body, Problem) and body.code is ProblemCode.KEY_REFUSED:
            raise KeyRefused(body.sentence)
        return body

    def _send(self, content: bytes) -> None:
        self.connection.take_events()
        if self.connection.refusal:
            # ZeroMQ gives a refused connection up for good; by now the key may be known.
            with suppress(KeyProblem):
                self.connection.join()
        self._queue(content)

    def _queue(self, content: bytes) -> None:
        """Leave a message to ZeroMQ, which holds a thousand for a server that is away.

        One more is dropped, as if the line had lost it: whoever sent it asks again or gives up, and waits for nobody.
        """
        with suppress(zmq.Again):
            self.socket.send(content, zmq.NOBLOCK)

    def _raise_if_refused(self) -> bool:
        """Tell whether what was sent is lost, because the server has another key meanwhile. Raises KeyRefused."""
        is_lost = self.connection.take_events()
        if self.connection.refusal:
            raise KeyRefused(self.connection.refusal)
        return is_lost


@contextmanager
def request_client(channel: Channel, identity: Identity) -> Iterator[RequestClient]:
    """Open the asking side of a request channel; it connects in the background."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.DEALER)
    try:
        yield RequestClient(context, channel, identity, socket, connect(socket, identity, channel))
    finally:
        context.destroy(linger=0)


@dataclass(slots=True)
class Publisher:
    """The PUB side of a stream."""

    listener: Listener

    def publish(self, body: msgspec.Struct) -> None:
        """Send to whoever listens; nobody listening is fine. Whoever's key was taken away hears nothing any more."""
        self.listener.follow_keys()
        self.listener.socket.send(envelope.encode_body(body))


@contextmanager
def publisher(channel: Channel, identity: Identity) -> Iterator[Publisher]:
    """Open the publishing side of a stream."""
    with sockets.authenticated_context(identity, channel) as (context, ring), context.socket(zmq.PUB) as socket:
        yield Publisher(Listener(socket, identity, channel, ring, ends_revoked=True))


@dataclass(slots=True)
class Subscriber:
    """The SUB side of a stream. Only the newest message is kept, with the time it came."""

    socket: zmq.Socket[bytes]
    channel: Channel
    connection: Connection
    _latest: Any = None
    _received_s: float = float("-inf")
    _joined_s: float = float("-inf")
    _told: str = ""

    def update(self, timeout_s: float = 0.0) -> bool:
        """Take in what has come; True when something new did. A malformed message is logged and dropped."""
        self.connection.take_events()
        if self.connection.refusal:
            self._ask_again()
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

    def _ask_again(self) -> None:
        """Join once more after a refusal, a little later: by then the key may be known."""
        now_s = clock.monotonic_s()
        if now_s - self._joined_s >= _JOIN_AGAIN_S:
            if self.connection.refusal != self._told:
                self._told = self.connection.refusal
                log.warning("%s: %s", self.channel.name, self._told)
            self._joined_s = now_s
            with suppress(KeyProblem):
                self.connection.join()

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
        connection = connect(socket, identity, channel)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        yield Subscriber(socket, channel, connection)
    finally:
        context.destroy(linger=0)
