"""Boosted trees over candidates.

Ke et al., 2017, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from aisle_inference.ranking.named import Features

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ForestSettings:
    """How the trees are grown.

    A hit is rare, so only `miss_share` of the misses become examples: this shifts every score alike and changes no
    order. `threads` is that of the training; the result is the same for every number of them.
    """

    trees: int = 300
    leaves: int = 31
    learning_rate: float = 0.05
    least_in_leaf: int = 100
    feature_share: float = 0.4
    row_share: float = 0.7
    ridge: float = 10.0
    miss_share: float = 0.25
    threads: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Examples:
    """Features (R, F), whether each was bought (R,), and how much each counts (R,)."""

    features: Features
    hits: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Forest:
    """Grown trees; `names` are those of the features, in order."""

    booster: lightgbm.Booster
    names: tuple[str, ...]

    def scores(self, features: Features) -> npt.NDArray[np.float64]:
        """Return the log odds (R,) of features (R, F)."""
        if not len(features):
            return np.empty(0)
        return np.asarray(self.booster.predict(features, raw_score=True, num_threads=2), dtype=np.float64)

    def gains(self) -> dict[str, float]:
        """Return how much each feature lowered the loss in all."""
        return dict(zip(self.names, map(float, self.booster.feature_importance("gain")), strict=True))


def grow(
    examples: Examples, names: tuple[str, ...], settings: ForestSettings, progress: Progress = lambda _share: None
) -> Forest:
    """Learn to tell what is bought from what is not. Raises ValueError when nothing or everything was bought."""
    if not 0 < np.count_nonzero(examples.hits) < len(examples.hits):
        raise ValueError(f"of {len(examples.hits)} candidates all or none were bought; there is nothing to learn")
    table = lightgbm.Dataset(examples.features, examples.hits, weight=examples.weights)

    def told(state: lightgbm.callback.CallbackEnv) -> None:
        progress((state.iteration + 1) / settings.trees)

    booster = lightgbm.train(_parameters(settings), table, num_boost_round=settings.trees, callbacks=[told])
    return Forest(booster, names)


def _parameters(settings: ForestSettings) -> dict[str, object]:
    return {
        "objective": "binary",
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.least_in_leaf,
        "feature_fraction": settings.feature_share,
        "bagging_fraction": settings.row_share,
        "bagging_freq": 1,
        "lambda_l2": settings.ridge,
        "max_bin": 127,
        "num_threads": settings.threads,
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
