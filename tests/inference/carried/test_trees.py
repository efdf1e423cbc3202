from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aisle_inference.carried.trees import rounded_down, trees_of
from tests.inference.carried.forests import categorical, forest, stump

REALS = st.floats(allow_nan=False)
NARROW = st.floats(width=32, allow_nan=False)


@example(threshold=1e300, x=float(np.finfo(np.float32).max))
@example(threshold=-1e300, x=float("-inf"))
@given(threshold=REALS, x=NARROW)
def test_a_rounded_threshold_divides_every_float32_alike(threshold: float, x: float) -> None:
    assert (x <= threshold) == bool(np.float32(x) <= rounded_down(threshold))


@given(x=st.floats(width=32, allow_nan=False, allow_infinity=False), steps=st.integers(-3, 3))
def test_a_rounded_threshold_divides_its_nearest_neighbours_alike(x: float, steps: int) -> None:
    threshold = x
    for _ in range(abs(steps)):
        threshold = math.nextafter(threshold, math.copysign(math.inf, steps))
    with np.errstate(over="ignore", under="ignore"):
        below = np.nextafter(np.float32(x), np.float32(-np.inf))
    for beside in (np.float32(x), below):
        assert (float(beside) <= threshold) == bool(beside <= rounded_down(threshold))


def test_a_forest_of_one_leaf_has_one_node() -> None:
    trees = trees_of([stump()])
    assert [len(nodes) for nodes in trees.trees] == [1]
    assert trees.trees[0][0].is_leaf


def test_every_node_but_the_root_is_the_child_of_one_split() -> None:
    for nodes in trees_of([forest()]).trees:
        children = [place for node in nodes if not node.is_leaf for place in (node.yes, node.no)]
        assert sorted(children) == list(range(1, len(nodes)))


def test_forests_of_different_features_do_not_mix() -> None:
    with pytest.raises(ValueError, match="2 different lists of features"):
        trees_of([forest(), replace(forest(2), names=("a", "b", "c", "d"))])


def test_no_forest_is_refused() -> None:
    with pytest.raises(ValueError, match="0 forests"):
        trees_of([])


def test_a_split_by_equality_is_refused() -> None:
    with pytest.raises(ValueError, match="only numerical ones"):
        trees_of([categorical()])


def test_forests_that_disagree_about_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="do not agree on which features are unknown at 0"):
        trees_of([forest(), forest(zero_as_missing=True)])
