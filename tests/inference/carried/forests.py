"""Forests grown from made-up tables: some features are unknown at times, one is mostly 0, one says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import lightgbm
import numpy as np
import numpy.typing as npt

from aisle_inference.ranking.forest import Forest
from aisle_inference.ranking.named import Features

NAMES = ("often unknown", "never unknown", "mostly zero", "says nothing")
ROWS = 400


def table(rows: int = ROWS, seed: int = 1) -> Features:
    """Return features (rows, 4)."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, len(NAMES))).astype(np.float32)
    features[rng.random(rows) < 0.3, 0] = np.nan
    features[rng.random(rows) < 0.6, 2] = 0.0
    features[:, 3] = 1.0
    return features


@cache
def forest(seed: int = 1, trees: int = 12, leaves: int = 8, zero_as_missing: bool = False) -> Forest:
    """Return a forest of real splits on three of the features."""
    features = table(seed=seed)
    known = np.nan_to_num(features)
    hits = known[:, 0] * known[:, 1] + known[:, 2] + np.isnan(features[:, 0]) > 0.3
    parameters = {
        "objective": "binary",
        "num_leaves": leaves,
        "min_data_in_leaf": 3,
        "zero_as_missing": zero_as_missing,
        "num_threads": 1,
        "verbose": -1,
        "seed": seed,
    }
    return Forest(lightgbm.train(parameters, lightgbm.Dataset(features, hits), num_boost_round=trees), NAMES)


@cache
def stump() -> Forest:
    """Return a forest whose only tree is one leaf, because no feature says anything."""
    features = np.ones((40, len(NAMES)), dtype=np.float32)
    parameters = {"objective": "binary", "num_threads": 1, "verbose": -1}
    return Forest(lightgbm.train(parameters, lightgbm.Dataset(features, np.arange(40) < 10), num_boost_round=3), NAMES)


@cache
def negatives() -> Forest:
    """Return a forest whose splits part what is negative from 0."""
    features = np.minimum(table(seed=4), np.float32(0.0))
    parameters = {"objective": "binary", "num_leaves": 4, "num_threads": 1, "verbose": -1}
    hits = (features[:, 1] < 0) ^ (features[:, 2] < 0)
    return Forest(lightgbm.train(parameters, lightgbm.Dataset(features, hits), num_boost_round=5), NAMES)


def categorical() -> Forest:
    """Return a forest that splits by equality, which cannot be carried."""
    codes = np.repeat(np.arange(4), 50).astype(np.float32)
    features = np.stack([codes] * len(NAMES), axis=1)
    data = lightgbm.Dataset(features, codes % 2, categorical_feature=[0, 1, 2, 3])
    parameters = {
        "objective": "binary",
        "min_data_in_leaf": 3,
        "num_threads": 1,
        "verbose": -1,
        "min_data_per_group": 5,
    }
    return Forest(lightgbm.train(parameters, data, num_boost_round=2), NAMES)


# What is carried together, and what the features of it are.
CARRIED = (
    "one forest",
    "three forests",
    "one that parts negatives from 0",
    "one that takes 0 for unknown",
    "one leaf",
    "one leaf beside a forest",
)


@cache
def carried(name: str) -> tuple[Forest, ...]:
    """Return one of the groups of forests."""
    groups: dict[str, tuple[Forest, ...]] = {
        "one forest": (forest(),),
        "three forests": (forest(), forest(2), forest(3, trees=20)),
        "one that parts negatives from 0": (negatives(),),
        "one that takes 0 for unknown": (forest(zero_as_missing=True),),
        "one leaf": (stump(),),
        "one leaf beside a forest": (stump(), forest()),
    }
    return groups[name]


def mean_scores(forests: Sequence[Forest], features: Features) -> npt.NDArray[np.float64]:
    """Return the mean of the raw scores (R,) as LightGBM gives them."""
    raw = [forest.booster.predict(features, raw_score=True, num_threads=1) for forest in forests]
    return np.mean(np.array(raw, dtype=np.float64), axis=0)  # type: ignore[no-any-return]


@cache
def edges(name: str) -> Features:
    """Return every threshold of a group in float32, what lies right beside it, and values that are special anywhere."""
    dumped = [tree["tree_structure"] for each in carried(name) for tree in each.booster.dump_model()["tree_info"]]
    for node in dumped:
        dumped += [node[side] for side in ("left_child", "right_child") if side in node]
    with np.errstate(over="ignore"):
        splits = np.array([node.get("threshold", 0.0) for node in dumped] + [1e-35, -1e-35]).astype(np.float32)
    beside = [np.nextafter(splits, np.float32(way)) for way in (-np.inf, np.inf)]
    special = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-38, -1e-38, 3e38], dtype=np.float32)
    return np.unique(np.concatenate([splits, *beside, special]))


def edge_rows(name: str, seed: int, rows: int = 500) -> Features:
    """Return features (rows, 4) that lie on the edges of a group, each drawn apart."""
    return np.random.default_rng(seed).choice(edges(name), size=(rows, len(NAMES)))
