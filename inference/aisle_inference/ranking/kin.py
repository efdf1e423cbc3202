"""Products that nobody bought yet: what is known of their kin stands in for what is not known of them.

Kin are the products of the same label, else of the same kind and brand class, else of the kind, the category, the
department; the first of these groups in which something was bought counts, each of its products alike. A new product
sells not as its kin do but as it is expected to (`expected.py`), so that amounts are borrowed in that proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.products import Assortment, Codes
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.expected import expected_sales

# No product borrows more than so many times, or less than such a part of, what its kin have.
_MOST_TIMES = 20.0
# So many purchases are thought of beside those of the kin and those expected: nothing is divided by nothing.
_PRIOR = 0.5
# What is no amount: a product that sells twice as much does not cost twice as much.
_LEVELS = frozenset(("trend", "again", "price", "discounted", "hour", "weekday", "age_d", "typical_d"))
Mask = npt.NDArray[np.bool_]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Kin:
    """Which products `is_new` (P,), the shares (P, P) that known products have in each of them, and of amounts.

    A column of `shares` sums to 1, or to 0 where there is no kin; one of `amounts` to how many times a product is
    expected to sell what its kin do.
    """

    is_new: Mask
    shares: sparse.csr_matrix
    amounts: sparse.csr_matrix

    @classmethod
    def of(cls, assortment: Assortment, is_new: Mask, sold: Floats) -> Kin:
        """Find the kin of new products; `sold` (P,) is what each known product sold lately."""
        shares = kin_of(assortment, is_new)
        if not shares.nnz:
            return cls(is_new, shares, shares)
        expected, borrowed = expected_sales(assortment, sold, ~is_new), np.asarray(shares.T @ sold)
        times = np.clip((expected + _PRIOR) / (borrowed + _PRIOR), 1 / _MOST_TIMES, _MOST_TIMES)
        amounts = sparse.csr_matrix(shares @ sparse.diags(times), dtype=np.float32)
        return cls(is_new, shares, amounts)

    def share_of(self, name: str) -> sparse.csr_matrix:
        """Return the shares (P, P) by which a figure is borrowed."""
        return self.shares if name in _LEVELS else self.amounts


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


def filled(part: Part, kin: Kin) -> Part:
    """Return the part with every figure of a new product taken from its kin.

    A figure is a float array whose last axis is the products, or a sparse matrix with a column a product, which is
    an amount. Raises TypeError for what has no fields.
    """
    if not is_dataclass(part) or isinstance(part, type):
        raise TypeError(f"{type(part).__name__} has no fields to fill")
    return replace(part, **dict(_filled_fields(part, kin)))


def with_kin(figures: sparse.csr_matrix, kin: Kin) -> sparse.csr_matrix:
    """Return amounts (R, P) in which the columns of new products are those of their kin."""
    known = figures.copy()
    known.data[kin.is_new[known.indices]] = 0.0
    known.eliminate_zeros()
    sums = sparse.csr_matrix(known + known @ kin.amounts, dtype=np.float32)
    sums.sort_indices()
    return sums


def _filled_fields(part: Any, kin: Kin) -> Iterator[tuple[str, object]]:
    for field in fields(part):
        values = getattr(part, field.name)
        if getattr(values, "shape", (0,))[-1] != len(kin.is_new):
            continue
        if isinstance(values, sparse.csr_matrix):
            yield field.name, with_kin(values, kin)
        elif isinstance(values, np.ndarray) and values.dtype == np.float32:
            whole = values.copy()
            whole[..., kin.is_new] = np.asarray(kin.share_of(field.name).T @ values.T).T[..., kin.is_new]
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
