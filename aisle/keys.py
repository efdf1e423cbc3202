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


def accepted_keys(directory: Path, server: str) -> tuple[bytes, ...]:
    """Return the public keys that a server may have: the present one, the next where it is known, and others' of its
    role, such as that of a kiosk that was paired and shows its screen to a robot.

    Raises KeyProblem without a present one.
    """
    following = directory / f"{next_name(server)}.key"
    others = sorted(set(directory.glob(f"{server}@*.key")) - {following})
    also = [following, *others] if following.exists() else others
    return (load_public_key(directory, server), *(_load(path)[0] for path in also))


def next_name(server: str) -> str:
    """Return the name of the key that will follow a server's present one."""
    return f"{server}@next"


def new_key_pair() -> KeyPair:
    """Make a key pair that lies in no file."""
    return KeyPair(*zmq.curve_keypair())


def write_public_key(directory: Path, name: str, public_key: bytes) -> None:
    """Put a public key into the folder, whole or not at all; whoever looks there takes it from now on."""
    _write(directory / f"{name}.key", public_key, None)


def write_key_pair(directory: Path, name: str, pair: KeyPair) -> None:
    """Put a key pair into the folder, each file whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(directory / f"{name}.key_secret", pair.public, pair.secret)
    _write(directory / f"{name}.key", pair.public, None)


def change_to_next_key(directory: Path, server: str) -> None:
    """Give a server the pair that was made to follow; it binds anew by itself. Raises KeyProblem.

    `drop_last_key` has to follow once the server has done so. Until then the public file still holds the old key and
    clients of this folder accept both.
    """
    pair = load_key_pair(directory, next_name(server))
    _write(directory / f"{server}.key_secret", pair.public, pair.secret)


def drop_last_key(directory: Path, server: str) -> None:
    """End a change of key: only the key that the server has now is accepted. Raises KeyProblem."""
    write_public_key(directory, server, load_key_pair(directory, server).public)
    for ending in ("key", "key_secret"):
        (directory / f"{next_name(server)}.{ending}").unlink(missing_ok=True)


@dataclass(slots=True)
class KeyRing:
    """The name of every public key in a folder, read again when its files change; threads may share it.

    One role may have several keys, `kiosk_ui.key` and `kiosk_ui@north.key`, so that a new one works before the old one
    is taken away.
    """

    directory: Path
    _names: dict[bytes, str] = field(default_factory=dict)
    _seen: frozenset[tuple[str, int, int]] = frozenset()
    _looked_s: float = float("-inf")

    def role_of(self, public_key: bytes) -> str | None:
        """Return the role of a key in Z85; None refuses it."""
        name = self.name_of(public_key)
        return None if name is None else role_of_name(name)

    def name_of(self, public_key: bytes) -> str | None:
        """Return the whole name of a key in Z85, such as till@till-2; None refuses it."""
        self._look_if_due()
        return self._names.get(public_key)

    def known(self) -> frozenset[bytes]:
        """Return the public keys that are not refused, in Z85."""
        self._look_if_due()
        return frozenset(self._names)

    def _look_if_due(self) -> None:
        now_s = clock.monotonic_s()
        if now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            self._look()

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
            self._names = known_public_keys(self.directory)
            self._seen = seen


def known_public_keys(directory: Path) -> dict[bytes, str]:
    """Return the name of every public key in the folder; a file that is no key is left out, and logged."""
    names: dict[bytes, str] = {}
    for path in sorted(directory.glob("*.key")):
        try:
            names[_load(path)[0]] = path.stem
        except KeyProblem as problem:
            log.error("%s", problem)
    return names


def role_of_name(name: str) -> str:
    """Return the role of a key's name: kiosk_ui@north is one of kiosk_ui."""
    return name.partition("@")[0]


def device_of_name(name: str) -> str:
    """Return which device of its role a key belongs to, till-2 for till@till-2; empty for a key of the whole role.

    What follows a dot tells the keys of one device apart: till@till-2.2027 is its next.
    """
    device = name.partition("@")[2].partition(".")[0]
    return "" if name == next_name(role_of_name(name)) else device


def _write(path: Path, public_key: bytes, secret_key: bytes | None) -> None:
    """Write a key file as ZeroMQ does (RFC 4/ZPL); it is never there in part."""
    lines = ["metadata", "curve", f'    public-key = "{public_key.decode()}"']
    if secret_key is not None:
        lines.append(f'    secret-key = "{secret_key.decode()}"')
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    mode = 0o644 if secret_key is None else 0o600
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _load(path: Path) -> tuple[bytes, bytes | None]:
    try:
        return zmq.auth.load_certificate(path)
    except OSError as error:
        raise KeyProblem(
            f"{path}: cannot be read ({error.strerror or 'no such file'}); run `aisle keys` to create keys"
        ) from error
    except ValueError as error:
        raise KeyProblem(f"{path}: is no CURVE key file; delete it and run `aisle keys`") from error
