"""Hashes by which what is carried is known again."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt


def sha256_of(content: bytes) -> str:
    """Return the hash that a manifest holds."""
    return hashlib.sha256(content).hexdigest()


def product_ids_digest(product_ids: npt.ArrayLike) -> str:
    """Return the hash of the products in the order of their codes, to show that two things mean the same products."""
    return sha256_of(np.asarray(product_ids, dtype="<i8").tobytes())
