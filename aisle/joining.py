"""A device without keys asks a store to take it: the two messages over the network, and the key files afterwards."""

from __future__ import annotations

import logging
import re
import socket as system_socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from aisle import channels, clock, envelope, keys, pairing, paths, server_keys
from aisle.keys import KeyPair, KeyProblem
from aisle.messages import MalformedMessage, Problem
from aisle.messages.pairing import MOST_PAIRING_BYTES, PLACE_PATTERN, OfferTaken, OpeningTaken, PairedRole
from aisle.pairing import Candidate, DeviceSide
from aisle.sockets import BusError, Identity, Unreachable

log = logging.getLogger(__name__)

# The store lets go of callers that say nothing within this time too, so that a device which is hung up on because too
# many call is let in before its patience ends.
_TRY_S = 2.0
_PATIENCE_S = 3 * _TRY_S
_PAUSE_S = 0.25


class PairingRefused(BusError):
    """The store does not take this device now; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Joining:
    """A device that shows a code: its new key pair, which is kept only once the answer was right."""

    candidate: Candidate
    pair: KeyPair
    side: DeviceSide

    def keep(self, keys_dir: Path) -> None:
        """Write our key pair and the store's public key. Raises ValueError before the answer was right."""
        if not self.side.is_right:
            raise ValueError("the store's key is believed only after its answer was typed")
        keys.write_public_key(_made(keys_dir), "store_backend", self.side.server_key.encode())
        keys.write_key_pair(keys_dir, self.candidate.role.value, self.pair)


def paired_keys_dir() -> Path:
    """Return the folder of a device that was paired; `var/keys` holds what a store on this machine made for itself."""
    return paths.var_dir() / "paired_keys"


def has_keys(keys_dir: Path, role: str) -> bool:
    """Tell whether a device has been paired, or got its keys as files."""
    return (keys_dir / f"{role}.key_secret").exists() and (keys_dir / "store_backend.key").exists()


def default_place() -> str:
    """Return a name for this machine that a key may have: its host name, in small letters."""
    name = re.sub(r"[^a-z0-9_-]+", "-", system_socket.gethostname().lower()).strip("-_")
    return name[:32] if re.match(PLACE_PATTERN, name[:32]) else "device"


def begin(role: PairedRole, place: str) -> Joining:
    """Offer this device to the store at the PAIRING channel's address, and return what it has to show.

    A person starts this, never a program by itself: each offer is one more chance for whoever listens in. Raises
    Unreachable, PairingRefused and MalformedMessage.
    """
    if not re.match(PLACE_PATTERN, place):
        raise PairingRefused(
            f"{place[:40]!r} is no name for a device; take up to 32 small letters, digits, - and _, such as north-2, "
            "but not next"
        )
    pair = keys.new_key_pair()
    candidate = Candidate(role, place, pair.public.decode(), pairing.new_nonce())
    taken = _ask(candidate.offer(), OfferTaken)
    opened = _ask(candidate.opening(), OpeningTaken)
    return Joining(candidate, pair, candidate.begin(taken, clock.monotonic_s() + opened.lives_s))


def fetch_other_keys(identity: Identity) -> None:
    """Fetch the keys of the store's other servers with the key that was just paired; a failure is logged only."""
    try:
        server_keys.fetch_server_keys(identity)
    except (BusError, KeyProblem, MalformedMessage) as error:
        log.warning("the keys of the other servers will be fetched later: %s", error)


def _made(keys_dir: Path) -> Path:
    keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return keys_dir


def _ask(message: msgspec.Struct, wanted: type[Any]) -> Any:
    """Send a message until it is answered; both messages may be repeated without harm."""
    until_s = clock.monotonic_s() + _PATIENCE_S
    while True:
        try:
            reply = envelope.decode_body(_called(envelope.encode_body(message)), channels.PAIRING.reply)
        except OSError as error:
            # A closed port says that nobody pairs; everything else may pass.
            if isinstance(error, ConnectionRefusedError) or clock.monotonic_s() > until_s:
                raise Unreachable(
                    f"nobody pairs devices at {channels.PAIRING.endpoint()}; staff open pairing with `aisle pair`, "
                    "and this device needs the address of the store's computer"
                ) from error
            time.sleep(_PAUSE_S)
            continue
        if isinstance(reply, wanted):
            return reply
        raise PairingRefused(reply.sentence if isinstance(reply, Problem) else "the store answered something else")


def _called(content: bytes) -> bytes:
    """Say one message over a connection of its own and return the reply. Raises OSError."""
    until_s = clock.monotonic_s() + _TRY_S
    with system_socket.create_connection(channels.PAIRING.address(), timeout=_TRY_S) as line:
        line.sendall(content)
        line.shutdown(system_socket.SHUT_WR)
        reply = b""
        while len(reply) <= MOST_PAIRING_BYTES and clock.monotonic_s() < until_s:
            part = line.recv(MOST_PAIRING_BYTES)
            if not part:
                break
            reply += part
    if not reply:
        raise ConnectionError("the store hung up")
    return reply
