"""What the backend answers about keys: pairing by a code for staff, and the servers' keys for every client.

It has a channel of its own, because none of it is in the database: the folder of keys is the list of who may talk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from aisle import bus, channels, clock, keys
from aisle.keys import KeyProblem
from aisle.messages import Problem, ProblemCode
from aisle.messages.pairing import (
    ClosePairing,
    EnterCode,
    OpenPairing,
    Paired,
    PairingState,
    ServerKeysQuery,
    WaitingDevice,
)
from aisle.server_keys import server_keys
from store_backend.pairing import PairingWindow
from store_backend.pairing_door import PairingDoor, pairing_door

log = logging.getLogger(__name__)
_MINUTE_S = 60.0


@dataclass(slots=True)
class KeyDesk:
    """Answers about one folder of keys; has a pairing door while staff have opened it."""

    keys_dir: Path
    _door: PairingDoor | None = None
    _opened: ExitStack = field(default_factory=ExitStack)

    def turn(self, now_s: float) -> None:
        """Serve the devices that offer themselves, and end pairing when its time is over."""
        if self._door is None:
            return
        self._door.turn(now_s)
        if not self._door.window.is_open(now_s):
            self.close()

    def answer(self, role: str, command: Any) -> msgspec.Struct:
        """Carry out one command; pairing is for staff alone."""
        if isinstance(command, ServerKeysQuery):
            return server_keys(self.keys_dir, role)
        if role != "admin":
            sentence = f"the role {role} may not send {type(command).__name__}"
            return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
        match command:
            case OpenPairing():
                return self._open(command.minutes)
            case EnterCode():
                return self._enter(command.code)
            case ClosePairing():
                self.close()
        return self._state()

    def close(self) -> None:
        """End pairing; whatever waits is forgotten."""
        if self._door is not None:
            log.info("pairing is closed")
        self._door = None
        self._opened.close()

    def _open(self, minutes: float) -> PairingState | Problem:
        self.close()
        try:
            public_key = keys.load_key_pair(self.keys_dir, "store_backend").public.decode()
            window = PairingWindow(public_key, clock.monotonic_s() + minutes * _MINUTE_S)
            self._door = self._opened.enter_context(pairing_door(window))
        except (bus.BusError, KeyProblem) as error:
            return Problem(code=ProblemCode.FAILED, sentence=str(error)[:500])
        log.info("pairing is open for %.0f minutes at %s", minutes, channels.PAIRING.endpoint())
        return self._state()

    def _enter(self, code: str) -> Paired | Problem:
        if self._door is None:
            sentence = "pairing is closed; run `aisle pair`, then begin again on the device"
            return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)
        in_use = {path.stem for path in self.keys_dir.glob("*.key")}
        accepted = self._door.window.enter(code, in_use, clock.monotonic_s())
        if isinstance(accepted, Problem):
            log.warning("pairing: %s", accepted.sentence)
            return accepted
        offer = accepted.offer
        if offer.public_key.encode() in keys.known_public_keys(self.keys_dir):
            return Problem(code=ProblemCode.ALREADY, sentence="this key is known already, under another name")
        keys.write_public_key(self.keys_dir, offer.name, offer.public_key.encode())
        log.info("paired %s", offer.name)
        return Paired(name=offer.name, answer=accepted.answer)

    def _state(self) -> PairingState:
        if self._door is None:
            return PairingState(open_until_unix_s=0.0, devices=())
        now_s, now_unix_s, window = clock.monotonic_s(), clock.wall_s(), self._door.window
        devices = tuple(
            WaitingDevice(name=one.offer.name, offered_unix_s=now_unix_s + one.offered_s - now_s)
            for one in window.waiting(now_s)
        )
        return PairingState(open_until_unix_s=now_unix_s + window.until_s - now_s, devices=devices)


@dataclass(slots=True)
class ServedKeyDesk:
    """The key desk with its socket."""

    server: bus.RequestServer
    desk: KeyDesk

    def turn(self, now_s: float) -> None:
        """Answer what has come; never blocks. Raises BusError when a port cannot be had again."""
        self.server.poll(0.0)
        self.desk.turn(now_s)


@contextmanager
def open_key_desk(identity: bus.Identity) -> Iterator[ServedKeyDesk]:
    """Open the channel of keys. Raises BusError and KeyProblem."""
    desk = KeyDesk(identity.keys_dir)
    try:
        with bus.serve_requests(channels.KEYS, identity, desk.answer) as server:
            yield ServedKeyDesk(server, desk)
    finally:
        desk.close()
