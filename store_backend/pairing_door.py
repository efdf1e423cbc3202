"""The one port without CURVE. It is open only while staff have opened pairing, takes two small messages, and nothing
that comes through it reaches anything but the pairing window.

It is plain TCP, one message and one reply a connection, each ended by closing that direction. A ZeroMQ socket would
gather the parts of a message for as long as a stranger sends more of them; here every byte and every caller is counted.
"""

from __future__ import annotations

import logging
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aisle import channels, envelope, pairing
from aisle.messages import MalformedMessage, Problem, ProblemCode
from aisle.messages.pairing import MOST_PAIRING_BYTES, OfferTaken, Opening, OpeningTaken, PublicKey
from aisle.sockets import BusError
from store_backend.pairing import PairingWindow

log = logging.getLogger(__name__)
_MOST_CALLERS, _MOST_CALLERS_OF_ONE = 32, 4
# Fewer than a window takes, so that one machine alone cannot fill it.
_MOST_OFFERS_OF_ONE = 4
_CALL_S = 2.0


@dataclass(slots=True)
class _Caller:
    connection: socket.socket
    address: str
    until_s: float
    content: bytes = b""


@dataclass(slots=True)
class PairingDoor:
    """The listening end and the window that it serves; one thread alone uses it."""

    listener: socket.socket
    window: PairingWindow
    _callers: list[_Caller] = field(default_factory=list)
    _offered: defaultdict[str, set[PublicKey]] = field(default_factory=lambda: defaultdict(set))

    def turn(self, now_s: float) -> None:
        """Answer what has come; never blocks."""
        self._let_in(now_s)
        for caller in list(self._callers):
            if self._is_done(caller, now_s):
                self._callers.remove(caller)
                caller.connection.close()

    def close(self) -> None:
        """Hang up on everybody."""
        for caller in self._callers:
            caller.connection.close()
        self._callers.clear()

    def _let_in(self, now_s: float) -> None:
        for _ in range(_MOST_CALLERS - len(self._callers)):
            try:
                connection, (address, _) = self.listener.accept()
            except OSError:
                # Nobody waits, or whoever did has gone.
                return
            if sum(one.address == address for one in self._callers) >= _MOST_CALLERS_OF_ONE:
                connection.close()
                continue
            connection.setblocking(False)
            self._callers.append(_Caller(connection, address, now_s + _CALL_S))

    def _is_done(self, caller: _Caller, now_s: float) -> bool:
        """Take in what a caller says; True when it was answered, says too much, is too slow, or has gone."""
        try:
            part = caller.connection.recv(MOST_PAIRING_BYTES + 1)
            caller.content += part
            if not part:
                caller.connection.send(envelope.encode_body(self._answer(caller, now_s)))
                return True
        except BlockingIOError:
            pass
        except OSError:
            return True
        # Whoever says a byte now and then is let go as well.
        return now_s > caller.until_s or len(caller.content) > MOST_PAIRING_BYTES

    def _answer(self, caller: _Caller, now_s: float) -> OfferTaken | OpeningTaken | Problem:
        try:
            message = envelope.decode_body(caller.content, channels.PAIRING.request)
        except MalformedMessage:
            # Strangers may write here: neither the log nor the reply repeats what they wrote.
            return Problem(code=ProblemCode.MALFORMED, sentence="this is no message of pairing")
        if isinstance(message, Opening):
            return self.window.take_opening(message, now_s)
        offered = self._offered[caller.address]
        if message.public_key not in offered and len(offered) >= _MOST_OFFERS_OF_ONE:
            sentence = f"this device has asked {_MOST_OFFERS_OF_ONE} times already; staff run `aisle pair` again"
            return Problem(code=ProblemCode.BUSY, sentence=sentence)
        offered.add(message.public_key)
        return self.window.take_offer(message, pairing.new_nonce(), now_s)


@contextmanager
def pairing_door(window: PairingWindow) -> Iterator[PairingDoor]:
    """Listen until the end of the block. Raises BusError when the port is taken."""
    address = channels.PAIRING.address()
    try:
        listener = socket.create_server(address, backlog=_MOST_CALLERS)
    except OSError as error:
        raise BusError(f"pairing cannot listen at {address[0]}:{address[1]}: {error.strerror}") from error
    with listener:
        listener.setblocking(False)
        door = PairingDoor(listener, window)
        try:
            yield door
        finally:
            door.close()
