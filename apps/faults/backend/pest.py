"""A pest: frames that are no message, and connections that never say who they are. It runs as a process of its own."""

from __future__ import annotations

import random
import select
import socket
import time
from contextlib import closing, suppress
from pathlib import Path

import zmq

from aisle import bus, channels, envelope
from aisle.messages import care

_AT_ONCE = 25
_GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE"


def pester(keys_dir: Path, frames: int, connections: int, frames_per_s: float, seed: int) -> None:
    """Send malformed frames as a known client at a rate, and keep half-open connections beside them."""
    chance = random.Random(seed)  # noqa: S311
    half_open = _HalfOpen(connections, chance)
    with closing(half_open), bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        began_s, sent = time.monotonic(), 0
        while sent < frames:
            half_open.renew()
            for _ in range(min(_AT_ONCE, frames - sent)):
                _send(client.socket, malformed(chance))
                sent += 1
            while client.socket.poll(0):
                client.socket.recv_multipart()
            time.sleep(max(0.0, began_s + sent / frames_per_s - time.monotonic()))


def malformed(chance: random.Random) -> list[bytes]:
    """Draw the frames of one message that is none: noise, cut, flipped, nested, of another kind, or in many parts."""
    kind = chance.randrange(7)
    if kind == 0:
        return [chance.randbytes(chance.randrange(1, 400))]
    if kind == 1:
        return [_request(chance)[: chance.randrange(1, 40)]]
    if kind == 2:
        content = bytearray(_request(chance))
        # The marks of the envelope: a flipped letter inside a text would still be a message.
        content[chance.randrange(9)] ^= 0xC1
        return [bytes(content)]
    if kind == 3:
        return [b"\x91" * chance.randrange(2, 5000)]
    if kind == 4:
        return [envelope.encode_request(f"pest-{chance.random()}", 4e9, care.SessionOpened(session_id="s"))]
    if kind == 5:
        return [b"part"] * chance.randrange(2, 6)
    return [b""]


def _request(chance: random.Random) -> bytes:
    body = care.OpenSession(session_id="s" * chance.randrange(1, 60), robot_id="pest", language="en")
    return envelope.encode_request(f"pest-{chance.random()}", 4e9, body)


def _send(to: zmq.Socket[bytes], parts: list[bytes]) -> None:
    to.send_multipart(parts)


class _HalfOpen:
    """So many connections that shake no hands, new ones for those that the other side ends.

    The kernel tells which were ended: looking at each would take the processor from those who are measured.
    """

    def __init__(self, count: int, chance: random.Random) -> None:
        self._count, self._chance, self._poll = count, chance, select.epoll()
        self._by_fd: dict[int, socket.socket] = {}

    def renew(self) -> None:
        """Drop what was ended, and connect anew."""
        for fd, _ in self._poll.poll(0.0):
            if not _is_open(self._by_fd[fd]):
                self._by_fd.pop(fd).close()
        while len(self._by_fd) < self._count:
            one = _connect(self._chance)
            self._by_fd[one.fileno()] = one
            self._poll.register(one, select.EPOLLIN)

    def close(self) -> None:
        """Hang up."""
        for one in self._by_fd.values():
            one.close()
        self._poll.close()


def _connect(chance: random.Random) -> socket.socket:
    host, port = channels.BACKEND.endpoint().removeprefix("tcp://").split(":")
    one = socket.create_connection((host, int(port)), timeout=5.0)
    with suppress(OSError):
        one.sendall(chance.choice((b"", _GREETING[:5], _GREETING + bytes(44), chance.randbytes(64))))
    one.setblocking(False)
    return one


def _is_open(one: socket.socket) -> bool:
    try:
        while True:
            if not one.recv(4096):
                return False
    except BlockingIOError:
        return True
    except OSError:
        return False
