"""Features as named columns, so that a name and its values cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aisle_inference.harness.queries import Query
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.forest import Features

# A value (R,) for every candidate under each name.
Columns = dict[str, Floats]
# Queries worked on at once: dense scores of 256 x 22,000 products are 22 MB.
BLOCK = 256


def joined(*groups: Columns) -> Columns:
    """Return all columns in order. Raises ValueError when two have the same name."""
    columns = {name: values for group in groups for name, values in group.items()}
    if len(columns) < sum(map(len, groups)):
        names = [name for group in groups for name in group]
        raise ValueError(f"features named twice: {sorted({name for name in names if names.count(name) > 1})}")
    return columns


def prefixed(prefix: str, columns: Columns) -> Columns:
    """Return the columns with a word before each name."""
    return {f"{prefix} {name}": values for name, values in columns.items()}


def table_of(columns: Columns) -> Features:
    """Return the columns side by side, (R, F)."""
    return np.stack([np.asarray(values, dtype=np.float32) for values in columns.values()], axis=1)


def blocks(queries: Sequence[Query]) -> Iterator[Sequence[Query]]:
    """Yield the queries a few at a time; one empty block when there are none."""
    for first in range(0, max(1, len(queries)), BLOCK):
        yield queries[first : first + BLOCK]


def blocks_with(queries: Sequence[Query], candidates: Candidates) -> Iterator[tuple[Sequence[Query], Candidates]]:
    """Yield the same blocks with their candidates."""
    first = 0
    for block in blocks(queries):
        rows = slice(int(candidates.start[first]), int(candidates.start[first + len(block)]))
        start = candidates.start[first : first + len(block) + 1] - candidates.start[first]
        yield block, Candidates(candidates.query[rows] - np.int32(first), candidates.product[rows], start)
        first += len(block)
