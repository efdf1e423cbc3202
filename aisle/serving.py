"""The serving side of a request channel: what is understood, from whom, and the replies to it.

The reliable request pattern is the zguide's "Lazy Pirate" with an idempotency key, so that a retry after a lost reply
does nothing twice.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import zmq

from aisle import clock, envelope, keys, sockets
from aisle.channels import Channel
from aisle.listening import Listener
from aisle.messages import advice, memory
from aisle.messages.base import MalformedMessage, Problem, ProblemCode
from aisle.sockets import Identity

log = logging.getLogger(__name__)

_REMEMBERED_REPLIES = 4096
_MOST_AT_ONCE = 256
_TELL_EVERY_S = 1.0
# They follow from what somebody told of themselves, and asking for them again changes nothing.
_NEVER_REMEMBERED = (*memory.PERSONAL, advice.Recommended)
# Stands for the key of a request whose envelope could not be read.
_NO_KEY = "-"

Handler = Callable[[str, Any], msgspec.Struct]
"""Takes the role that sent the request and its decoded body, returns the reply's body."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood: which peer and role sent it, its idempotency key, its deadline and its body.

    `device` is which one of its role, where its key says so (`aisle.keys.device_of_name`).
    """

    peer: bytes
    role: str
    key: str
    deadline_unix_s: float
    body: Any
    device: str = ""


@dataclass(slots=True)
class Malformed:
    """Counts what cannot be understood, and says so in the log once a second at most, never what it held."""

    channel_name: str
    count: int = 0
    _told: int = 0
    _told_s: float = float("-inf")

    def note(self, sender: str) -> None:
        """Take in one more."""
        self.count += 1
        now_s = clock.monotonic_s()
        if now_s - self._told_s >= _TELL_EVERY_S:
            log.warning(
                "%s: refused %d malformed requests, last of %s", self.channel_name, self.count - self._told, sender
            )
            self._told, self._told_s = self.count, now_s


@dataclass(slots=True)
class RequestDoor:
    """The ROUTER side of a channel: takes requests in, lets replies out in any order. One thread alone uses it."""

    listener: Listener
    malformed: Malformed

    @property
    def socket(self) -> zmq.Socket[bytes]:
        """Return what to wait at."""
        return self.listener.socket

    @property
    def channel(self) -> Channel:
        """Return the channel that is served."""
        return self.listener.channel

    def take(self, most: int) -> Iterator[Asked]:
        """Yield what has come, up to `most` requests; what cannot be understood gets its Problem here."""
        self.listener.follow_keys()
        for _ in range(most):
            try:
                frames = self.socket.recv_multipart(flags=zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            if len(frames) != 2:
                self.malformed.note("a sender")
                continue
            asked = self._understand(frames[0].bytes, frames[1])
            if asked is not None:
                yield asked

    def reply(self, asked: Asked, body: msgspec.Struct) -> None:
        """Send a reply; when its peer has gone it goes nowhere."""
        self.socket.send_multipart([asked.peer, envelope.encode_reply(asked.key, body)])

    def _understand(self, peer: bytes, frame: zmq.Frame) -> Asked | None:
        name, key = self._name_of(frame), _NO_KEY
        if name is None:
            self._refuse(peer, key, self._revoked())
            return None
        role = keys.role_of_name(name)
        try:
            request = envelope.decode_request(frame.bytes)
            key = request.key
            refused = envelope.other_version(request)
            if refused is not None:
                self._refuse(peer, key, refused)
                return None
            body = envelope.decode_body(request.body, self.channel.request)
        except MalformedMessage as error:
            self.malformed.note(role)
            self._refuse(peer, key, Problem(code=ProblemCode.MALFORMED, sentence=str(error)[:500]))
            return None
        return Asked(peer, role, key, request.deadline_unix_s, body, keys.device_of_name(name))

    def _revoked(self) -> Problem:
        sentence = f"{self.channel.server} no longer knows this key; fetch a new one from the store's administrator"
        return Problem(code=ProblemCode.KEY_REFUSED, sentence=sentence)

    def _refuse(self, peer: bytes, key: str, problem: Problem) -> None:
        self.socket.send_multipart([peer, envelope.encode_reply(key, problem)])

    def _name_of(self, frame: zmq.Frame) -> str | None:
        # The authenticator's "User-Id" is the client's public key in Z85.
        return self.listener.ring.name_of(str(frame.get("User-Id")).encode())


@dataclass(slots=True)
class RequestServer:
    """Answers requests one by one. `poll` answers what has come; repeated keys get the remembered reply."""

    door: RequestDoor
    handler: Handler
    _replies: OrderedDict[tuple[str, str], msgspec.Struct] = field(default_factory=OrderedDict)

    def poll(self, timeout_s: float) -> int:
        """Wait for requests, answer all that are there, return how many."""
        answered = 0
        self.door.socket.poll(int(timeout_s * 1000))
        for asked in self.door.take(_MOST_AT_ONCE):
            self._answer(asked)
            answered += 1
        return answered

    def _answer(self, asked: Asked) -> None:
        reply = self._replies.get((asked.role, asked.key))
        if reply is None:
            reply = self._carry_out(asked)
            # What was refused did nothing, so asking again later may well succeed.
            if not isinstance(reply, (Problem, *_NEVER_REMEMBERED)):
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
    with sockets.authenticated_context(identity, channel) as (context, ring):
        listener = Listener(context.socket(zmq.ROUTER), identity, channel, ring, ends_revoked=False)
        yield RequestDoor(listener, Malformed(channel.name))


@contextmanager
def serve_requests(channel: Channel, identity: Identity, handler: Handler) -> Iterator[RequestServer]:
    """Open the serving side of a channel whose requests are answered one by one. Raises as `open_door`."""
    with open_door(channel, identity) as door:
        yield RequestServer(door, handler)
