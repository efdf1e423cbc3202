"""Products that nobody bought yet: what is known of their kin stands in for what is not known of them.

Kin are the products of the same label, else of the same kind and brand class, else of the kind, the category, the
department; the first of these groups in which something was bought counts, each of its products alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.products import Assortment, Codes

Mask = npt.NDArray[np.bool_]
Part = TypeVar("Part")


def kin_of(assortment: Assortment, is_new: Mask) -> sparse.csr_matrix:
    """Return the shares (P, P) that known products have in each new one; a new one without kin has none."""
    known = ~is_new
    places = [np.flatnonzero(is_new)[:0]]
    kin, shares = list(places), [np.empty(0, dtype=np.float32)]
    for product in np.flatnonzero(is_new):
        alike = next((found for found in _alike(assortment, known, int(product)) if len(found)), None)
        if alike is not None:
            kin.append(alike)
            places.append(np.full(len(alike), product))
            shares.append(np.full(len(alike), 1.0 / len(alike), dtype=np.float32))
    cells = np.concatenate(kin), np.concatenate(places)
    size = len(is_new)
    return sparse.csr_matrix((np.concatenate(shares), cells), shape=(size, size), dtype=np.float32)


def filled(part: Part, kin: sparse.csr_matrix, is_new: Mask) -> Part:
    """Return the part with every figure of a new product taken from its kin.

    A figure is a float array whose last axis is the products, or a sparse matrix with a column a product.
    """
    if not is_dataclass(part) or isinstance(part, type):
        raise TypeError(f"{type(part).__name__} has no fields to fill")
    return replace(part, **dict(_filled_fields(part, kin, is_new)))


def with_kin(figures: sparse.csr_matrix, kin: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return figures (R, P) to which the columns of new products are added."""
    sums = sparse.csr_matrix(figures + figures @ kin, dtype=np.float32)
    sums.sort_indices()
    return sums


def _filled_fields(part: Any, kin: sparse.csr_matrix, is_new: Mask) -> Iterator[tuple[str, object]]:
    for field in fields(part):
        values = getattr(part, field.name)
        if getattr(values, "shape", (0,))[-1] != len(is_new):
            continue
        if isinstance(values, sparse.csr_matrix):
            yield field.name, with_kin(values, kin)
        elif isinstance(values, np.ndarray) and values.dtype == np.float32:
            whole = values.copy()
            whole[..., is_new] = np.asarray(kin.T @ values.T).T[..., is_new]
            yield field.name, whole


def _alike(assortment: Assortment, known: Mask, product: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the known products that are ever less like one."""

    def same(code: Codes) -> Mask:
        alike: Mask = known & (code == code[product])
        return alike

    yield np.flatnonzero(same(assortment.label))
    kind = same(assortment.kind)
    yield np.flatnonzero(kind & (assortment.brand_private == assortment.brand_private[product]))
    yield np.flatnonzero(kind)
    yield np.flatnonzero(same(assortment.category))
    yield np.flatnonzero(same(assortment.department))
