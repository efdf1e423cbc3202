"""Forests scored by bits, for the milliseconds of a request; the scores are those of the ONNX graph.

A tree has a bit for each leaf, from left to right. A split that is not met clears the leaves under its yes; the lowest
bit that stays is the leaf reached. No branch depends on the data, so a processor does many rows at once (Lucchese et
al., 2015, "QuickScorer", SIGIR; 2016, "Exploiting CPU SIMD extensions to speed-up document scoring with tree
ensembles", SIGIR). The place of the lowest bit is found by a de Bruijn product (Leiserson, Prokop and Randall, 1998,
"Using de Bruijn sequences to index a 1 in a computer word").
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from aisle_inference.carried.forest_form import ZERO_WIDTH, Features

MOST_LEAVES = 32
ALL = np.uint32(0xFFFFFFFF)
DE_BRUIJN = np.uint32(0x077CB531)
SHIFT, _ONE = np.uint32(27), np.uint32(1)
# Rows scored at once, so that their bits and features stay in the near caches.
_ROWS = 512
# They are filled up to whole vectors of the processor: single rows at the end would take as long as many.
_VECTOR = 16
# Splits looked at together, so that the bits of a row are read and written once for all of them.
_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class BitForest:
    """T trees of S splits in all, over F features.

    Tree t has the splits `start[t]` to `start[t + 1]` (T + 1,). Split s compares `feature[s] <= threshold[s]`, is met
    by an unknown one where `is_met_when_unknown[s]`, and keeps the leaves `kept[s]` when it is not met (S,). `value`
    (T, 32) are those of the leaves, in the order of their de Bruijn products; they add up to the score.
    `is_unknown_at_zero` (F,) are features that count as unknown when they are 0.
    """

    names: tuple[str, ...]
    start: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float32]
    is_met_when_unknown: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.uint32]
    value: npt.NDArray[np.float64]
    is_unknown_at_zero: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Raise ValueError for tables that do not fit together: the compiled code looks nothing up twice."""
        splits = {len(column) for column in (self.feature, self.threshold, self.is_met_when_unknown, self.kept)}
        shapes = (self.value.shape, self.is_unknown_at_zero.shape)
        if len(splits) != 1 or shapes != ((len(self.start) - 1, MOST_LEAVES), (len(self.names),)):
            raise ValueError("the tables of the trees have different lengths")
        if self.start[0] != 0 or self.start[-1] != len(self.feature) or (np.diff(self.start) < 0).any():
            raise ValueError("the splits of the trees are not numbered in order")
        if ((self.feature < 0) | (self.feature >= len(self.names))).any():
            raise ValueError(f"a split reads a feature beyond the {len(self.names)} that there are")

    def scores(self, features: Features) -> npt.NDArray[np.float64]:
        """Return the log odds (R,) of features (R, F). Raises ValueError for another number of features."""
        if features.ndim != 2 or features.shape[1] != len(self.names):
            raise ValueError(f"features have the shape {features.shape}, wanted (rows, {len(self.names)})")
        out = np.empty(len(features))
        for first in range(0, len(features), _ROWS):
            rows = features[first : first + _ROWS]
            block = self._by_feature(rows)
            bits, sums = np.empty(block.shape[2], dtype=np.uint32), np.zeros(block.shape[2])
            _add(
                block, self.start, self.feature, self.threshold, self.is_met_when_unknown.view(np.uint8), self.kept,
                self.value, bits, sums,
            )  # fmt: skip
            out[first : first + _ROWS] = sums[: len(rows)]
        return out

    def _by_feature(self, features: Features) -> Features:
        """Return the features (2, F, R filled up), each beside itself in memory.

        First with NaN for an unknown one, which is above every threshold, then with one that is below all of them.
        """
        width = -(-len(features) // _VECTOR) * _VECTOR
        turned = np.zeros((2, len(self.names), width), dtype=np.float32)
        known, low = turned
        known[:, : len(features)] = features.T
        if self.is_unknown_at_zero.any():
            known[self.is_unknown_at_zero[:, None] & (np.abs(known) <= np.float32(ZERO_WIDTH))] = np.nan
        np.copyto(low, known)
        low[np.isnan(known)] = -np.inf
        return turned


@numba.njit(cache=True)
def _add(features, start, feature, threshold, version, kept, value, bits, out):  # type: ignore[no-untyped-def]
    """Add every tree's value to the scores (R,) of features (2, F, R); `bits` (R,) is room to work in.

    `version` (S,) says which of the two features a split reads: 1 where an unknown one meets it.
    """
    for tree in range(len(start) - 1):
        end = start[tree + 1]
        whole = end - (end - start[tree]) % _TOGETHER
        bits[:] = ALL
        for s in range(start[tree], whole, _TOGETHER):
            x0, x1 = features[version[s], feature[s]], features[version[s + 1], feature[s + 1]]
            x2, x3 = features[version[s + 2], feature[s + 2]], features[version[s + 3], feature[s + 3]]
            at0, at1, at2, at3 = threshold[s], threshold[s + 1], threshold[s + 2], threshold[s + 3]
            kept0, kept1, kept2, kept3 = kept[s], kept[s + 1], kept[s + 2], kept[s + 3]
            for row in range(len(bits)):
                two = (ALL if x0[row] <= at0 else kept0) & (ALL if x1[row] <= at1 else kept1)
                more = (ALL if x2[row] <= at2 else kept2) & (ALL if x3[row] <= at3 else kept3)
                bits[row] &= two & more
        for s in range(whole, end):
            x, at, others = features[version[s], feature[s]], threshold[s], kept[s]
            for row in range(len(bits)):
                bits[row] &= ALL if x[row] <= at else others
        for row in range(len(bits)):
            lowest = bits[row] & (~bits[row] + _ONE)
            out[row] += value[tree, np.uint32(lowest * DE_BRUIJN) >> SHIFT]
