"""A backend without a process and a socket, to look into the database of one that has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from aisle import bus, clock, paths
from catalogue.replica import ReplicaError
from store_backend.backend import Backend
from store_backend.catalogue_file import open_catalogue
from store_backend.database import DatabaseProblem, open_database, present_file
from store_backend.key_file import open_store_keys
from store_backend.vault import VaultProblem


@contextmanager
def local_backend(database: str) -> Iterator[Callable[[msgspec.Struct], msgspec.Struct]]:
    """Yield what answers staff from a database. Raises BusError with the sentence of what cannot be opened."""
    try:
        store_keys = open_store_keys(paths.var_dir() / "keys")
        catalogue = open_catalogue(paths.demo_store_dir())
        engine = open_database(present_file(database))
    except (DatabaseProblem, VaultProblem, ReplicaError) as problem:
        raise bus.BusError(str(problem)) from problem
    try:
        backend = Backend(engine, catalogue, clock.wall_s, store_keys)
        yield lambda message: backend.answer("admin", message)
    finally:
        engine.dispose()
