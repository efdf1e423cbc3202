from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from catalogue.database import write_catalogue
from catalogue.replica import open_replica
from catalogue.sync import MAX_REPLICA_BYTES, FetchChunk, SyncError, file_sha256, sync_replica
from tests.catalogue.samples import CATEGORIES, PRODUCTS


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    path = tmp_path / "offered.sqlite"
    write_catalogue(path, PRODUCTS, CATEGORIES)
    return path.read_bytes()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "robot" / "catalogue.sqlite"


def _chunks(content: bytes, size: int = 1000) -> FetchChunk:
    return lambda offset: content[offset : offset + size]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _leftovers(target: Path) -> list[Path]:
    return [path for path in target.parent.iterdir() if path != target]


def test_a_catalogue_is_fetched_in_pieces_and_can_be_opened(content: bytes, target: Path) -> None:
    assert sync_replica(target, _sha256(content), len(content), _chunks(content))
    with open_replica(target) as replica:
        assert replica.products() == PRODUCTS
    assert _leftovers(target) == []
    assert file_sha256(target) == _sha256(content)


def test_what_is_there_already_is_not_fetched_again(content: bytes, target: Path) -> None:
    sync_replica(target, _sha256(content), len(content), _chunks(content))

    def never(offset: int) -> bytes:
        raise AssertionError(f"asked for byte {offset}")

    assert not sync_replica(target, _sha256(content), len(content), never)


def test_a_reader_keeps_the_catalogue_it_opened(content: bytes, target: Path, tmp_path: Path) -> None:
    sync_replica(target, _sha256(content), len(content), _chunks(content))
    smaller = tmp_path / "smaller.sqlite"
    write_catalogue(smaller, PRODUCTS[:1], CATEGORIES)
    new = smaller.read_bytes()
    with open_replica(target) as replica:
        assert sync_replica(target, _sha256(new), len(new), _chunks(new))
        assert len(replica.products()) == len(PRODUCTS)
    with open_replica(target) as replica:
        assert len(replica.products()) == 1


def _refused(target: Path, old: bytes, sha256: str, size_bytes: int, fetch: FetchChunk, message: str) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(old)
    with pytest.raises(SyncError, match=message):
        sync_replica(target, sha256, size_bytes, fetch)
    assert target.read_bytes() == old, "the old catalogue stays"
    assert _leftovers(target) == []


def test_a_flipped_bit_is_noticed(content: bytes, target: Path) -> None:
    bad = bytearray(content)
    bad[5000] ^= 1
    _refused(target, b"old", _sha256(content), len(content), _chunks(bytes(bad)), "SHA-256")


def test_a_short_answer_is_noticed(content: bytes, target: Path) -> None:
    _refused(target, b"old", _sha256(content), len(content), _chunks(content[:-1]), "ended after")


def test_a_long_answer_is_noticed(content: bytes, target: Path) -> None:
    _refused(target, b"old", _sha256(content), len(content) - 1, lambda offset: content, "ended after")


def test_what_is_no_catalogue_is_not_installed(target: Path) -> None:
    rubbish = b"rubbish" * 100
    _refused(target, b"old", _sha256(rubbish), len(rubbish), _chunks(rubbish), "cannot be used")


@pytest.mark.parametrize("size_bytes", [0, -1, MAX_REPLICA_BYTES + 1])
def test_an_impossible_size_is_refused(content: bytes, target: Path, size_bytes: int) -> None:
    _refused(target, b"old", _sha256(content), size_bytes, _chunks(content), "the limit is")


def test_a_line_that_breaks_leaves_nothing_behind(content: bytes, target: Path) -> None:
    def broken(offset: int) -> bytes:
        if offset >= 2000:
            raise TimeoutError("backend is gone")
        return content[offset : offset + 1000]

    with pytest.raises(TimeoutError, match="gone"):
        sync_replica(target, _sha256(content), len(content), broken)
    assert list(target.parent.iterdir()) == []
