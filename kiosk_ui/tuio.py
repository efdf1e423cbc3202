"""Touches from a test rig on the same machine: a TUIO 1.1 input for Kivy that is read once a frame, without a thread.

Kivy's own TUIO provider needs a package that is not installed and a thread of its own; its touch class is used here.
"""

from __future__ import annotations

import logging
import math
import socket
from collections.abc import Callable
from typing import Any

from kivy.input.provider import MotionEventProvider
from kivy.input.providers.tuio import Tuio2dCurMotionEvent

from kiosk_ui.osc import MOST_BYTES, Argument, MalformedOscError, messages

log = logging.getLogger(__name__)

_ADDRESS = "/tuio/2Dcur"
_MOST_PACKETS_A_FRAME = 64


class LoopbackTuio(MotionEventProvider):
    """Listens at 127.0.0.1 only, between `start` and `stop`."""

    def __init__(self, port: int) -> None:
        super().__init__("rig", "")
        self._port = port
        self._socket: socket.socket | None = None
        self._touches: dict[int, Any] = {}

    def start(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self._port))
        self._socket.setblocking(False)
        log.info("touches are taken at 127.0.0.1:%d", self._port)

    def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def update(self, dispatch_fn: Callable[[str, Any], None]) -> None:
        for _ in range(_MOST_PACKETS_A_FRAME):
            packet = self._receive()
            if packet is None:
                return
            try:
                for address, arguments in messages(packet):
                    if address == _ADDRESS:
                        self._take(arguments, dispatch_fn)
            except MalformedOscError as error:
                log.warning("dropped a malformed touch: %s", error)

    def _receive(self) -> bytes | None:
        if self._socket is None:
            return None
        try:
            return self._socket.recv(MOST_BYTES + 1)
        except BlockingIOError:
            return None

    def _take(self, arguments: tuple[Argument, ...], dispatch_fn: Callable[[str, Any], None]) -> None:
        match arguments:
            case ("set", int(finger), float(x), float(y), *_) if math.isfinite(x) and math.isfinite(y):
                self._set(finger, (x, y), dispatch_fn)
            case ("alive", *alive):
                for finger in [one for one in self._touches if one not in alive]:
                    dispatch_fn("end", self._touches.pop(finger))

    def _set(self, finger: int, place: tuple[float, float], dispatch_fn: Callable[[str, Any], None]) -> None:
        touch = self._touches.get(finger)
        if touch is None:
            touch = self._touches[finger] = Tuio2dCurMotionEvent(self.device, finger, place)
            dispatch_fn("begin", touch)
        else:
            touch.move(place)
            dispatch_fn("update", touch)
