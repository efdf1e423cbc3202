"""The serial line: one reader thread, a bounded queue, a clean end when the cable is pulled."""

from __future__ import annotations

import errno
import logging
import os
import queue
import select
import threading
import time
from types import TracebackType
from typing import NamedTuple, Self

import serial

BAUD = 115_200
# Generous, because pyserial also calls it a timeout when this process was kept from running after a complete write.
# Nothing is at risk meanwhile: a command that comes late is past its deadline and the firmware refuses it.
WRITE_TIMEOUT_S = 1.0
QUEUED_CHUNKS = 256
CHUNK_BYTES = 4096

_log = logging.getLogger(__name__)


class LinkError(OSError):
    """The line cannot be used; the message says which one, why, and what to do."""


class Chunk(NamedTuple):
    """Bytes that arrived together, and when on this process's monotonic clock."""

    content: bytes
    arrived_s: float


class SerialLink:
    """An open serial line. Raises LinkError from the constructor's `open`, and from use after an unplug.

    pyserial opens, configures and locks the line; the reader waits on its descriptor itself, because pyserial's own
    `read` costs several system calls a chunk.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._port: serial.Serial | None = None
        self._reader: threading.Thread | None = None
        self._received: queue.SimpleQueue[Chunk] = queue.SimpleQueue()
        self._wake = -1
        self._failure: str | None = None

    def open(self) -> None:
        """Open the line and start reading. Raises LinkError."""
        try:
            port = serial.Serial(self._device, BAUD, timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            raise LinkError(f"{self._device}: {_why(self._device, error)}") from error
        self._received = queue.SimpleQueue()
        self._failure = None
        self._port = port
        woken, self._wake = os.pipe()
        self._reader = threading.Thread(target=self._read, args=(port.fileno(), woken), name="base-reader", daemon=True)
        self._reader.start()

    @property
    def is_open(self) -> bool:
        return self._port is not None

    def close(self) -> None:
        """Stop reading and give the line back; closing twice is harmless."""
        port, reader = self._port, self._reader
        self._port, self._reader = None, None
        if port is None or reader is None:
            return
        os.close(self._wake)
        reader.join()
        port.close()

    def chunks(self, wait_s: float = 0.0) -> list[Chunk]:
        """Return what was received since the last call; waits for the first of it at most `wait_s`.

        Raises LinkError when the line is unplugged and everything before that was taken.
        """
        found: list[Chunk] = []
        try:
            found.append(self._received.get(timeout=wait_s) if wait_s > 0.0 else self._received.get_nowait())
            while True:
                found.append(self._received.get_nowait())
        except queue.Empty:
            pass
        if not found and self._failure is not None:
            raise LinkError(f"{self._device}: {self._failure}")
        return found

    def read(self) -> bytes:
        """Return all that was received since the last call; never waits. Raises LinkError when unplugged."""
        return b"".join(chunk.content for chunk in self.chunks())

    def write(self, content: bytes) -> None:
        """Send bytes. Raises LinkError if the line is gone or takes nothing for WRITE_TIMEOUT_S."""
        if self._port is None:
            raise LinkError(f"{self._device}: is not open")
        try:
            taken = _write_at_once(self._port.fileno(), content)
            if taken < len(content):
                self._port.write(content[taken:])
        except serial.SerialTimeoutException as error:
            raise LinkError(f"{self._device}: the base takes no more bytes") from error
        except (serial.SerialException, OSError) as error:
            raise LinkError(f"{self._device}: unplugged while writing: {error}") from error

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, line: int, woken: int) -> None:
        """Take chunks until the line fails or the other end of `woken` is closed."""
        poll = select.poll()
        poll.register(line, select.POLLIN)
        poll.register(woken, select.POLLIN)
        try:
            while all(descriptor != woken for descriptor, _ in poll.poll()):
                content = os.read(line, CHUNK_BYTES)
                if not content:
                    raise OSError(errno.ENODEV, "the line ended")
                self._keep(content)
        except BlockingIOError:
            self._failure = "the line says that there are bytes, and gives none"
        except OSError as error:
            self._failure = f"unplugged: {error}"
        finally:
            os.close(woken)

    def _keep(self, content: bytes) -> None:
        # Nobody takes them: the newest bytes matter, and the CRC throws away the torn frame.
        while self._received.qsize() >= QUEUED_CHUNKS:
            _discard_one(self._received)
        self._received.put(Chunk(content, time.monotonic()))


def _write_at_once(descriptor: int, content: bytes) -> int:
    """Write what the line takes without waiting, which is nearly always everything; return how many bytes."""
    try:
        return os.write(descriptor, content)
    except BlockingIOError:
        return 0


def _discard_one(received: queue.SimpleQueue[Chunk]) -> None:
    try:
        received.get_nowait()
    except queue.Empty:
        return
    _log.debug("dropped received bytes that nobody read")


def _why(device: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT or not os.path.exists(device):
        return "there is no such device: is the base plugged in and switched on?"
    if number == errno.EACCES:
        return "no permission: add this user to the group that owns the device (usually dialout)"
    if number == errno.EBUSY or "lock" in str(error):
        return "another program holds the line: stop it first"
    return str(error)
