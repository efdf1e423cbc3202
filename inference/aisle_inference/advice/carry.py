"""The kit as a signed folder: one file of arrays, and one ONNX graph a task.

The lists of candidates and their features are compiled code that training shares: as a graph there would be two of them
to keep alike, for the same time. What pays is inside: every tree, the mean of the forests and the best rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aisle_inference.advice.kit import CarriedLore, Kit
from aisle_inference.carried.arrays import unpacked
from aisle_inference.carried.folder import Carried, load_folder
from aisle_inference.carried.manifest import Manifest
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.scorer import load_scorer
from aisle_inference.harness.queries import Task
from aisle_inference.intent.answer import IntentModel
from aisle_inference.intent.runtime import read_intent_graph
from aisle_inference.ranking.sources import SOURCES

LORE_FILE = "lore.npz"
INTENT_FILE = "intent.onnx"
KIND = "adviser"


@dataclass(frozen=True, slots=True)
class CarriedAdviser:
    """A folder that was checked: what it says of itself, the kit, and, if it is there, the model of intents."""

    manifest: Manifest
    kit: Kit
    intents: IntentModel | None


def graph_file(task: Task) -> str:
    """Return the name of the file with the forests of a task."""
    return f"{task.value}.onnx"


def load_adviser(folder: Path, key_file: Path) -> CarriedAdviser:
    """Check, read and warm up what a robot carries. Raises ModelProblem."""
    carried = load_folder(folder, key_file)
    if carried.manifest.kind != KIND or LORE_FILE not in carried.files:
        raise ModelProblem(f"{folder}: holds {carried.manifest.kind!r}, not an adviser; run `aisle train`")
    intents = read_intent_graph(carried.files[INTENT_FILE]) if INTENT_FILE in carried.files else None
    return CarriedAdviser(carried.manifest, _kit(folder, carried), intents)


def _kit(folder: Path, carried: Carried) -> Kit:
    lore = unpacked(str(folder / LORE_FILE), carried.files[LORE_FILE], CarriedLore)
    scorers = {
        task: load_scorer(str(folder / graph_file(task)), carried.files[graph_file(task)], SOURCES[task](lore).names)
        for task in Task
        if graph_file(task) in carried.files
    }
    return Kit.of(lore, scorers)
