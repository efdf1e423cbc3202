"""Erasure, renewal of the store's key, retention, and backups from before an erasure, on both databases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert

from aisle.messages import ProblemCode, memory
from aisle.messages.memory import FactKind, Purpose
from store_backend import handlers, key_mirror, restored, upkeep, vault
from store_backend.backend import Backend
from store_backend.database import writing
from store_backend.key_file import StoreKeyFile, open_store_keys
from store_backend.memory import ERASURE_REACHES_IN_S, owner_of
from store_backend.tables import card_links, consents, data_keys, erasures, facts, memory_accesses
from store_backend.vault import VaultProblem, WrappedKey
from store_backend.writer import WriterSettings
from tests.store_backend.shoppers import ANNA, BEN, consent, fact, remembered, seen
from tests.store_backend.steps import NOW_S, answer, refused, rows

PERSONAL_TABLES = (data_keys, facts, consents, memory_accesses, card_links)
ERASE = memory.EraseShopper(shopper_id=ANNA)


def key_file_of(backend: Backend) -> StoreKeyFile:
    assert backend.key_file is not None
    return backend.key_file


def turns(backend: Backend, count: int) -> None:
    for _ in range(count):
        backend.forget_aged_replies()


def saved(backend: Backend) -> dict[str, list[dict[str, Any]]]:
    """Return a backup of the personal tables."""
    return {table.name: [dict(row) for row in rows(backend, table)] for table in PERSONAL_TABLES}


def restore(backend: Backend, backup: dict[str, list[dict[str, Any]]]) -> None:
    with writing(backend.engine).begin() as connection:
        connection.execute(delete(erasures))
        for table in PERSONAL_TABLES:
            connection.execute(delete(table))
            if backup[table.name]:
                connection.execute(insert(table), backup[table.name])


def take_up(backend: Backend) -> int:
    return restored.take_up(backend.engine, backend.catalogue, key_file_of(backend), NOW_S)


def opens(backup: Sequence[dict[str, Any]], owner: str, key_file: StoreKeyFile) -> bool:
    """Tell whether an owner's wrapped key from a backup still opens."""
    (row,) = [row for row in backup if row["owner"] == owner]
    return vault.unwrap(key_file.keys(), owner, WrappedKey(row["content"], row["wrapped_by"])) is not None


def test_an_erased_shopper_leaves_no_row_and_no_other_shopper_notices(backend: Backend) -> None:
    remembered(backend)
    remembered(backend, BEN)
    before = seen(backend, BEN).facts
    answer(backend, memory.OfferCardLink(shopper_id=ANNA))
    erased = answer(backend, ERASE)
    assert erased == memory.ShopperErased(erased_unix_s=NOW_S, reached_by_unix_s=NOW_S + ERASURE_REACHES_IN_S)
    for table in PERSONAL_TABLES:
        assert not [row for row in rows(backend, table) if ANNA in str(dict(row))]
    assert seen(backend, BEN).facts == before


def test_erasing_again_gives_the_time_of_the_first(backend: Backend) -> None:
    first = answer(backend, ERASE)
    assert answer(replace(backend, clock=lambda: NOW_S + 100.0), ERASE) == first


def test_a_late_message_does_not_revive_an_erased_shopper(backend: Backend) -> None:
    remembered(backend)
    answer(backend, ERASE)
    opening = memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=memory.Reason.SHOPPER_ASKED)
    for late in (consent(Purpose.WISH_LIST), fact(FactKind.WISH), opening, memory.OfferCardLink(shopper_id=ANNA)):
        code, sentence = refused(backend, late)
        assert (code, "was erased" in sentence) == (ProblemCode.FORBIDDEN, True)
    assert all(rows(backend, table) == [] for table in PERSONAL_TABLES)


def test_a_ticket_of_an_erased_shopper_opens_nothing(backend: Backend) -> None:
    remembered(backend)
    opening = memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=memory.Reason.SHOPPER_ASKED)
    ticket = answer(backend, opening).ticket
    answer(backend, ERASE)
    assert refused(backend, memory.MemoryQuery(ticket=ticket))[0] is ProblemCode.FORBIDDEN


def test_robots_learn_who_was_erased_lately_even_of_those_whom_the_store_does_not_know(backend: Backend) -> None:
    answer(backend, ERASE)
    answer(replace(backend, clock=lambda: NOW_S + 100.0), memory.EraseShopper(shopper_id=BEN))
    later = replace(backend, clock=lambda: NOW_S + 101.0)
    told = [answer(later, memory.ErasedQuery(within_s=within_s), "gateway") for within_s in (10.0, 1000.0)]
    assert [set(one.shopper_ids) for one in told] == [{BEN}, {ANNA, BEN}]
    assert all(one.is_complete for one in told)


def test_a_list_that_is_too_long_says_so(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers.erasure, "MAX_ERASED", 1)
    for shopper_id in (ANNA, BEN):
        answer(backend, memory.EraseShopper(shopper_id=shopper_id))
    told = answer(backend, memory.ErasedQuery(within_s=10.0))
    assert (len(told.shopper_ids), told.is_complete) == (1, False)


def test_after_two_turns_the_key_of_an_erased_shopper_opens_in_no_older_copy(backend: Backend) -> None:
    remembered(backend)
    remembered(backend, BEN)
    backup = saved(backend)["data_keys"]
    answer(backend, ERASE)
    turns(backend, 1)
    assert len(seen(backend, BEN).facts) == len(FactKind)
    turns(backend, 1)
    assert not opens(backup, owner_of(ANNA), key_file_of(backend))
    assert len(seen(backend, BEN).facts) == len(FactKind)


def test_an_erasure_between_the_turns_reaches_its_copies_within_three_more(backend: Backend) -> None:
    for shopper_id in (ANNA, BEN):
        remembered(backend, shopper_id)
    answer(backend, ERASE)
    turns(backend, 1)
    backup = saved(backend)["data_keys"]
    answer(backend, memory.EraseShopper(shopper_id=BEN))
    turns(backend, 3)
    assert not opens(backup, owner_of(BEN), key_file_of(backend))
    # A write that comes just before a turn puts it off by as long again.
    assert 3 * 2 * WriterSettings().forget_every_s < ERASURE_REACHES_IN_S


@pytest.mark.integration
def test_no_memory_is_lost_while_keys_are_renewed_beside_new_and_reading_shoppers(backend: Backend) -> None:
    def another_process() -> Backend:
        return replace(backend, key_file=open_store_keys(key_file_of(backend).path.parent))

    def renew() -> None:
        process, key_file = another_process(), open_store_keys(key_file_of(backend).path.parent)
        for _ in range(8):
            with key_file.held():
                upkeep.renew(process.engine, key_file)
                # What a turn of the writer lies between.
                time.sleep(0.1)
                upkeep.destroy_older(process.engine, key_file)

    def shop(first: int) -> list[str]:
        process, shopper_ids = another_process(), [f"{number:032x}" for number in range(first, first + 30)]
        for shopper_id in shopper_ids:
            answer(process, consent(Purpose.WISH_LIST, shopper_id=shopper_id))
            answer(process, fact(FactKind.WISH, shopper_id=shopper_id))
            assert len(seen(process, shopper_id).facts) == 1
        return shopper_ids

    with ThreadPoolExecutor(3) as pool:
        renewing, *shopping = pool.submit(renew), pool.submit(shop, 0), pool.submit(shop, 1000)
        shopper_ids = [shopper_id for one in shopping for shopper_id in one.result()]
        renewing.result()
    assert key_file_of(backend).keys().newest == 9
    assert all(len(seen(backend, shopper_id).facts) == 1 for shopper_id in shopper_ids)


def test_without_an_erasure_the_stores_key_stays(backend: Backend) -> None:
    remembered(backend)
    before = key_file_of(backend).keys()
    turns(backend, 3)
    assert key_file_of(backend).keys() == before


def test_a_renewal_that_was_cut_off_in_the_middle_is_finished_and_loses_nobody(backend: Backend) -> None:
    remembered(backend)
    key_file = key_file_of(backend)
    key_file.replace(vault.renewed(key_file.keys()))
    turns(backend, 1)
    assert list(key_file.keys().keys) == [2]
    assert len(seen(backend).facts) == len(FactKind)


def test_a_backup_from_before_an_erasure_brings_everybody_back_but_the_erased(backend: Backend) -> None:
    for shopper_id in (ANNA, BEN):
        remembered(backend, shopper_id)
    backup = saved(backend)
    answer(backend, ERASE)
    turns(backend, 2)
    restore(backend, backup)
    assert take_up(backend) == 1
    assert len(seen(backend, BEN).facts) == len(FactKind)
    assert not [row for table in PERSONAL_TABLES for row in rows(backend, table) if ANNA in str(dict(row))]
    assert answer(backend, memory.ErasedQuery(within_s=10.0)).shopper_ids == (ANNA,)
    assert take_up(backend) == 0


def test_a_restored_database_without_the_copy_of_its_keys_erases_nobody(backend: Backend) -> None:
    remembered(backend, BEN)
    backup = saved(backend)
    answer(backend, ERASE)
    turns(backend, 2)
    restore(backend, backup)
    (key_file_of(backend).path.parent / key_mirror.FILE_NAME).unlink()
    with pytest.raises(VaultProblem, match="restore it with the store's key"):
        take_up(backend)
    assert len(rows(backend, facts)) == len(FactKind)


def test_keys_that_are_older_than_the_database_are_refused(backend: Backend) -> None:
    remembered(backend, BEN)
    key_file = key_file_of(backend)
    old = key_file.keys()
    answer(backend, ERASE)
    turns(backend, 2)
    key_file.replace(old)
    with pytest.raises(VaultProblem, match="is older than the database"):
        take_up(backend)


def test_what_is_too_old_is_swept(backend: Backend) -> None:
    remembered(backend)
    answer(backend, memory.OfferCardLink(shopper_id=ANNA))
    seen(backend)
    assert upkeep.sweep(backend.engine, NOW_S + 366 * 86_400.0) == 4
    assert [row["kind"] for row in rows(backend, facts)] == [FactKind.CARD, FactKind.E_MAIL, FactKind.PHONE]
    assert upkeep.sweep(backend.engine, NOW_S + 731 * 86_400.0) == 3
