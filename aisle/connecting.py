"""A connecting socket: whether the other side is there, why it refuses us, and which of its keys it has.

A server changes its key while it works. Its clients know the next one beforehand (`aisle.server_keys`), and when the
handshake breaks they try the other.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import zmq
import zmq.utils.monitor

from aisle import keys, sockets
from aisle.channels import Channel
from aisle.keys import KeyProblem
from aisle.sockets import Identity

_MOST_BROKEN_HANDSHAKES = 3


@dataclass(slots=True)
class Connection:
    """One socket and its monitor; one thread alone uses it."""

    socket: zmq.Socket[bytes]
    monitor: zmq.Socket[bytes]
    identity: Identity
    channel: Channel
    is_open: bool = False
    refusal: str = ""
    _accepted: int = 1
    _turn: int = 0
    _broken_handshakes: int = 0

    def join(self) -> None:
        """Connect in the background, after a refusal or with another key once more. Raises KeyProblem."""
        with suppress(zmq.ZMQError):
            self.socket.disconnect(self.channel.endpoint())
        self._accepted = sockets.join(self.socket, self.identity, self.channel, self._turn)
        self.refusal = ""

    def take_events(self) -> bool:
        """Take in what has become of the connection.

        True when it was joined anew with another key: what was sent before and not answered is lost.
        """
        is_joined_anew = False
        # Unlike polling, asking for what is there takes no system call.
        while int(self.monitor.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            event = zmq.utils.monitor.recv_monitor_message(self.monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self.is_open, self.refusal, self._broken_handshakes = True, "", 0
            elif event in (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED):
                self.is_open = False
            elif event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self.refusal = self._why_refused()
            elif event == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                is_joined_anew = self._note_broken_handshake() or is_joined_anew
        return is_joined_anew

    def _why_refused(self) -> str:
        server, listeners = self.channel.server, self.channel.listeners
        if listeners and keys.role_of_name(self.identity.role) not in listeners:
            *others, last = sorted(listeners)
            who = f"{', '.join(others)} and {last}" if others else last
            return f"{server} lets only {who} listen to {self.channel.name}"
        return (
            f"{server} does not know the key of {self.identity.role} "
            f"({self.identity.keys_dir}); add its public key there, or run `aisle keys`"
        )

    def _note_broken_handshake(self) -> bool:
        """Take in that the other side hung up: once it may just have ended, again and again it cannot read us."""
        self._broken_handshakes += 1
        # A next key may have been fetched since we joined; a folder that is away for a moment changes nothing.
        with suppress(KeyProblem):
            self._accepted = len(keys.accepted_keys(self.identity.keys_dir, self.channel.server))
        if self._broken_handshakes >= _MOST_BROKEN_HANDSHAKES * self._accepted:
            self.refusal = (
                f"whoever listens at {self.channel.endpoint()} is not {self.channel.server} as in "
                f"{self.identity.keys_dir}, or hangs; fetch its present public key, or start it again"
            )
            return False
        if self._accepted == 1:
            return False
        self._turn += 1
        with suppress(KeyProblem):
            self.join()
        return True


def connect(socket: zmq.Socket[bytes], identity: Identity, channel: Channel) -> Connection:
    """Connect a socket to a channel in the background. Raises KeyProblem."""
    connection = Connection(socket, socket.get_monitor_socket(), identity, channel)
    connection.join()
    return connection
