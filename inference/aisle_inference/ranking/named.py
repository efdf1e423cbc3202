"""Features as named columns, so that a name and its values cannot drift apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.table import Floats

# One row a candidate, one column a name.
Features = npt.NDArray[np.float32]
# A value (R,) for every candidate under each name.
Columns = dict[str, Floats]


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
    """Return the columns side by side, (R, F), each in one piece of memory, as a forest reads them."""
    table = np.empty((len(columns), len(next(iter(columns.values())))), dtype=np.float32)
    for row, values in zip(table, columns.values(), strict=True):
        row[:] = values
    return table.T
