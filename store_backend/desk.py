"""The one I/O loop: reads are answered at once, writes go to the writer, and replies go out when they are committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
import zmq

from aisle import bus, channels
from aisle.bus import Asked, RequestDoor
from store_backend.backend import Backend, Readers, open_readers
from store_backend.routing import forbidden, writes
from store_backend.writer import Writer, WriterSettings, writer

# Replies of the writer do not wait behind more requests than this.
_MOST_AT_ONCE = 64


@dataclass(slots=True)
class Desk:
    """Stands between the socket and the writer."""

    door: RequestDoor
    backend: Backend
    writer: Writer
    readers: Readers
    poller: zmq.Poller

    def turn(self, timeout_s: float) -> None:
        """Wait for requests and finished writes, and deal with those that are there. Raises WriterEnded."""
        ready = dict(self.poller.poll(int(timeout_s * 1000)))
        self.writer.check()
        for asked in self.door.take(_MOST_AT_ONCE):
            answer = self._answer(asked)
            if answer is not None:
                self._reply(asked, answer)
        if self.writer.done_fd in ready:
            for asked, answer in self.writer.finished():
                self._reply(asked, answer)
        self.backend.meter.note_waiting(self.writer.waiting)

    def _reply(self, asked: Asked, answer: msgspec.Struct) -> None:
        self.door.reply(asked, answer)
        self.backend.meter.note_answer(asked, answer)

    def _answer(self, asked: Asked) -> msgspec.Struct | None:
        """Return the answer, or None when the writer will give it."""
        refused = forbidden(asked.role, asked.body, asked.device)
        if refused is not None:
            return refused
        return self.writer.offer(asked) if writes(asked.body) else self.backend.read(self.readers, asked)


@contextmanager
def open_desk(backend: Backend, identity: bus.Identity, settings: WriterSettings | None = None) -> Iterator[Desk]:
    """Open the socket, the readers and the writer. Raises BusError and KeyProblem.

    At the end of the block what waits is still written; whoever got no reply asks again and gets the kept one.
    """
    with bus.open_door(channels.BACKEND, identity) as door, open_readers(backend.engine) as readers:
        poller = zmq.Poller()
        with writer(backend, settings) as writing:
            poller.register(door.socket, zmq.POLLIN)
            poller.register(writing.done_fd, zmq.POLLIN)
            yield Desk(door, backend, writing, readers, poller)
