from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from aisle_inference.carried import arrays as carried
from aisle_inference.carried.arrays import packed, unpacked
from aisle_inference.carried.problem import ModelProblem

WHERE = "shelf.npz"
Changes = dict[str, npt.NDArray[np.generic] | None]


@dataclass(frozen=True, slots=True)
class Sold:
    """A part of what is carried."""

    week: npt.NDArray[np.float32]
    private: npt.NDArray[np.bool_]
    store: sparse.csr_matrix


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is carried; `file` is a name that numpy takes for its own."""

    file: npt.NDArray[np.int64]
    sold: Sold
    names: tuple[str, ...]
    before_d: float
    most: int
    is_new: bool

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ValueError(f"most is {self.most}, at least 0")


def matrices() -> st.SearchStrategy[sparse.csr_matrix]:
    shapes = st.tuples(st.integers(0, 4), st.integers(0, 4))
    return arrays.arrays(np.float32, shapes, elements=st.sampled_from([0.0, 1.5, -2.0])).map(sparse.csr_matrix)


def shelves() -> st.SearchStrategy[Shelf]:
    sold = st.builds(
        Sold,
        week=arrays.arrays(np.float32, arrays.array_shapes(min_dims=0, min_side=0, max_side=3)),
        private=arrays.arrays(np.bool_, st.integers(0, 4)),
        store=matrices(),
    )
    return st.builds(
        Shelf,
        file=arrays.arrays(np.int64, st.integers(0, 4)),
        sold=sold,
        names=st.lists(st.text(max_size=4), max_size=3).map(tuple),
        before_d=st.floats(),
        most=st.integers(0, 2**63 - 1),
        is_new=st.booleans(),
    )


def shelf() -> Shelf:
    store = sparse.csr_matrix(np.array([[0, 2, 0], [1, 0, 3]], dtype=np.float32))
    sold = Sold(np.array([1.5, np.nan], dtype=np.float32), np.array([True, False]), store)
    return Shelf(np.arange(3), sold, ("milk", "bröd\0"), 12.5, 7, True)


def members(content: bytes) -> dict[str, npt.NDArray[np.generic]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def changed(changes: Changes) -> bytes:
    """Return a packed shelf with some members replaced, added, or left out where None."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in (members(packed(shelf())) | changes).items():
            if array is not None:
                with archive.open(f"{name}.npy", "w") as member:
                    np.lib.format.write_array(member, array)
    return content.getvalue()


def assert_same(one: Shelf, other: Shelf) -> None:
    for left, right in (
        (one.file, other.file),
        (one.sold.week, other.sold.week),
        (one.sold.private, other.sold.private),
    ):
        np.testing.assert_array_equal(left, right, strict=True)
    assert one.sold.store.shape == other.sold.store.shape
    assert one.sold.store.dtype == other.sold.store.dtype
    np.testing.assert_array_equal(one.sold.store.toarray(), other.sold.store.toarray())
    np.testing.assert_equal((one.names, one.before_d, one.most), (other.names, other.before_d, other.most))
    assert one.is_new is other.is_new


@settings(max_examples=25, deadline=None)
@given(value=shelves())
def test_what_is_packed_comes_back_the_same(value: Shelf) -> None:
    assert_same(unpacked(WHERE, packed(value), Shelf), value)


def test_the_same_content_makes_the_same_bytes() -> None:
    assert packed(shelf()) == packed(shelf())


def test_names_are_dotted() -> None:
    assert {"file", "names", "sold.week", "sold.store.indptr"} < members(packed(shelf())).keys()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sold.week": None}, r"shelf\.npz: has no sold\.week, wanted float32; run `aisle train`"),
        ({"sold.week": np.zeros(2)}, r"sold\.week is an array of float64, wanted float32"),
        ({"before_d": np.zeros(2)}, r"before_d has the shape \(2,\), wanted one number"),
        ({"most": np.array(1.0)}, r"most is an array of float64, wanted int64"),
        ({"most": np.array(-1)}, r"its content is damaged \(most is -1, at least 0\)"),
        ({"names": np.frombuffer(b"[1]", dtype=np.uint8)}, r"names is damaged .*Expected `str`"),
        ({"names": np.frombuffer(b"[\xff", dtype=np.uint8)}, r"names is damaged"),
        ({"sold.store.data": None}, r"has no sold\.store\.data, wanted numbers"),
        ({"sold.store.indices": np.array([1, 0, 9])}, r"sold\.store is damaged"),
        ({"sold.store.indptr": np.array([0, 9, 3])}, r"sold\.store is damaged"),
        ({"sold.store.indptr": np.array([0, -4, 3])}, r"sold\.store is damaged"),
        ({"sold.store.data": np.array(["a", "b", "c"])}, r"sold\.store\.data is an array of <U1, wanted numbers"),
        ({"sold.store.shape": np.array([2])}, r"sold\.store is damaged"),
        ({"sold.store.shape": np.array([-2, 3])}, r"sold\.store is damaged"),
        ({"margin": np.zeros(2)}, r"holds margin, which this program does not know"),
        ({"sold.week": np.array(["a"])}, r"sold\.week is an array of <U1, wanted float32"),
    ],
)
def test_what_does_not_fit_is_named(changes: Changes, message: str) -> None:
    with pytest.raises(ModelProblem, match=message):
        unpacked(WHERE, changed(changes), Shelf)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a file"])
def test_what_is_no_such_file_is_named(content: bytes) -> None:
    with pytest.raises(ModelProblem, match=r"shelf\.npz: is damaged .*aisle train"):
        unpacked(WHERE, content, Shelf)


def test_pickled_objects_are_not_read() -> None:
    content = io.BytesIO()
    np.savez(content, file_=np.array([object()], dtype=object))
    with pytest.raises(ModelProblem, match="damaged"):
        unpacked(WHERE, content.getvalue(), Shelf)


def test_a_compressed_file_is_refused() -> None:
    content = io.BytesIO()
    np.savez_compressed(content, before_d=np.zeros(9))
    with pytest.raises(ModelProblem, match="is compressed"):
        unpacked(WHERE, content.getvalue(), Shelf)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried, "MOST_BYTES", 100)
    with pytest.raises(ModelProblem, match=r"holds \d+ bytes, at most 100 are read"):
        unpacked(WHERE, packed(shelf()), Shelf)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_altered_bytes_are_refused_or_change_nothing(data: st.DataObject) -> None:
    content = bytearray(packed(shelf()))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        read = unpacked(WHERE, bytes(content), Shelf)
    except ModelProblem:
        return
    assert_same(read, shelf())


def test_an_array_of_another_type_than_declared_is_not_packed() -> None:
    wrong = replace(shelf().sold, week=np.zeros(3))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sold\.week: is an array of float64, declared as float32"):
        packed(replace(shelf(), sold=wrong))


def test_a_field_of_another_kind_is_not_packed() -> None:
    @dataclass(frozen=True)
    class Odd:
        days: list[float]

    with pytest.raises(TypeError, match=r"days: .* cannot be carried"):
        packed(Odd([1.0]))
