"""Sealing inside a transaction, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from store_backend.backend import Backend
from store_backend.database import writing
from store_backend.records.vault import DataKeyRecords
from store_backend.safe import Safe
from store_backend.vault import VaultProblem
from tests.store_backend.steps import NOW_S


@contextmanager
def opened(backend: Backend) -> Iterator[Safe]:
    with writing(backend.engine).begin() as connection:
        yield Safe(DataKeyRecords(connection), backend.key_file, NOW_S)


def test_what_was_sealed_in_one_transaction_opens_in_the_next(backend: Backend) -> None:
    with opened(backend) as safe:
        sealed = safe.seal("anna", "wish", "oat milk")
        second = safe.seal("anna", "contact", "anna@example.org")
    with opened(backend) as safe:
        assert safe.unseal("anna", "wish", sealed) == "oat milk"
        assert safe.unseal("anna", "contact", second) == "anna@example.org"
        assert safe.records.count_keys() == 1


def test_each_owner_has_a_key_of_its_own(backend: Backend) -> None:
    with opened(backend) as safe:
        annas, bens = safe.seal("anna", "wish", "oat milk"), safe.seal("ben", "wish", "rye bread")
        assert safe.destroy("anna")
    with opened(backend) as safe:
        assert safe.unseal("anna", "wish", annas) is None
        assert safe.unseal("ben", "wish", bens) == "rye bread"
        assert not safe.destroy("anna")


def test_an_owner_whose_transaction_failed_has_no_key(backend: Backend) -> None:
    with writing(backend.engine).connect() as connection:
        Safe(DataKeyRecords(connection), backend.key_file, NOW_S).seal("anna", "wish", "oat milk")
        connection.rollback()
    with opened(backend) as safe:
        assert safe.records.key_of("anna") is None


def test_without_the_stores_keys_nothing_personal_is_kept(sqlite_backend: Backend) -> None:
    with writing(sqlite_backend.engine).begin() as connection:
        safe = Safe(DataKeyRecords(connection), None, NOW_S)
        with pytest.raises(VaultProblem, match="opened without the store's keys"):
            safe.seal("anna", "wish", "oat milk")
        assert safe.records.count_keys() == 0
