"""The store's keys on disk: one file beside the CURVE keys that only its owner reads, never in the database.

A backup of the database opens nothing without this file, so the two must not lie on one medium.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from aisle.keys import ROLES, create_missing_keys
from store_backend import vault
from store_backend.vault import KEY_BYTES, StoreKeys, VaultProblem

FILE_NAME = "vault.json"


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    newest: int
    keys: dict[int, bytes]
    mark_key: bytes


@dataclass(slots=True)
class StoreKeyFile:
    """The file of one store; it is read again when another process has replaced it."""

    path: Path
    _read: tuple[tuple[int, int], StoreKeys] | None = field(default=None, repr=False)

    def keys(self) -> StoreKeys:
        """Return the keys as they stand now. Raises VaultProblem."""
        try:
            status = os.stat(self.path)
        except OSError as error:
            raise VaultProblem(f"{self.path}: cannot be read ({error.strerror}); run `aisle keys`") from error
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, _load(self.path))
        return self._read[1]

    def replace(self, store_keys: StoreKeys) -> None:
        """Put other keys in place of those in the file, durably, and overwrite those that go."""
        beside = self.path.with_suffix(".new")
        _write(beside, store_keys)
        with self.path.open("r+b") as old:
            os.replace(beside, self.path)
            _sync_folder(self.path.parent)
            # The name leads to the new keys now; these bytes still hold the old ones.
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes on this machine from replacing the keys as long as the block."""
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def create_missing_store_keys(directory: Path) -> bool:
    """Make the file of a new store when there is none; tell whether it was made."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / FILE_NAME
    if path.exists():
        return False
    _write(path, vault.new_store_keys())
    return True


def create_all_missing_keys(directory: Path, names: tuple[str, ...] = ROLES) -> list[str]:
    """Create what a backend needs of keys and is not there, CURVE pairs and the vault's; return what was made."""
    created = create_missing_keys(directory, names)
    return created + ([FILE_NAME] if create_missing_store_keys(directory) else [])


def open_store_keys(directory: Path) -> StoreKeyFile:
    """Return the file in the folder of keys. Raises VaultProblem when it is missing, damaged, or open to others."""
    key_file = StoreKeyFile(directory / FILE_NAME)
    key_file.keys()
    return key_file


def _write(path: Path, store_keys: StoreKeys) -> None:
    content = _Content(store_keys.newest, dict(store_keys.keys), store_keys.mark_key)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(content))
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _load(path: Path) -> StoreKeys:
    if path.stat().st_mode & 0o077:
        raise VaultProblem(f"{path}: other users may read it; run: chmod 600 {path}")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_Content)
    except (OSError, msgspec.DecodeError) as error:
        raise VaultProblem(f"{path}: holds no store keys ({error}); restore it from its own backup") from error
    lengths = {len(key) for key in (*content.keys.values(), content.mark_key)}
    if content.newest not in content.keys or lengths != {KEY_BYTES}:
        raise VaultProblem(f"{path}: its newest key is missing or too short; restore it from its own backup")
    return StoreKeys(content.newest, content.keys, content.mark_key)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
