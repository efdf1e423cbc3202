"""A network cable that a test can cut: it passes bytes on between a port of its own and another one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """Passes bytes on while it is whole; while it is cut nobody can connect and nothing passes."""

    target_port: int
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def mend(self) -> None:
        """Listen, from the second time on at the same port."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(listener.getsockname()[1])
        self._open.append(listener)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection, and take no new one."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target_port))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)


@contextmanager
def relay(target_port: int) -> Iterator[Relay]:
    """Run a relay to a local port as long as the block."""
    running = Relay(target_port)
    running.mend()
    try:
        yield running
    finally:
        running.cut()
