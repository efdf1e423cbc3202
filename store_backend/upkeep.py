"""What the vault needs now and then: removing what is too old, and destroying what erased shoppers left in copies.

An erased shopper's wrapped key may still lie in a backup, a log of the database or a freed page. So the store's key is
renewed after an erasure: one turn wraps all data keys with a new one, the next turn destroys the old one, and a wrapped
key in an old copy opens no more. The turn in between lets readers finish that began with the old one.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, Engine

from store_backend import key_mirror, memory, vault
from store_backend.database import writing
from store_backend.key_file import StoreKeyFile
from store_backend.records.accesses import AccessRecords
from store_backend.records.card_links import CardLinkRecords
from store_backend.records.care import CareRecords
from store_backend.records.erasures import ErasureRecords
from store_backend.records.facts import FactRecords
from store_backend.records.vault import DataKeyRecords
from store_backend.scrubbing import scrub

log = logging.getLogger(__name__)
# What a shopper looked for helps whoever takes the call, and for a while whoever is asked about it.
STORIES_KEPT_S = 30 * 86_400.0


def turn(engine: Engine, key_file: StoreKeyFile, now_unix_s: float) -> None:
    """Do what is due; after an error the next turn goes on where this one stopped.

    Raises SQLAlchemyError, VaultProblem and OSError.
    """
    sweep(engine, now_unix_s)
    with key_file.held():
        if len(key_file.keys().keys) > 1:
            destroy_older(engine, key_file)
        elif _erased_by(engine) >= key_file.keys().newest:
            renew(engine, key_file)


def sweep(engine: Engine, now_unix_s: float) -> int:
    """Remove what is kept no longer, rows and exact times; return how many rows were concerned."""
    with writing(engine).begin() as connection:
        return (
            FactRecords(connection).remove_aged(now_unix_s)
            + CardLinkRecords(connection).remove_aged(now_unix_s)
            + AccessRecords(connection).remove_aged(now_unix_s - memory.ACCESSES_KEPT_S)
            + AccessRecords(connection).end_tickets(now_unix_s)
            + ErasureRecords(connection).remove_aged(now_unix_s - memory.ERASURES_KEPT_S)
            + CareRecords(connection).forget_stories(now_unix_s - STORIES_KEPT_S)
        )


def renew(engine: Engine, key_file: StoreKeyFile) -> None:
    """Give the store a new key and wrap every data key with it; the old one still opens what readers hold."""
    key_file.replace(vault.renewed(key_file.keys()))
    with writing(engine).begin() as connection:
        count = _wrap_anew(connection, key_file)
    scrub(engine)
    log.info("the store's key was renewed for %d data keys", count)


def destroy_older(engine: Engine, key_file: StoreKeyFile) -> None:
    """Keep the newest key of the store alone."""
    with writing(engine).begin() as connection:
        # A process that ended in the middle of a renewal has left data keys behind.
        _wrap_anew(connection, key_file)
        key_mirror.write(key_file.path.parent, DataKeyRecords(connection).wrapped_before(key_file.keys().newest + 1))
    key_file.replace(vault.without_older(key_file.keys()))
    scrub(engine)
    log.info("the store's older keys were destroyed")


def _wrap_anew(connection: Connection, key_file: StoreKeyFile) -> int:
    records, store_keys = DataKeyRecords(connection), key_file.keys()
    records.hold_store_key(exclusively=True)
    older = records.wrapped_before(store_keys.newest)
    opened = [(owner, vault.unwrap(store_keys, owner, wrapped)) for owner, wrapped in older]
    anew = [(owner, vault.wrap(store_keys, owner, data_key)) for owner, data_key in opened if data_key is not None]
    records.replace_keys(anew)
    return len(anew)


def _erased_by(engine: Engine) -> int:
    with engine.connect() as connection:
        return ErasureRecords(connection).newest_store_key()
