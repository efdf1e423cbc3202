"""CURVE keys: who may talk to whom. One key pair per role, in files that only their owner can read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.auth

ROLES = ("store_backend", "gateway", "kiosk_ui", "robot", "sim", "till", "web", "admin")


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


def known_public_keys(directory: Path) -> dict[bytes, str]:
    """Return the role of every public key in the folder; whoever is not in it is refused."""
    return {_load(path)[0]: path.stem for path in sorted(directory.glob("*.key"))}


def _load(path: Path) -> tuple[bytes, bytes | None]:
    try:
        return zmq.auth.load_certificate(path)
    except OSError as error:
        raise KeyProblem(
            f"{path}: cannot be read ({error.strerror or 'no such file'}); run `aisle keys` to create keys"
        ) from error
    except ValueError as error:
        raise KeyProblem(f"{path}: is no CURVE key file; delete it and run `aisle keys`") from error
