"""The backend's process: opens catalogue, database and socket, then answers until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import resource
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from aisle import bus, channels, clock, logs
from aisle.config import ConfigError
from aisle.keys import KeyProblem
from aisle.pilots import load_pilots
from catalogue.replica import ReplicaError
from store_backend import assignment, restored
from store_backend.backend import Backend
from store_backend.board import open_board
from store_backend.catalogue_file import CatalogueWatch, open_catalogue
from store_backend.database import DatabaseProblem, open_database
from store_backend.desk import open_desk
from store_backend.key_desk import open_key_desk
from store_backend.key_file import open_store_keys
from store_backend.monitor import monitor, watch_size
from store_backend.vault import VaultProblem
from store_backend.writer import WriterEnded
from store_model.planogram import PlanogramError

log = logging.getLogger(__name__)
_POLL_S, _LOOK_EVERY_S = 0.1, 0.05


def serve(
    store_dir: Path, keys_dir: Path, database_url: str, stop: threading.Event, monitor_port: int | None = None
) -> None:
    """Serve until `stop` is set. Raises named errors in plain words when something cannot be opened."""
    watch = CatalogueWatch(store_dir)
    catalogue = open_catalogue(store_dir)
    key_file, pilots = open_store_keys(keys_dir), load_pilots(store_dir)
    engine = open_database(database_url)
    backend = Backend(engine, catalogue, clock.wall_s, key_file, pilots)
    identity = bus.Identity("store_backend", keys_dir)
    try:
        restored.take_up(engine, catalogue, key_file, clock.wall_s())
        with ExitStack() as stack:
            desk = stack.enter_context(open_desk(backend, identity))
            board = stack.enter_context(open_board(backend, identity))
            key_desk = stack.enter_context(open_key_desk(identity))
            watch_size(engine, backend.meter)
            if monitor_port is not None:
                stack.enter_context(monitor(engine, backend.meter, monitor_port))
            backend.meter.note_working()
            threading.Thread(target=assignment.load, name="load-assignment", daemon=True).start()
            log.info("serving %d products at %s", len(catalogue.products), channels.BACKEND.endpoint())
            looked_s = float("-inf")
            while not stop.is_set():
                desk.turn(_POLL_S)
                now_s = clock.monotonic_s()
                # Looking costs about as much as answering a query does.
                if now_s - looked_s < _LOOK_EVERY_S:
                    continue
                looked_s = now_s
                board.turn(now_s)
                backend.catalogue = watch.newer(now_s) or backend.catalogue
                key_desk.turn(now_s)
    finally:
        engine.dispose()


def _allow_many_connections() -> None:
    """Raise the limit of open files to what the system permits: every connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(argv: list[str] | None = None) -> int:
    """Run the backend from the command line; problems are one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="aisle backend", description="The store's backend.")
    parser.add_argument("--store", type=Path, required=True, help="store directory, built by `aisle store build`")
    parser.add_argument("--keys", type=Path, required=True, help="folder of CURVE keys, made by `aisle keys`")
    parser.add_argument(
        "--database", required=True, help="SQLAlchemy URL, such as sqlite:////var/lib/aisle/store.sqlite"
    )
    parser.add_argument("--monitor", type=int, help="port on this machine for /metrics and /health; 0 takes a free one")
    parser.add_argument("--log-json", action="store_true", help="write the log as one JSON object a line")
    options = parser.parse_args(argv)
    logs.configure(options.log_json)
    _allow_many_connections()
    # It tells of every step that it looks at; what fails is an error.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        serve(options.store, options.keys, options.database, stop, options.monitor)
    except (
        bus.BusError,
        ConfigError,
        KeyProblem,
        ReplicaError,
        PlanogramError,
        DatabaseProblem,
        VaultProblem,
        WriterEnded,
    ) as problem:
        sys.stderr.write(f"aisle backend: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
