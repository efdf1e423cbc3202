"""What stereo matching gets wrong in a depth image. Depths in metres along the optical axis; NaN where unknown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

FloatArray = npt.NDArray[np.float32]

_EDGE_SHARE = 0.08
_PATCH_CELLS = (24, 32)
_FADE_OVER_M = 3.0


def noisy(depth_m: FloatArray, per_m2: float, rng: np.random.Generator) -> FloatArray:
    """Add noise that grows with the square of the distance, as a stereo match's error in pixels makes it."""
    noise = rng.standard_normal(depth_m.shape, dtype=np.float32)
    blurred: FloatArray = depth_m + np.float32(per_m2) * depth_m**2 * noise
    return blurred


def shadowed(depth_m: FloatArray, focal_px: float, base_line_m: float) -> FloatArray:
    """Take away what the second camera cannot see: a strip to the left of everything nearer than what is behind."""
    result = depth_m.copy()
    near, far = depth_m[:, 1:], depth_m[:, :-1]
    rows, columns = np.nonzero(near < far * np.float32(1.0 - _EDGE_SHARE))
    strip = focal_px * base_line_m * (1.0 / near[rows, columns] - 1.0 / far[rows, columns])
    for step in range(int(strip.max(initial=0.0)) + 1):
        wide = strip >= step
        result[rows[wide], np.maximum(columns[wide] - step, 0)] = np.nan
    return result


def with_holes(depth_m: FloatArray, share: float, rng: np.random.Generator) -> FloatArray:
    """Take patches away, as on shiny and on plain surfaces; they cover that share of the image."""
    coarse = Image.fromarray(rng.random(_PATCH_CELLS, dtype=np.float32))
    smooth = np.asarray(coarse.resize(depth_m.shape[::-1], Image.Resampling.BILINEAR))
    return np.where(smooth > np.quantile(smooth, 1.0 - share), np.float32(np.nan), depth_m)


def faded(depth_m: FloatArray, from_m: float, rng: np.random.Generator) -> FloatArray:
    """Lose points beyond a distance, the more the farther they are."""
    lost = rng.random(depth_m.shape, dtype=np.float32) < (depth_m - np.float32(from_m)) / np.float32(_FADE_OVER_M)
    return np.where(lost, np.float32(np.nan), depth_m)


def in_range(depth_m: FloatArray, range_min_m: float, range_max_m: float) -> FloatArray:
    """Leave only what the sensor can measure."""
    with np.errstate(invalid="ignore"):
        is_measured = (depth_m >= range_min_m) & (depth_m <= range_max_m)
    return np.where(is_measured, depth_m, np.float32(np.nan))
