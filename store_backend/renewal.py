"""Renewing the store's key by hand, for example when somebody who knew it has left."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from store_backend import upkeep
from store_backend.database import DatabaseProblem, cause_of, open_database
from store_backend.key_file import open_store_keys
from store_backend.vault import VaultProblem


class RenewalProblem(RuntimeError):
    """The key was not renewed, or its old one is still there; the sentence says why."""


def renew_store_key(database_url: str, keys_dir: Path, readers_end_s: float = 2.0) -> int:
    """Wrap all data keys with a new key of the store and destroy the older ones; return the new key's number.

    Between the two it waits for readers that began with an old key. Raises RenewalProblem.
    """
    try:
        key_file = open_store_keys(keys_dir)
        engine = open_database(database_url)
        try:
            with key_file.held():
                upkeep.renew(engine, key_file)
                time.sleep(readers_end_s)
                upkeep.destroy_older(engine, key_file)
        finally:
            engine.dispose()
        return key_file.keys().newest
    except (DatabaseProblem, VaultProblem, OSError) as problem:
        raise RenewalProblem(str(problem)) from problem
    except SQLAlchemyError as error:
        raise RenewalProblem(f"{cause_of(error)}; run it again, nothing is lost") from error
