"""A copy of the wrapped data keys beside the store's key, so that a backup of the database of any age can be used.

When the store's key is renewed, the wrapped keys in older backups open no more, those of erased shoppers and of all
others. The copy is written with each renewal and holds nobody who was erased.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from store_backend.vault import VaultProblem, WrappedKey

FILE_NAME = "data_keys.json"


def write(directory: Path, keys: Iterable[tuple[str, WrappedKey]]) -> None:
    """Put the wrapped keys of all owners in place of the copy that was there, durably."""
    path, beside = directory / FILE_NAME, directory / f"{FILE_NAME}.new"
    beside.unlink(missing_ok=True)
    content = msgspec.json.encode(dict(keys))
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def read(directory: Path) -> dict[str, WrappedKey]:
    """Return the wrapped keys by owner. Raises VaultProblem, also when there is no copy."""
    path = directory / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, WrappedKey])
    except (OSError, msgspec.DecodeError) as error:
        raise VaultProblem(f"{path}: cannot be read ({error}); restore it with the store's key") from error
