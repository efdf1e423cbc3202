"""ZeroMQ with CURVE: requests that are safe to repeat, and streams whose age is known.

Sources: ZeroMQ RFC 26/CURVEZMQ and RFC 27/ZAP; the reliable request pattern after the zguide's "Lazy Pirate",
with an idempotency key, so that a retry after a lost reply does nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import zmq
import zmq.auth.thread
import zmq.utils.monitor

from aisle import clock, envelope, keys
from aisle.channels import Channel
from aisle.messages.base import MAX_MESSAGE_BYTES, MalformedMessage, Problem, ProblemCode, Reply

log = logging.getLogger(__name__)

_HEARTBEAT_MS = 300
_HEARTBEAT_TIMEOUT_MS = 1000
_HANDSHAKE_MS = 2000
_ENVELOPE_BYTES = 1024
_REMEMBERED_REPLIES = 4096
_MOST_AT_ONCE = 256

Handler = Callable[[str, Any], msgspec.Struct]
"""Takes the role that sent the request and its decoded body, returns the reply's body."""


class BusError(RuntimeError):
    """A request without an answer; the sentence says what happened and what to do."""


class Unreachable(BusError):
    """Nobody answered in time."""


class KeyRefused(BusError):
    """The other side does not take our key, or is not who we think it is."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are on the bus: a role with a key pair in a folder of keys."""

    role: str
    keys_dir: Path


def _harden(socket: zmq.Socket[bytes]) -> None:
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES + _ENVELOPE_BYTES)
    socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT_TIMEOUT_MS)
    socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
    socket.setsockopt(zmq.RECONNECT_IVL, 100)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)


def _sign(socket: zmq.Socket[bytes], identity: Identity) -> None:
    pair = keys.load_key_pair(identity.keys_dir, identity.role)
    socket.curve_publickey, socket.curve_secretkey = pair.public, pair.secret


def _serve(socket: zmq.Socket[bytes], identity: Identity, channel: Channel) -> None:
    _harden(socket)
    _sign(socket, identity)
    socket.curve_server = True
    endpoint = channel.endpoint()
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        raise BusError(
            f"{identity.role} cannot listen at {endpoint}: {error.strerror}; "
            "is another store running? Set AISLE_PORT_BASE to other ports"
        ) from error


def _join(socket: zmq.Socket[bytes], identity: Identity, channel: Channel) -> None:
    _harden(socket)
    _sign(socket, identity)
    socket.curve_serverkey = keys.load_public_key(identity.keys_dir, channel.server)
    socket.connect(channel.endpoint())


@contextmanager
def _authenticated_context(identity: Identity) -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    """A context whose servers take only keys of the folder; ZAP needs one authenticator a context."""
    # First our own key: the authenticator only logs when the folder is missing.
    keys.load_key_pair(identity.keys_dir, identity.role)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    authenticator = zmq.auth.thread.ThreadAuthenticator(context)
    authenticator.start()
    try:
        authenticator.configure_curve(domain="*", location=str(identity.keys_dir))
        yield context
    finally:
        authenticator.stop()
        context.destroy(linger=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood: which peer and role sent it, its idempotency key, its deadline and its body."""

    peer: bytes
    role: str
    key: str
    deadline_unix_s: float
    body: Any


@dataclass(slots=True)
class RequestDoor:
    """The ROUTER side of a channel: takes requests in, lets replies out in any order. One thread alone uses it."""

    socket: zmq.Socket[bytes]
    channel: Channel
    roles: dict[bytes, str]

    def take(self, most: int) -> Iterator[Asked]:
        """Yield what has come, up to `most` requests; what cannot be understood gets its Problem here."""
        for _ in range(most):
            if not self.socket.poll(0):
                return
            frames = self.socket.recv_multipart(flags=zmq.NOBLOCK, copy=False)
            asked = self._understand(frames[0].bytes, frames[1]) if len(frames) == 2 else None
            if asked is not None:
                yield asked

    def reply(self, asked: Asked, body: msgspec.Struct) -> None:
        """Send a reply; when its peer has gone it goes nowhere."""
        self.socket.send_multipart([asked.peer, envelope.encode_reply(asked.key, body)])

    def _understand(self, peer: bytes, frame: zmq.Frame) -> Asked | None:
        try:
            request = envelope.decode_request(frame.bytes)
        except MalformedMessage as error:
            log.warning("%s: refused a malformed request: %s", self.channel.name, error)
            self._refuse(peer, "-", Problem(code=ProblemCode.MALFORMED, sentence=str(error)[:500]))
            return None
        refused = envelope.other_version(request)
        if refused is not None:
            self._refuse(peer, request.key, refused)
            return None
        try:
            body = envelope.decode_body(request.body, self.channel.request)
        except MalformedMessage as error:
            self._refuse(peer, request.key, Problem(code=ProblemCode.MALFORMED, sentence=str(error)[:500]))
            return None
        return Asked(peer, self._role_of(frame), request.key, request.deadline_unix_s, body)

    def _refuse(self, peer: bytes, key: str, problem: Problem) -> None:
        self.socket.send_multipart([peer, envelope.encode_reply(key, problem)])

    def _role_of(self, frame: zmq.Frame) -> str:
        # The authenticator's "User-Id" is the client's public key in Z85.
        return self.roles.get(str(frame.get("User-Id")).encode(), "unknown")


@dataclass(slots=True)
class RequestServer:
    """Answers requests one by one. `poll` answers what has come; repeated keys get the remembered reply."""

    door: RequestDoor
    handler: Handler
    _replies: OrderedDict[tuple[str, str], msgspec.Struct] = field(default_factory=OrderedDict)

    def poll(self, timeout_s: float) -> int:
        """Wait for requests, answer all that are there, return how many."""
        answered = 0
        if self.door.socket.poll(int(timeout_s * 1000)):
            for asked in self.door.take(_MOST_AT_ONCE):
                self._answer(asked)
                answered += 1
        return answered

    def _answer(self, asked: Asked) -> None:
        reply = self._replies.get((asked.role, asked.key))
        if reply is None:
            reply = self._carry_out(asked)
            # What was refused did nothing, so asking again later may well succeed.
            if not isinstance(reply, Problem):
                self._remember((asked.role, asked.key), reply)
        self.door.reply(asked, reply)

    def _carry_out(self, asked: Asked) -> msgspec.Struct:
        late = envelope.lateness(asked.deadline_unix_s, clock.wall_s())
        if late is not None:
            return late
        try:
            return self.handler(asked.role, asked.body)
        except Exception:
            # One request that goes wrong must not end the server for everybody; the traceback is in the log.
            return failed(self.door.channel, asked)

    def _remember(self, key: tuple[str, str], reply: msgspec.Struct) -> None:
        self._replies[key] = reply
        while len(self._replies) > _REMEMBERED_REPLIES:
            self._replies.popitem(last=False)


def failed(channel: Channel, asked: Asked) -> Problem:
    """Log the exception that is being handled, and return the Problem for whoever asked."""
    kind = type(asked.body).__name__
    log.exception("%s: %s of %s failed", channel.name, kind, asked.role)
    sentence = f"{channel.server} could not carry out {kind}: an internal error, see its log"
    return Problem(code=ProblemCode.FAILED, sentence=sentence)


@contextmanager
def open_door(channel: Channel, identity: Identity) -> Iterator[RequestDoor]:
    """Open the serving side of a request channel. Raises BusError when the port is taken, KeyProblem without keys."""
    with _authenticated_context(identity) as context:
        socket = context.socket(zmq.ROUTER)
        _serve(socket, identity, channel)
        yield RequestDoor(socket, channel, keys.known_public_keys(identity.keys_dir))


@contextmanager
def serve_requests(channel: Channel, identity: Identity, handler: Handler) -> Iterator[RequestServer]:
    """Open the serving side of a channel whose requests are answered one by one. Raises as `open_door`."""
    with open_door(channel, identity) as door:
        yield RequestServer(door, handler)


@dataclass(slots=True)
class RequestClient:
    """The DEALER side of a channel; one request at a time, from one thread."""

    context: zmq.Context[zmq.Socket[bytes]]
    channel: Channel
    identity: Identity
    socket: zmq.Socket[bytes]
    monitor: zmq.Socket[bytes]

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
            self.socket.send(content)
            now_s = clock.monotonic_s()
            reply = self._receive(request_key, now_s + (deadline_s - now_s) / (tries - attempt))
            if reply is not None:
                return envelope.decode_body(reply.body, self.channel.reply)
        raise Unreachable(
            f"{self.channel.server} did not answer at {self.channel.endpoint()} within {total_s:.1f} s; is it running?"
        )

    def tell(self, body: msgspec.Struct) -> None:
        """Send a message whose reply does not matter, such as a periodic status; never blocks."""
        while self.socket.poll(0):
            self.socket.recv()
        if self.socket.poll(0, zmq.POLLOUT):
            deadline_s = clock.wall_s() + self.channel.stale_after_s
            self.socket.send(envelope.encode_request(uuid.uuid4().hex, deadline_s, body))

    def send(self, body: msgspec.Struct, key: str, timeout_s: float) -> None:
        """Send without waiting; the reply comes out of `collect`. Not to be mixed with `ask` on one client."""
        self.socket.send(envelope.encode_request(key, clock.wall_s() + timeout_s, body))

    def collect(self) -> list[tuple[str, Any]]:
        """Return key and body of the replies that have come. Raises KeyRefused, MalformedMessage."""
        self._raise_if_refused()
        replies = []
        while self.socket.poll(0):
            reply = envelope.decode_reply(self.socket.recv())
            replies.append((reply.key, envelope.decode_body(reply.body, self.channel.reply)))
        return replies

    def _receive(self, key: str, until_s: float) -> Reply | None:
        while (left_s := until_s - clock.monotonic_s()) > 0:
            if self.socket.poll(max(1, min(50, int(left_s * 1000)))):
                reply = envelope.decode_reply(self.socket.recv())
                if reply.key in (key, "-"):
                    return reply
            self._raise_if_refused()
        return None

    def _raise_if_refused(self) -> None:
        while self.monitor.poll(0):
            event = zmq.utils.monitor.recv_monitor_message(self.monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                raise KeyRefused(
                    f"{self.channel.server} does not know the key of {self.identity.role} "
                    f"({self.identity.keys_dir}); add its public key there, or run `aisle keys`"
                )
            if event == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                raise KeyRefused(
                    f"whoever listens at {self.channel.endpoint()} is not {self.channel.server} as in "
                    f"{self.identity.keys_dir}; fetch its present public key"
                )


@contextmanager
def request_client(channel: Channel, identity: Identity) -> Iterator[RequestClient]:
    """Open the asking side of a request channel; it connects in the background."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.DEALER)
    monitor = socket.get_monitor_socket()
    try:
        _join(socket, identity, channel)
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
    with _authenticated_context(identity) as context:
        socket = context.socket(zmq.PUB)
        _serve(socket, identity, channel)
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
        _join(socket, identity, channel)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        yield Subscriber(socket, channel)
    finally:
        context.destroy(linger=0)
