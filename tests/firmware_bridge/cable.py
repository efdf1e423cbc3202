"""A cable between the host and a base that can be pulled and plugged: two ptys and a thread between them."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from pathlib import Path
from types import TracebackType
from typing import Self

_POLL_S = 0.02


class Cable:
    """Carries bytes between the base's line and `device`, which is there only while the cable is plugged."""

    def __init__(self, base: Path, device: Path) -> None:
        self.device = device
        self._base_path = base
        self._host = -1
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._pump = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self) -> Self:
        self._base = os.open(self._base_path, os.O_RDWR | os.O_NOCTTY)
        self.plug()
        self._pump.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._pump.join()
        self.pull()
        os.close(self._base)

    def plug(self) -> None:
        """Give the host a new device, under the same name as ever."""
        host, slave = pty.openpty()
        tty.setraw(slave)
        with self._lock:
            self._host = host
            self.device.unlink(missing_ok=True)
            self.device.symlink_to(os.ttyname(slave))
        os.close(slave)

    def pull(self) -> None:
        """Take the device away from under the host."""
        with self._lock:
            if self._host >= 0:
                os.close(self._host)
                self.device.unlink(missing_ok=True)
            self._host = -1

    def _carry(self) -> None:
        while not self._ends.is_set():
            with self._lock:
                ends = [self._base] if self._host < 0 else [self._base, self._host]
                for end in select.select(ends, [], [], 0.0)[0]:
                    self._pass_on(end)
            select.select([self._base], [], [], 0.001)

    def _pass_on(self, end: int) -> None:
        try:
            content = os.read(end, 4096)
        except OSError:  # nobody holds the other side open
            self._ends.wait(_POLL_S)
            return
        other = self._host if end == self._base else self._base
        if other >= 0:
            os.write(other, content)
