from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.ranking.named import joined, prefixed, table_of

ONE = np.array([1.0, 2.0], dtype=np.float32)


def test_columns_keep_their_order_and_their_names() -> None:
    columns = joined({"b": ONE}, prefixed("own", {"a": 2 * ONE}))
    assert list(columns) == ["b", "own a"]
    assert table_of(columns).tolist() == [[1.0, 2.0], [2.0, 4.0]]


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"named twice: \['a'\]"):
        joined({"a": ONE}, {"a": ONE})
