"""A finger for test rigs: touches a screen at 127.0.0.1 over TUIO 1.1, which is OSC 1.0 over UDP.

Source: TUIO 1.1 protocol specification, profile /tuio/2Dcur.
"""

from __future__ import annotations

import socket
import struct

from aisle.messages.visit import Control


def osc_message(address: str, *arguments: str | int | float) -> bytes:
    """Return an OSC message with string, 32-bit integer and 32-bit float arguments."""
    tags = "," + "".join({str: "s", int: "i", float: "f"}[type(one)] for one in arguments)
    return _text(address) + _text(tags) + b"".join(map(_argument, arguments))


def osc_bundle(*messages: bytes) -> bytes:
    """Return messages as one bundle that is to be taken at once."""
    parts = (struct.pack(">i", len(message)) + message for message in messages)
    return _text("#bundle") + struct.pack(">Q", 1) + b"".join(parts)


def _text(text: str) -> bytes:
    content = text.encode() + b"\0"
    return content + b"\0" * (-len(content) % 4)


def _argument(value: str | int | float) -> bytes:
    if isinstance(value, str):
        return _text(value)
    return struct.pack(">i" if isinstance(value, int) else ">f", value)


class TouchRig:
    """Sends single touches to a screen that listens on a loopback port. Use it as a context manager, or `close` it."""

    def __init__(self, port: int) -> None:
        self._address = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._frame = 0
        self._finger = 0

    def __enter__(self) -> TouchRig:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def tap(self, x: float, y: float) -> None:
        """Touch and release a point in fractions of the screen, origin at the lower left."""
        self._finger += 1
        self._send(self._finger, x, 1.0 - y)
        self._send(None, 0.0, 0.0)

    def press(self, control: Control) -> None:
        """Tap the middle of a control."""
        self.tap(control.x + 0.5 * control.width, control.y + 0.5 * control.height)

    def _send(self, finger: int | None, x: float, y: float) -> None:
        self._frame += 1
        alive = ("alive",) if finger is None else ("alive", finger)
        messages = [osc_message("/tuio/2Dcur", *alive)]
        if finger is not None:
            messages.append(osc_message("/tuio/2Dcur", "set", finger, x, y, 0.0, 0.0, 0.0))
        messages.append(osc_message("/tuio/2Dcur", "fseq", self._frame))
        self._socket.sendto(osc_bundle(*messages), self._address)
