from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.ranking.forest import Examples, ForestSettings, grow

SMALL = ForestSettings(trees=20, leaves=7, least_in_leaf=5, feature_share=1.0, miss_share=0.5, threads=1)


def examples(rows: int = 600) -> Examples:
    """Return candidates of which those with a large second feature are bought."""
    features = np.random.default_rng(3).random((rows, 3)).astype(np.float32)
    return Examples(features, features[:, 1] > 0.8, np.ones(rows, dtype=np.float32))


def test_what_is_bought_is_scored_above_what_is_not() -> None:
    learnt = examples()
    forest = grow(learnt, ("a", "b", "c"), SMALL)
    scores = forest.scores(learnt.features)
    assert scores[learnt.hits].min() > scores[~learnt.hits].max()
    assert max(forest.gains(), key=lambda name: forest.gains()[name]) == "b"


def test_the_same_seed_grows_the_same_trees_with_any_number_of_threads() -> None:
    learnt = examples()
    one, two = (grow(learnt, ("a", "b", "c"), replace(SMALL, threads=threads)) for threads in (1, 2))
    assert np.array_equal(one.scores(learnt.features), two.scores(learnt.features))


def test_features_that_are_not_known_are_no_mistake() -> None:
    learnt = examples()
    learnt.features[::3, 0] = np.nan
    forest = grow(learnt, ("a", "b", "c"), SMALL)
    assert np.isfinite(forest.scores(np.full((1, 3), np.nan, dtype=np.float32))).all()


def test_no_candidates_have_no_scores() -> None:
    assert grow(examples(), ("a", "b", "c"), SMALL).scores(np.empty((0, 3), dtype=np.float32)).shape == (0,)


def test_progress_ends_at_the_whole() -> None:
    told: list[float] = []
    grow(examples(), ("a", "b", "c"), SMALL, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_nothing_bought_is_nothing_to_learn() -> None:
    learnt = examples()
    with pytest.raises(ValueError, match="all or none were bought"):
        grow(replace(learnt, hits=np.zeros(len(learnt.hits), dtype=np.bool_)), ("a", "b", "c"), SMALL)
