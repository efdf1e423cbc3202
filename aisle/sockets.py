"""Sockets of the bus: CURVE keys on both ends, limits on size and silence, and what can go wrong with them.

Sources: ZeroMQ RFC 26/CURVEZMQ and RFC 27/ZAP.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.auth.thread

from aisle import clock, keys
from aisle.channels import Channel
from aisle.messages.base import MAX_MESSAGE_BYTES

# A peer that says nothing is lost after 1.3 s at most; a lost one is looked for again several times a second.
_HEARTBEAT_MS = 300
_HEARTBEAT_TIMEOUT_MS = 1000
_HANDSHAKE_MS = 2000
# A server waits longer: letting go of strangers who come again at once costs more than keeping them.
_CALLER_MS = 10_000
_RECONNECT_MS, _RECONNECT_MOST_MS = 100, 300
# TCP by itself waits 1, 3, 7 and more seconds before it knocks again at a network that was cut.
_CONNECT_MS = 400
_ENVELOPE_BYTES = 1024
_REBIND_S = 0.005


class BusError(RuntimeError):
    """A request without an answer; the sentence says what happened and what to do."""


class Unreachable(BusError):
    """Nobody answered in time."""


class KeyRefused(BusError):
    """The other side does not take our key, or is not who we think it is."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are on the bus: a role, or one of several keys of it as role@name, with a folder of keys."""

    role: str
    keys_dir: Path


def serve(socket: zmq.Socket[bytes], identity: Identity, channel: Channel, patience_s: float = 0.0) -> keys.KeyPair:
    """Listen at a channel's endpoint and return the key pair with which; `patience_s` is for a port that gets free.

    Raises BusError and KeyProblem.
    """
    _harden(socket)
    pair = _sign(socket, identity)
    socket.curve_server = True
    socket.setsockopt(zmq.HANDSHAKE_IVL, _CALLER_MS)
    _bind(socket, identity.role, channel, patience_s)
    return pair


def _bind(socket: zmq.Socket[bytes], who: str, channel: Channel, patience_s: float) -> None:
    endpoint, until_s = channel.endpoint(), clock.monotonic_s() + patience_s
    while True:
        try:
            socket.bind(endpoint)
            return
        except zmq.ZMQError as error:
            if error.errno != zmq.EADDRINUSE or clock.monotonic_s() >= until_s:
                raise BusError(
                    f"{who} cannot listen at {endpoint}: {error.strerror}; "
                    "is another store running? Set AISLE_PORT_BASE to other ports"
                ) from error
        # ZeroMQ gives a port back in the background.
        time.sleep(_REBIND_S)


def join(socket: zmq.Socket[bytes], identity: Identity, channel: Channel, turn: int = 0) -> int:
    """Connect to a channel's endpoint in the background; return how many keys of its server are accepted.

    `turn` counts through them: its server may have changed to its next key meanwhile. Raises KeyProblem.
    """
    _harden(socket)
    _sign(socket, identity)
    accepted = keys.accepted_keys(identity.keys_dir, channel.server)
    socket.curve_serverkey = accepted[turn % len(accepted)]
    socket.connect(channel.endpoint())
    return len(accepted)


@contextmanager
def authenticated_context(
    identity: Identity, channel: Channel
) -> Iterator[tuple[zmq.Context[zmq.Socket[bytes]], keys.KeyRing]]:
    """A context whose servers take only keys of the folder, for a stream only those of its listeners.

    ZAP needs one authenticator a context.
    """
    # First our own key: a folder that is missing would otherwise only refuse everybody.
    keys.load_key_pair(identity.keys_dir, identity.role)
    ring = keys.KeyRing(identity.keys_dir)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    authenticator = zmq.auth.thread.ThreadAuthenticator(context)
    authenticator.start()
    try:
        authenticator.configure_curve_callback("*", _Doorkeeper(ring, channel.listeners))
        yield context, ring
    finally:
        authenticator.stop()
        context.destroy(linger=0)


@dataclass(frozen=True, slots=True)
class _Doorkeeper:
    """Asked by the authenticator at each handshake."""

    ring: keys.KeyRing
    listeners: frozenset[str]

    def callback(self, _domain: str, key: bytes) -> bool:
        role = self.ring.role_of(key)
        # Who may ask what is looked at with each request; of a stream everybody who is let in hears everything.
        return role is not None and (not self.listeners or role in self.listeners)


def _harden(socket: zmq.Socket[bytes]) -> None:
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES + _ENVELOPE_BYTES)
    socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT_TIMEOUT_MS)
    socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
    socket.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MS)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, _RECONNECT_MOST_MS)
    socket.setsockopt(zmq.CONNECT_TIMEOUT, _CONNECT_MS)


def _sign(socket: zmq.Socket[bytes], identity: Identity) -> keys.KeyPair:
    pair = keys.load_key_pair(identity.keys_dir, identity.role)
    socket.curve_publickey, socket.curve_secretkey = pair.public, pair.secret
    return pair
