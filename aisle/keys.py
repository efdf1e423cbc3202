"""CURVE keys: who may talk to whom. Key pairs by role, in files that only their owner can read."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

import zmq
import zmq.auth

from aisle import clock

log = logging.getLogger(__name__)

ROLES = ("store_backend", "gateway", "kiosk_ui", "robot", "sim", "till", "web", "admin")
# A key that was taken away stops within this time.
_LOOK_EVERY_S = 0.1


class KeyProblem(RuntimeError):
    """A key that is missing or unusable; the sentence says which file and what to do."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A CURVE25519 key pair in Z85, as ZeroMQ writes it."""

    public: bytes
    secret: bytes


def create_missing_keys(directory: Path, roles: tuple[str, ...] = ROLES) -> list[str]:
    """Create the key pairs that are not there yet and return their roles. Existing keys are never touched."""
    directory.mkdir(parents=True, exist_ok=True)
    os.chmod(directory, 0o700)
    missing = [role for role in roles if not (directory / f"{role}.key_secret").exists()]
    for role in missing:
        _, secret_file = zmq.auth.create_certificates(directory, role)
        os.chmod(secret_file, 0o600)
    return missing


def load_key_pair(directory: Path, role: str) -> KeyPair:
    """Read the key pair of a role. Raises KeyProblem."""
    path = directory / f"{role}.key_secret"
    public, secret = _load(path)
    if secret is None:
        raise KeyProblem(f"{path}: holds no secret key; delete it and run `aisle keys`")
    return KeyPair(public, secret)


def load_public_key(directory: Path, role: str) -> bytes:
    """Read the public key of a role. Raises KeyProblem."""
    return _load(directory / f"{role}.key")[0]


@dataclass(slots=True)
class KeyRing:
    """The role of every public key in a folder, read again when its files change; threads may share it.

    One role may have several keys, `kiosk_ui.key` and `kiosk_ui@north.key`, so that a new one works before the old one
    is taken away.
    """

    directory: Path
    _roles: dict[bytes, str] = field(default_factory=dict)
    _seen: frozenset[tuple[str, int, int]] = frozenset()
    _looked_s: float = float("-inf")

    def role_of(self, public_key: bytes) -> str | None:
        """Return the role of a key in Z85; None refuses it."""
        now_s = clock.monotonic_s()
        if now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            self._look()
        return self._roles.get(public_key)

    def _look(self) -> None:
        try:
            with os.scandir(self.directory) as entries:
                files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".key")]
        except OSError as error:
            # A file that goes away under our eyes, or the whole folder: what was known stays until the next look.
            if self._seen:
                log.warning("the keys in %s cannot be listed now: %s", self.directory, error.strerror)
            self._seen = frozenset()
            return
        seen = frozenset((name, status.st_mtime_ns, status.st_size) for name, status in files)
        if seen != self._seen:
            self._roles = known_public_keys(self.directory)
            self._seen = seen


def known_public_keys(directory: Path) -> dict[bytes, str]:
    """Return the role of every public key in the folder; a file that is no key is left out, and logged."""
    roles: dict[bytes, str] = {}
    for path in sorted(directory.glob("*.key")):
        try:
            roles[_load(path)[0]] = role_of_name(path.stem)
        except KeyProblem as problem:
            log.error("%s", problem)
    return roles


def role_of_name(name: str) -> str:
    """Return the role of a key's name: kiosk_ui@north is one of kiosk_ui."""
    return name.partition("@")[0]


def _load(path: Path) -> tuple[bytes, bytes | None]:
    try:
        return zmq.auth.load_certificate(path)
    except OSError as error:
        raise KeyProblem(
            f"{path}: cannot be read ({error.strerror or 'no such file'}); run `aisle keys` to create keys"
        ) from error
    except ValueError as error:
        raise KeyProblem(f"{path}: is no CURVE key file; delete it and run `aisle keys`") from error
