from __future__ import annotations

import stat
from pathlib import Path

import pytest

from store_backend import vault
from store_backend.key_file import FILE_NAME, StoreKeyFile, create_missing_store_keys, open_store_keys
from store_backend.vault import VaultProblem


@pytest.fixture
def key_file(tmp_path: Path) -> StoreKeyFile:
    assert create_missing_store_keys(tmp_path)
    return open_store_keys(tmp_path)


def test_only_the_owner_reads_the_file(key_file: StoreKeyFile) -> None:
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600
    key_file.replace(vault.renewed(key_file.keys()))
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600


def test_keys_that_are_there_are_never_made_anew(key_file: StoreKeyFile) -> None:
    before = key_file.keys()
    assert not create_missing_store_keys(key_file.path.parent)
    assert open_store_keys(key_file.path.parent).keys() == before


def test_another_process_that_renews_the_keys_is_noticed(key_file: StoreKeyFile) -> None:
    before = key_file.keys()
    open_store_keys(key_file.path.parent).replace(vault.renewed(before))
    assert key_file.keys().newest == before.newest + 1


def test_the_keys_that_go_are_overwritten_where_they_lay(key_file: StoreKeyFile) -> None:
    with key_file.path.open("rb") as old:
        key_file.replace(vault.without_older(vault.renewed(key_file.keys())))
        assert set(old.read()) == {0}


@pytest.mark.parametrize(("content", "words"), [
    (b"", "holds no store keys"),
    (b"{}", "holds no store keys"),
    (b'{"newest":1,"keys":{"1":"AAAA"},"mark_key":"AAAA"}', "its newest key is missing or too short"),
    (b'{"newest":2,"keys":{},"mark_key":"AAAA"}', "its newest key is missing or too short"),
])  # fmt: skip
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(VaultProblem, match=words):
        open_store_keys(tmp_path)


def test_a_missing_file_and_one_that_others_may_read_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VaultProblem, match="run `aisle keys`"):
        open_store_keys(tmp_path)
    create_missing_store_keys(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o640)
    with pytest.raises(VaultProblem, match="chmod 600"):
        open_store_keys(tmp_path)
