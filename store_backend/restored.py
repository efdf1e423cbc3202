"""Taking up a database that was restored from an older backup: who was erased since then stays erased."""

from __future__ import annotations

import logging

from sqlalchemy import Engine

from store_backend import key_mirror, memory
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import writing
from store_backend.handlers.erasure import remove_shopper
from store_backend.key_file import StoreKeyFile
from store_backend.records.vault import DataKeyRecords
from store_backend.unit_of_work import UnitOfWork, unit_of_work
from store_backend.vault import VaultProblem

log = logging.getLogger(__name__)


def take_up(engine: Engine, catalogue: CatalogueFile, key_file: StoreKeyFile, now_unix_s: float) -> int:
    """Put present data keys in place of those that open no more; return how many owners were erased since the backup.

    Raises VaultProblem when the store's keys are older than the database, or their copy of data keys is missing.
    """
    store_keys = key_file.keys()
    with writing(engine).begin() as connection:
        records = DataKeyRecords(connection)
        if records.newest_wrapping() > store_keys.newest:
            raise VaultProblem(f"{key_file.path}: is older than the database; restore the newest copy of the keys")
        closed = [
            owner for owner, one in records.wrapped_before(store_keys.newest) if one.wrapped_by not in store_keys.keys
        ]
        if not closed:
            return 0
        present = key_mirror.read(key_file.path.parent)
        records.replace_keys([(owner, present[owner]) for owner in closed if owner in present])
        erased = [owner for owner in closed if owner not in present]
        work = unit_of_work(connection, catalogue, key_file, now_unix_s)
        for owner in erased:
            _erase(owner, work)
    log.warning("a restored database: %d owners have their keys again, %d were erased since", len(closed), len(erased))
    return len(erased)


def _erase(owner: str, work: UnitOfWork) -> None:
    shopper_id = memory.shopper_of(owner)
    if shopper_id is None:
        work.safe.destroy(owner)
    else:
        remove_shopper(shopper_id, work)
