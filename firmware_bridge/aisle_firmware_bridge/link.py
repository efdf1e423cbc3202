"""The serial line: one reader thread, a bounded queue, a clean end when the cable is pulled."""

from __future__ import annotations

import errno
import logging
import os
import queue
import threading
from types import TracebackType
from typing import Self

import serial

BAUD = 115_200
READ_TIMEOUT_S = 0.1
# Generous, because pyserial also calls it a timeout when this process was kept from running after a complete write.
# Nothing is at risk meanwhile: a command that comes late is past its deadline and the firmware refuses it.
WRITE_TIMEOUT_S = 1.0
QUEUED_CHUNKS = 256

_log = logging.getLogger(__name__)


class LinkError(OSError):
    """The line cannot be used; the message says which one, why, and what to do."""


class SerialLink:
    """An open serial line. Raises LinkError from the constructor's `open`, and from use after an unplug."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._port: serial.Serial | None = None
        self._reader: threading.Thread | None = None
        self._received: queue.Queue[bytes] = queue.Queue(QUEUED_CHUNKS)
        self._stop = threading.Event()
        self._failure: str | None = None

    def open(self) -> None:
        """Open the line and start reading. Raises LinkError."""
        try:
            port = serial.Serial(
                self._device, BAUD, timeout=READ_TIMEOUT_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise LinkError(f"{self._device}: {_why(self._device, error)}") from error
        self._received = queue.Queue(QUEUED_CHUNKS)
        self._stop.clear()
        self._failure = None
        self._port = port
        self._reader = threading.Thread(target=self._read, args=(port,), name="base-reader", daemon=True)
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
        self._stop.set()
        port.cancel_read()
        reader.join()
        port.close()

    def read(self) -> bytes:
        """Return all that was received since the last call; never waits. Raises LinkError when unplugged."""
        chunks = []
        while not self._received.empty():
            chunks.append(self._received.get_nowait())
        if not chunks and self._failure is not None:
            raise LinkError(f"{self._device}: {self._failure}")
        return b"".join(chunks)

    def write(self, content: bytes) -> None:
        """Send bytes. Raises LinkError if the line is gone or takes nothing for WRITE_TIMEOUT_S."""
        if self._port is None:
            raise LinkError(f"{self._device}: is not open")
        try:
            self._port.write(content)
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

    def _read(self, port: serial.Serial) -> None:
        try:
            while not self._stop.is_set():
                if chunk := port.read(port.in_waiting or 1):
                    self._keep(chunk)
        except (serial.SerialException, OSError) as error:
            self._failure = f"unplugged: {error}"

    def _keep(self, chunk: bytes) -> None:
        try:
            self._received.put_nowait(chunk)
        except queue.Full:
            # Nobody takes them: the newest bytes matter, and the CRC throws away the torn frame.
            _discard_one(self._received)
            self._keep(chunk)


def _discard_one(received: queue.Queue[bytes]) -> None:
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
