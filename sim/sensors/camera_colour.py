"""What motion, light, lens and compression do to a colour image, each a function of the image before."""

from __future__ import annotations

import io
import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from aisle.geometry import Twist2

Colour = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

_BLUR_SAMPLES = 5
_GAIN_MEMORY = 0.8
_DIRT_CELLS = (9, 12)
_HAZE = 150.0


def flow_px(depth_m: FloatArray, focal_px: float, twist: Twist2, exposure_s: float) -> tuple[FloatArray, FloatArray]:
    """Return how far each pixel moves to the right and down while the shutter is open, in pixels.

    Turning left moves the picture to the right, driving ahead moves it outwards the more the nearer a thing is.
    """
    height, width = depth_m.shape
    across = np.arange(width, dtype=np.float32) - 0.5 * (width - 1)
    down = np.arange(height, dtype=np.float32)[:, None] - 0.5 * (height - 1)
    outwards = np.float32(twist.linear_mps * exposure_s) / np.maximum(depth_m, np.float32(0.3))
    turn = np.float32(twist.angular_radps * exposure_s)
    right = turn * (focal_px + across**2 / focal_px) + across * outwards
    below = turn * across * down / focal_px + down * outwards
    return right, below


def motion_blurred(colour: Colour, flow: tuple[FloatArray, FloatArray]) -> Colour:
    """Return the mean of the image along the flow; an image that moves less than half a pixel stays as it is."""
    right, down = flow
    if max(float(np.abs(right).max()), float(np.abs(down).max())) < 0.5:
        return colour
    height, width = right.shape
    pixels = colour.reshape(-1, 3)
    columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    total = np.zeros(pixels.shape, dtype=np.uint16)
    for share in np.linspace(-0.5, 0.5, _BLUR_SAMPLES, dtype=np.float32):
        x = np.clip(columns + share * right + np.float32(0.5), 0, width - 1).astype(np.int32)
        y = np.clip(rows + share * down + np.float32(0.5), 0, height - 1).astype(np.int32)
        total += np.take(pixels, (y * width + x).ravel(), axis=0)
    return (total // _BLUR_SAMPLES).astype(np.uint8).reshape(colour.shape)


def next_gain(gain_log: float, spread: float, rng: np.random.Generator) -> float:
    """Return the logarithm of the next image's gain: it wanders with the given standard deviation."""
    return _GAIN_MEMORY * gain_log + math.sqrt(1.0 - _GAIN_MEMORY**2) * spread * float(rng.standard_normal())


def exposed(colour: FloatArray, electrons_full: float, read_noise: float, rng: np.random.Generator) -> FloatArray:
    """Add shot noise, whose variance grows with the light, and the read noise. Values from 0 to 255."""
    variance = np.full_like(colour, np.float32(read_noise**2))
    if electrons_full > 0.0:
        variance += np.maximum(colour, 0.0) * np.float32(255.0 / electrons_full)
    noise = rng.standard_normal(colour.shape, dtype=np.float32)
    noisy: FloatArray = colour + noise * np.sqrt(variance)
    return noisy


def dirt_on(shape: tuple[int, int], share: float, rng: np.random.Generator) -> FloatArray:
    """Return how much of each pixel's light a smeared lens takes away, 0 to 0.6, shape (height, width, 1)."""
    coarse = Image.fromarray(rng.random(_DIRT_CELLS, dtype=np.float32))
    smooth = np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC))
    border = float(np.quantile(smooth, 1.0 - share))
    taken = np.clip((smooth - border) / max(1.0 - border, 1e-3), 0.0, 0.6).astype(np.float32)
    return taken[:, :, None]


def smeared(colour: FloatArray, taken: FloatArray) -> FloatArray:
    """Return the image through a dirty lens: less contrast where it is smeared."""
    through: FloatArray = colour * (1.0 - taken) + np.float32(_HAZE) * taken
    return through


def compressed(colour: Colour, quality: int) -> Colour:
    """Return what is left of the image after JPEG compression."""
    buffer = io.BytesIO()
    Image.fromarray(colour).save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return np.asarray(Image.open(buffer))
