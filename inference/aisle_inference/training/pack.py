"""What was learnt as the files of a kit; `advice/carry.py` reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aisle_inference.advice.carry import LORE_FILE, graph_file
from aisle_inference.advice.kit import CarriedLore
from aisle_inference.carried.arrays import packed
from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.harness.queries import Task
from aisle_inference.ranking.forest import Forest


def files_of(lore: CarriedLore, forests: Mapping[Task, Sequence[Forest]]) -> dict[str, bytes]:
    """Return the content of every file: the lore, and one graph a task."""
    graphs = {graph_file(task): forest_graph(some).SerializeToString() for task, some in forests.items()}
    return {LORE_FILE: packed(lore), **graphs}
