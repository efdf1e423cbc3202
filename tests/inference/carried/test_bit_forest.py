from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.carried.arrays import packed, unpacked
from aisle_inference.carried.bit_forest import BitForest
from aisle_inference.carried.bit_tables import bit_forest
from aisle_inference.carried.trees import trees_of
from tests.inference.carried.forests import CARRIED, NAMES, carried, edge_rows, forest, mean_scores, table


@cache
def made(name: str) -> BitForest:
    return bit_forest(trees_of(carried(name)))


@pytest.mark.parametrize("name", CARRIED)
def test_scores_are_those_of_the_trees(name: str) -> None:
    features = table(rows=1100, seed=9)
    np.testing.assert_allclose(made(name).scores(features), mean_scores(carried(name), features), rtol=0, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(name=st.sampled_from(CARRIED), seed=st.integers(0, 2**32))
def test_scores_agree_at_and_beside_every_threshold(name: str, seed: int) -> None:
    features = edge_rows(name, seed)
    np.testing.assert_allclose(made(name).scores(features), mean_scores(carried(name), features), rtol=0, atol=1e-12)


def test_features_stay_as_they_were() -> None:
    features = np.zeros((3, len(NAMES)), dtype=np.float32)
    made("one that takes 0 for unknown").scores(features)
    assert not features.any()


def test_no_rows_have_no_scores() -> None:
    assert made("one forest").scores(np.empty((0, len(NAMES)), dtype=np.float32)).shape == (0,)


def test_a_tree_has_room_for_32_leaves() -> None:
    grown = forest(trees=3, leaves=32)
    assert max(tree["num_leaves"] for tree in grown.booster.dump_model()["tree_info"]) == 32
    features = table(rows=200, seed=9)
    np.testing.assert_allclose(
        bit_forest(trees_of([grown])).scores(features), mean_scores([grown], features), rtol=0, atol=1e-12
    )


def test_a_tree_of_more_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a tree has \d+ leaves, at most 32 can be carried"):
        bit_forest(trees_of([forest(trees=3, leaves=40)]))


def test_other_features_than_it_was_grown_with_are_refused() -> None:
    with pytest.raises(ValueError, match=r"the shape \(2, 3\), wanted \(rows, 4\)"):
        made("one forest").scores(np.zeros((2, 3), dtype=np.float32))


def test_it_can_be_packed() -> None:
    features = table(rows=50, seed=9)
    again = unpacked("novel.npz", packed(made("three forests")), BitForest)
    assert np.array_equal(again.scores(features), made("three forests").scores(features))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kept": np.zeros(1, dtype=np.uint32)}, "different lengths"),
        ({"value": np.zeros((1, 8))}, "different lengths"),
        ({"names": NAMES[:1]}, "different lengths"),
        ({"start": np.arange(13, dtype=np.int32) * 1000}, "not numbered in order"),
        ({"feature": np.full(84, 4, dtype=np.int32)}, "reads a feature beyond the 4"),
        ({"feature": np.full(84, -1, dtype=np.int32)}, "reads a feature beyond the 4"),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(made("one forest"), **changes)  # type: ignore[arg-type]
