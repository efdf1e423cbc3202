"""Makes the tables of a bit forest from trees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aisle_inference.carried.bit_forest import ALL, DE_BRUIJN, MOST_LEAVES, SHIFT, BitForest
from aisle_inference.carried.trees import Node, Trees


def has_room_for(trees: Trees) -> bool:
    """Return whether every tree has few enough leaves for a bit forest."""
    return all(sum(node.is_leaf for node in nodes) <= MOST_LEAVES for nodes in trees.trees)


def bit_forest(trees: Trees) -> BitForest:
    """Return the trees as tables. Raises ValueError when one has too many leaves."""
    splits = [_splits(nodes) for nodes in trees.trees]
    rows = [split for tree in splits for split in tree]
    return BitForest(
        names=trees.names,
        start=np.cumsum([0, *map(len, splits)], dtype=np.int32),
        feature=np.array([node.feature for node, _ in rows], dtype=np.int32),
        threshold=np.array([node.threshold for node, _ in rows], dtype=np.float32),
        is_met_when_unknown=np.array([node.is_yes_when_unknown for node, _ in rows], dtype=np.bool_),
        kept=np.array([kept for _, kept in rows], dtype=np.uint32),
        value=_values(trees),
        is_unknown_at_zero=trees.is_unknown_at_zero,
    )


def _splits(nodes: Sequence[Node]) -> list[tuple[Node, int]]:
    """Return the splits of a tree, each with the leaves that it keeps when it is not met."""
    under = _leaves_under(nodes)
    return [(node, int(ALL) & ~under[node.yes]) for node in nodes if not node.is_leaf]


def _leaves_under(nodes: Sequence[Node]) -> list[int]:
    """Return the leaves under each node as bits, the leftmost leaf being the lowest."""
    under = [0] * len(nodes)
    for bit, place in enumerate(_leaves(nodes)):
        under[place] = 1 << bit
    # Children stand after their parents.
    for place in reversed(range(len(nodes))):
        if not nodes[place].is_leaf:
            under[place] = under[nodes[place].yes] | under[nodes[place].no]
    return under


def _leaves(nodes: Sequence[Node]) -> list[int]:
    """Return the places of the leaves, from left (yes) to right. Raises ValueError for more than there are bits."""
    found, waiting = [], [0]
    while waiting:
        place = waiting.pop()
        if nodes[place].is_leaf:
            found.append(place)
        else:
            waiting += [nodes[place].no, nodes[place].yes]
    if len(found) > MOST_LEAVES:
        raise ValueError(f"a tree has {len(found)} leaves, at most {MOST_LEAVES} can be carried; grow smaller trees")
    return found


def _values(trees: Trees) -> npt.NDArray[np.float64]:
    value = np.zeros((len(trees.trees), MOST_LEAVES))
    for row, nodes in zip(value, trees.trees, strict=True):
        for bit, place in enumerate(_leaves(nodes)):
            row[((1 << bit) * int(DE_BRUIJN) & int(ALL)) >> int(SHIFT)] = nodes[place].value
    return value
