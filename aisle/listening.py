"""A listening socket that follows the folder of keys: its own key may change, and a client's may be taken away.

ZeroMQ asks for keys at the handshake alone. So the socket is unbound and bound anew, which ends every connection:
clients come again within a third of a second, and whoever has no key any more is refused.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import zmq

from aisle import clock, keys, sockets
from aisle.channels import Channel
from aisle.keys import KeyPair, KeyProblem, KeyRing
from aisle.sockets import Identity

log = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.1
# As long as ZeroMQ may take to give a port back.
_PATIENCE_S = 2.0


@dataclass(slots=True)
class Listener:
    """One bound socket; one thread alone uses it. Making it raises BusError and KeyProblem.

    A stream asks nobody again after the handshake, so it `ends_revoked`; requests are looked at one by one.
    """

    socket: zmq.Socket[bytes]
    identity: Identity
    channel: Channel
    ring: KeyRing
    ends_revoked: bool
    _pair: KeyPair = field(init=False)
    _known: frozenset[bytes] = field(init=False)
    _looked_s: float = float("-inf")

    def __post_init__(self) -> None:
        self._known = self.ring.known()
        self._pair = sockets.serve(self.socket, self.identity, self.channel)

    def follow_keys(self) -> None:
        """Bind anew when the keys ask for it; they are looked at ten times a second. Raises BusError."""
        now_s = clock.monotonic_s()
        if now_s - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = now_s
        is_anybody_gone = self._is_anybody_gone()
        if is_anybody_gone or self._has_other_key():
            self.socket.unbind(self.channel.endpoint())
            self._pair = sockets.serve(self.socket, self.identity, self.channel, _PATIENCE_S)
            what = "a key was taken away" if is_anybody_gone else f"{self.identity.role} has another key"
            log.warning("%s: %s; everybody connects again", self.channel.name, what)

    def _is_anybody_gone(self) -> bool:
        if not self.ends_revoked:
            return False
        before, self._known = self._known, self.ring.known()
        return bool(before - self._known)

    def _has_other_key(self) -> bool:
        try:
            return keys.load_key_pair(self.identity.keys_dir, self.identity.role) != self._pair
        except KeyProblem:
            # A folder that goes away for a moment ends no service; who needs the file says so.
            return False
