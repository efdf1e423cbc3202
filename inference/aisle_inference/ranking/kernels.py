"""Compiled helpers: how the candidates of queries stand to the products given in each."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from scipy import sparse

from aisle_inference.purchases.table import Floats, Indices, Offsets
from aisle_inference.ranking.candidates import Candidates


@dataclass(frozen=True, slots=True)
class Linked:
    """Of the links (R,) from the given products to each candidate: sum, the two strongest, and how many there are."""

    total: Floats
    best: Floats
    second: Floats
    number: Floats


def linked(links: sparse.csr_matrix, basket: Candidates, candidates: Candidates) -> Linked:
    """Sum up a sparse matrix (P, P) from the products of baskets to candidates; no query has a candidate twice."""
    out = np.zeros((4, len(candidates.product)), dtype=np.float32)
    place = np.full(links.shape[1], -1, dtype=np.int32)
    _linked(links.indptr, links.indices, links.data, *_ends(basket), *_ends(candidates), place, out)
    return Linked(*out)


def entries(matrix: sparse.csr_matrix, row: Indices, column: Indices) -> Floats:
    """Return the entries (R,) at the places (row, column) of a matrix with sorted columns; row -1 is the last."""
    out = np.zeros(len(row), dtype=np.float32)
    _entries(matrix.indptr, matrix.indices, matrix.data, row % matrix.shape[0], column, out)
    return out


def spread(links: sparse.csr_matrix, some: Candidates, weights: Floats) -> Floats:
    """Return the scores (n, P) of all products: the links (P, P) of some products of each query, weighted (R,)."""
    out = np.zeros((some.queries, links.shape[1]), dtype=np.float32)
    _spread(links.indptr, links.indices, links.data, some.start, some.product, weights, out)
    return out


def pulled(links: sparse.csr_matrix, code: Indices, basket: Candidates, candidates: Candidates) -> Floats:
    """Return the sum (R,) of a sparse matrix (P, K) from the products of baskets to the code (P,) of each candidate."""
    out = np.empty(len(candidates.product), dtype=np.float32)
    total = np.zeros(links.shape[1], dtype=np.float32)
    _pulled(links.indptr, links.indices, links.data, code, *_ends(basket), *_ends(candidates), total, out)
    return out


def paired(pairs: Floats, code: Indices, basket: Candidates, candidates: Candidates) -> Floats:
    """Return the sum (R,) of a dense matrix (K, K) over the codes (P,) of the products of baskets and the candidate."""
    out = np.zeros(len(candidates.product), dtype=np.float32)
    _paired(pairs, code, *_ends(basket), *_ends(candidates), out)
    return out


def alike(codes: tuple[Indices, ...], basket: Candidates, candidates: Candidates) -> Floats:
    """Return how many products of baskets have the candidate's, for each of some codes (P,); (codes, R)."""
    out = np.zeros((len(codes), len(candidates.product)), dtype=np.float32)
    _alike(codes, *_ends(basket), *_ends(candidates), out)
    return out


def _ends(some: Candidates) -> tuple[Offsets, Indices]:
    return some.start, some.product


@numba.njit(cache=True)
def _linked(starts, columns, values, given_start, given, start, product, place, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        for row in range(start[query], start[query + 1]):
            place[product[row]] = row
        for one in given[given_start[query] : given_start[query + 1]]:
            for entry in range(starts[one], starts[one + 1]):
                row, value = place[columns[entry]], values[entry]
                if row >= 0:
                    out[0, row] += value
                    out[3, row] += 1.0
                    if value > out[1, row]:
                        out[2, row], out[1, row] = out[1, row], value
                    elif value > out[2, row]:
                        out[2, row] = value
        for row in range(start[query], start[query + 1]):
            place[product[row]] = -1


@numba.njit(cache=True)
def _entries(starts, columns, values, row, column, out):  # type: ignore[no-untyped-def]
    for number in range(len(row)):
        out[number] = entry(starts, columns, values, row[number], column[number])


@numba.njit(cache=True)
def entry(starts, columns, values, row, column):  # type: ignore[no-untyped-def]
    """Return one entry of a sparse matrix with sorted columns, for compiled callers."""
    first, last = starts[row], starts[row + 1]
    place = first + np.searchsorted(columns[first:last], column)
    if place < last and columns[place] == column:
        return values[place]
    return values.dtype.type(0)


@numba.njit(cache=True)
def _spread(starts, columns, values, start, product, weights, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        for row in range(start[query], start[query + 1]):
            for entry in range(starts[product[row]], starts[product[row] + 1]):
                out[query, columns[entry]] += weights[row] * values[entry]


@numba.njit(cache=True)
def _pulled(starts, columns, values, code, given_start, given, start, product, total, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        total[:] = 0.0
        for one in given[given_start[query] : given_start[query + 1]]:
            for entry in range(starts[one], starts[one + 1]):
                total[columns[entry]] += values[entry]
        for row in range(start[query], start[query + 1]):
            out[row] = total[code[product[row]]]


@numba.njit(cache=True)
def _paired(pairs, code, given_start, given, start, product, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        for one in given[given_start[query] : given_start[query + 1]]:
            for row in range(start[query], start[query + 1]):
                out[row] += pairs[code[one], code[product[row]]]


@numba.njit(cache=True)
def _alike(codes, given_start, given, start, product, out):  # type: ignore[no-untyped-def]
    for number, code in enumerate(codes):
        for query in range(len(start) - 1):
            for one in given[given_start[query] : given_start[query + 1]]:
                for row in range(start[query], start[query + 1]):
                    out[number, row] += code[one] == code[product[row]]
