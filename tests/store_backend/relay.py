"""A network cable that a test can cut: it passes bytes on between a port of its own and another one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """Listens until it is closed; while it is cut nothing passes and nobody gets through."""

    listener: socket.socket
    target_port: int
    is_cut: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
                if self.is_cut.is_set():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                return
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()

    def cut(self) -> None:
        self.is_cut.set()
        self.hang_up()

    def mend(self) -> None:
        self.is_cut.clear()

    def hang_up(self) -> None:
        for one in self._open:
            _shut(one)
        self._open.clear()


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)


@contextmanager
def relay(target_port: int) -> Iterator[Relay]:
    """Run a relay to a local port as long as the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = Relay(listener, target_port)
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            running.hang_up()
            thread.join(5.0)
