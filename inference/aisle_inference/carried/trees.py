"""The trees of forests as flat tables, deciding in float32 exactly as LightGBM decides in float64.

LightGBM sends x to the left when x <= threshold. An unknown x (NaN) goes where the split says, or counts as 0 where the
split learnt of no unknown ones (`Tree::NumericalDecision` of LightGBM).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from aisle_inference.carried.forest_form import ZERO_WIDTH

if TYPE_CHECKING:
    # A robot reads trees from a graph and needs nothing that grows them.
    from aisle_inference.ranking.forest import Forest

# What LightGBM writes for an infinite threshold, which parts the known from the unknown (`AvoidInf`).
_INFINITE = 1e300


class Node(NamedTuple):
    """A split, or a leaf where `is_leaf`; `yes` and `no` are places in the tree's list of nodes."""

    feature: int
    threshold: np.float32
    yes: int
    no: int
    is_yes_when_unknown: bool
    is_leaf: bool
    value: float


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees whose leaf values add up to the score; features that are 0 are unknown where `is_unknown_at_zero` (F,)."""

    names: tuple[str, ...]
    trees: tuple[tuple[Node, ...], ...]
    is_unknown_at_zero: npt.NDArray[np.bool_]


def trees_of(forests: Sequence[Forest]) -> Trees:
    """Return the trees of all forests, whose sum is the mean of the forests' raw scores.

    Raises ValueError when the forests do not read the same features, or hold a split that is no numerical comparison.
    """
    names = {forest.names for forest in forests}
    if len(names) != 1:
        raise ValueError(f"{len(forests)} forests read {len(names)} different lists of features; wanted one")
    dumped = [tree["tree_structure"] for forest in forests for tree in forest.booster.dump_model()["tree_info"]]
    trees = tuple(tuple(_nodes(tree, len(forests))) for tree in dumped)
    return Trees(forests[0].names, trees, _unknown_at_zero(dumped, len(forests[0].names)))


def rounded_down(threshold: float) -> np.float32:
    """Return the largest float32 that is not above a float64: every float32 is on the same side of both."""
    with np.errstate(over="ignore", under="ignore"):
        nearest = np.float32(threshold)
        return nearest if float(nearest) <= threshold else np.nextafter(nearest, np.float32(-np.inf))


def _nodes(root: dict[str, Any], forests: int) -> Iterator[Node]:
    """Yield the nodes of a tree in breadth, so that both children of a split are the next free places."""
    waiting = [root]
    for dumped in waiting:
        if "leaf_value" in dumped:
            yield Node(0, np.float32(0), 0, 0, False, True, dumped["leaf_value"] / forests)
        else:
            yield _split(dumped, len(waiting))
            waiting += [dumped["left_child"], dumped["right_child"]]


def _split(dumped: dict[str, Any], yes: int) -> Node:
    if dumped["decision_type"] != "<=":
        raise ValueError(f"a split decides by {dumped['decision_type']!r}; only numerical ones (<=) can be carried")
    threshold = float(dumped["threshold"])
    is_yes_when_unknown = threshold >= 0.0 if dumped["missing_type"] == "None" else bool(dumped["default_left"])
    feature = int(dumped["split_feature"])
    return Node(feature, _decided(threshold), yes, yes + 1, is_yes_when_unknown, False, 0.0)


def _decided(threshold: float) -> np.float32:
    """Return the threshold in float32; one within the width of 0 has all that counts as 0 on one side."""
    if threshold >= _INFINITE:
        return np.float32(np.inf)
    if abs(threshold) > ZERO_WIDTH:
        return rounded_down(threshold)
    width = np.float32(ZERO_WIDTH)
    return width if threshold >= 0.0 else np.nextafter(-width, np.float32(-np.inf))


def _unknown_at_zero(dumped: Sequence[dict[str, Any]], features: int) -> npt.NDArray[np.bool_]:
    """Return which features LightGBM takes for unknown when they are 0 (trained with `zero_as_missing`)."""
    found = {(node["split_feature"], node["missing_type"] == "Zero") for tree in dumped for node in _splits(tree)}
    unknown = np.zeros(features, dtype=np.bool_)
    unknown[[feature for feature, is_zero in found if is_zero]] = True
    if any(unknown[feature] != is_zero for feature, is_zero in found):
        raise ValueError("the forests do not agree on which features are unknown at 0; grow them from the same data")
    return unknown


def _splits(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [root]
    for node in waiting:
        if "leaf_value" not in node:
            yield node
            waiting += [node["left_child"], node["right_child"]]
