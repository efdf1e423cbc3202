"""What a carried forest looks like from outside, to those who write it and to those who run it."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from aisle_inference.carried.digests import sha256_of

Features = npt.NDArray[np.float32]
INPUTS = ("features", "limit")
OUTPUTS = ("scores", "places")
FEATURES_KEY = "feature_names_sha256"
# What is no further from 0 than this, LightGBM takes for 0 (`kZeroThreshold`).
ZERO_WIDTH = float(np.float32(1e-35))


def names_digest(names: tuple[str, ...]) -> str:
    """Return the hash of the features' names in order."""
    return sha256_of(msgspec.json.encode(names))
