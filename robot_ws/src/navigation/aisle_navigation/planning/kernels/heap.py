"""A binary heap in two arrays: the smallest key first, with the number that belongs to it."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def push(keys, items, size, key, item):
    """Insert; returns the new size. The arrays must have room for one more."""
    index = size
    while index > 0:
        parent = (index - 1) >> 1
        if keys[parent] <= key:
            break
        keys[index], items[index] = keys[parent], items[parent]
        index = parent
    keys[index], items[index] = key, item
    return size + 1


@njit(cache=True)
def pop(keys, items, size):
    """Take the smallest out; returns its item and the new size."""
    top = items[0]
    size -= 1
    last_key, last_item = keys[size], items[size]
    index = 0
    while True:
        child = 2 * index + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= last_key:
            break
        keys[index], items[index] = keys[child], items[child]
        index = child
    keys[index], items[index] = last_key, last_item
    return top, size


@njit(cache=True)
def doubled(array):
    """Return the array with as much room again behind it."""
    larger = np.empty(2 * len(array), array.dtype)
    larger[: len(array)] = array
    return larger
