"""The eight directions of a grid whose rows grow with y: counter-clockwise from +x; even ones are straight."""

from __future__ import annotations

import math

import numpy as np

ROW_STEP = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int32)
COLUMN_STEP = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int32)
DIAGONAL = math.sqrt(2.0)
