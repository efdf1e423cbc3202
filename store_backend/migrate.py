"""`aisle backend migrate`: bring a database to a version of its tables, forth or back, while no backend runs on it."""

from __future__ import annotations

import argparse
import sys

from store_backend import schema
from store_backend.database import DatabaseProblem, SchemaProblem, connect, writing


def main(argv: list[str] | None = None) -> int:
    """Migrate from the command line; problems are one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="aisle backend migrate", description="Migrate the tables of a database.")
    parser.add_argument("--database", required=True, help="SQLAlchemy URL, as for `aisle backend`")
    parser.add_argument("--to", default=schema.HEAD, help='"head" (the default), "base", or a number such as 0001')
    options = parser.parse_args(argv)
    try:
        engine = connect(options.database)
        try:
            schema.migrate(writing(engine), options.to)
        finally:
            engine.dispose()
    except (DatabaseProblem, SchemaProblem) as problem:
        sys.stderr.write(f"aisle backend migrate: {problem}\n")
        return 1
    return 0
