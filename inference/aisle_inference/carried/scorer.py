"""Forests as they score on a robot: compiled from the ONNX graph that is carried, and held against ONNX Runtime.

The graph alone is signed, so there is nothing beside it that could drift from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from aisle_inference.carried.bit_tables import bit_forest, has_room_for
from aisle_inference.carried.forest_form import ZERO_WIDTH, Features
from aisle_inference.carried.forest_session import ForestSession, Places, Scores, load_forest
from aisle_inference.carried.graph_trees import trees_in
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.trees import Trees

_ROWS, _SEED = 512, 2017
# The runtime adds in 32 bits and the compiled forest in 64.
_MOST_APART = 1e-4
_ANYWHERE = (0.0, -0.0, ZERO_WIDTH, 1.0, -1.0, 1e4, np.nan, np.inf, -np.inf)


class Engine(StrEnum):
    """What scores: the compiled forest, or ONNX Runtime where a tree has too many leaves for it."""

    COMPILED = "compiled"
    ONNX_RUNTIME = "onnxruntime"


@dataclass(frozen=True, slots=True)
class CheckedForest:
    """A forest that was checked and has run; `names` are those of its features, `scores_of` gives their log odds."""

    names: tuple[str, ...]
    engine: Engine
    scores_of: Callable[[Features], Scores]

    def best(self, features: Features, limit: int) -> tuple[Places, Scores]:
        """Return the places (k,) of the best rows of features (R, F), best first, and the log odds (R,) of all.

        k is the lesser of limit and R; of equal rows the first comes first.
        """
        scores = self.scores_of(features)
        return np.argsort(-scores, kind="stable")[:limit], scores


def load_scorer(where: str, content: bytes, names: tuple[str, ...]) -> CheckedForest:
    """Load a graph of forests over features of these names, compile it, and hold both against each other once.

    `where` is the file that the content comes from, for the message. Raises ModelProblem, also when the scores differ.
    """
    session = load_forest(where, content, names)
    trees = trees_in(where, content, names)
    if not has_room_for(trees):
        return CheckedForest(names, Engine.ONNX_RUNTIME, lambda features: session.best(features, 1)[1])
    compiled = bit_forest(trees)

    def scores_of(features: Features) -> Scores:
        return compiled.scores(features).astype(np.float32)

    forest = CheckedForest(names, Engine.COMPILED, scores_of)
    _compare(where, forest, session, _rows(trees))
    return forest


def _compare(where: str, forest: CheckedForest, session: ForestSession, features: Features) -> None:
    """Raise ModelProblem when the compiled forest scores otherwise than the runtime."""
    (_, ours), (_, theirs) = forest.best(features, 1), session.best(features, 1)
    apart = float(np.abs(ours - theirs).max())
    # Two that are no number are never close.
    if not apart <= _MOST_APART:
        raise ModelProblem(
            f"{where}: compiled, its scores are up to {apart:.3g} from those of ONNX Runtime, at most {_MOST_APART:g} "
            "is rounding; run `aisle train`"
        )


def _rows(trees: Trees) -> Features:
    """Return features (R, F) drawn from where a comparison can go wrong: at and beside thresholds, 0 and unknown."""
    rng = np.random.default_rng(_SEED)
    thresholds: list[list[np.float32]] = [[] for _ in trees.names]
    for feature, threshold in _splits(trees):
        thresholds[feature].append(threshold)
    columns = [rng.choice(_edges(some), size=_ROWS) for some in thresholds]
    return np.stack(columns, axis=1)


def _splits(trees: Trees) -> Iterator[tuple[int, np.float32]]:
    yield from ((node.feature, node.threshold) for nodes in trees.trees for node in nodes if not node.is_leaf)


def _edges(thresholds: list[np.float32]) -> Features:
    at = np.array(thresholds, dtype=np.float32)
    with np.errstate(over="ignore", under="ignore"):
        beside = [np.nextafter(at, np.float32(way)) for way in (-np.inf, np.inf)]
    return np.concatenate([at, *beside, np.array(_ANYWHERE, dtype=np.float32)])
