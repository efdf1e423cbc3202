"""The one writer of the robot's catalogue replica: fetch it in pieces, check it, move it into place."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from catalogue.replica import ReplicaError, open_replica

_log = logging.getLogger(__name__)

MAX_REPLICA_BYTES = 256 * 1024 * 1024

FetchChunk = Callable[[int], bytes]
"""Returns the piece of the offered file at an offset in bytes; empty at its end."""


class SyncError(RuntimeError):
    """A catalogue that could not be fetched; the old one stays. The message says what was wrong."""


def sync_replica(target: Path, sha256: str, size_bytes: int, fetch_chunk: FetchChunk) -> bool:
    """Make `target` the offered catalogue; return False when it already was.

    The new file is written beside the target, checked (length, SHA-256, readable as a catalogue) and only then moved
    over it, so a reader never sees half a file. Raises SyncError, and whatever `fetch_chunk` raises.
    """
    if target.is_file() and file_sha256(target) == sha256:
        return False
    if not 0 < size_bytes <= MAX_REPLICA_BYTES:
        raise SyncError(f"the offered catalogue has {size_bytes} bytes, the limit is {MAX_REPLICA_BYTES}")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _download(part, sha256, size_bytes, fetch_chunk)
        _check_readable(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    _sync_directory(target.parent)
    _log.info("catalogue replica replaced: %s, %d bytes, sha256 %s", target, size_bytes, sha256[:12])
    return True


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(part: Path, sha256: str, size_bytes: int, fetch_chunk: FetchChunk) -> None:
    digest, offset = hashlib.sha256(), 0
    with part.open("wb") as file:
        while offset < size_bytes:
            chunk = fetch_chunk(offset)
            offset += len(chunk)
            if not chunk or offset > size_bytes:
                raise SyncError(f"the catalogue ended after {offset} bytes, {size_bytes} were offered")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != sha256:
        raise SyncError(f"the fetched catalogue has SHA-256 {digest.hexdigest()[:12]}..., offered was {sha256[:12]}...")


def _check_readable(part: Path) -> None:
    try:
        with open_replica(part):
            pass
    except ReplicaError as error:
        raise SyncError(f"the fetched catalogue cannot be used: {error}") from error


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
