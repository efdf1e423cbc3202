"""Frozen dataclasses of arrays as one `.npz` file: each field under its dotted name, read back by its declared type.

A field is an array of one declared type (`npt.NDArray[np.float32]`), a `sparse.csr_matrix`, a float, int or bool, a
`tuple[str, ...]`, or again such a dataclass. The same content always makes the same bytes. Format:
https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import struct
import tokenize
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.carried.problem import ModelProblem

MOST_BYTES = 2_000_000_000
_Array = npt.NDArray[Any]
_Kind = TypeVar("_Kind")
_Words = tuple[str, ...]
_SCALARS: Mapping[object, type[np.generic]] = {float: np.float64, int: np.int64, bool: np.bool_}
_ELEMENTS = (
    np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64,
)  # fmt: skip
_SPARSE_PARTS = ("data", "indices", "indptr", "shape")
# What zipfile and numpy raise on bytes that are no such file.
_DAMAGE = (
    ValueError, TypeError, OSError, EOFError, KeyError, IndexError, SyntaxError, MemoryError, RuntimeError,
    OverflowError, struct.error, tokenize.TokenError, zipfile.BadZipFile,
)  # fmt: skip


def packed(value: object) -> bytes:
    """Return the fields of a dataclass as the bytes of an `.npz` file, uncompressed.

    Raises TypeError for a field that cannot be carried, ValueError for an array of another type than declared.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, array in _parts("", value, type(value)):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return content.getvalue()


def unpacked(where: str, content: bytes, kind: type[_Kind]) -> _Kind:
    """Return the dataclass that was packed; `where` is the file it comes from, for the message.

    Raises ModelProblem for what is damaged, too large, missing, too much or of another type.
    """
    found = _Found(where, _arrays(where, content))
    value: _Kind = found.value("", kind)
    wanted = {name for name, _ in _parts("", value, kind)}
    unwanted = sorted(found.arrays.keys() - wanted)
    if unwanted:
        raise ModelProblem(f"{where}: holds {unwanted[0]}, which this program does not know; run `aisle train`")
    return value


def _parts(name: str, value: Any, hint: Any) -> Iterator[tuple[str, _Array]]:
    """Yield the arrays of a value under their dotted names."""
    if is_dataclass(hint):
        for field, inner in _fields_of(hint).items():
            yield from _parts(_under(name, field), getattr(value, field), inner)
    elif hint in _SCALARS:
        yield name, np.array(value, dtype=_SCALARS[hint])
    elif hint == _Words:
        yield name, np.frombuffer(msgspec.json.encode(value), dtype=np.uint8)
    elif hint is sparse.csr_matrix:
        yield from ((_under(name, part), np.asarray(getattr(value, part))) for part in _SPARSE_PARTS)
    else:
        yield name, _as_declared(name, value, _type_of(name, hint))


def _fields_of(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _under(name: str, field: str) -> str:
    return f"{name}.{field}" if name else field


def _type_of(name: str, hint: Any) -> np.dtype[Any]:
    """Return the element type of a declared array. Raises TypeError."""
    if get_origin(hint) is np.ndarray:
        (element,) = get_args(get_args(hint)[1])
        if element in _ELEMENTS:
            wanted: np.dtype[Any] = np.dtype(element)
            return wanted
    raise TypeError(f"{name}: {hint} cannot be carried; declare an array of one type, a number, words or a dataclass")


def _as_declared(name: str, value: _Array, wanted: np.dtype[Any]) -> _Array:
    if value.dtype != wanted:
        raise ValueError(f"{name}: is an array of {value.dtype}, declared as {wanted}")
    return value


def _arrays(where: str, content: bytes) -> dict[str, _Array]:
    """Return every array of the file. Raises ModelProblem."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
        size = max(len(content), sum(member.file_size for member in members))
        if size > MOST_BYTES:
            raise ModelProblem(f"{where}: holds {size} bytes, at most {MOST_BYTES} are read; run `aisle train`")
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ModelProblem(f"{where}: is compressed, which `packed` never does; run `aisle train`")
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: np.asarray(archive[name]) for name in archive.files}
    except ModelProblem:
        raise
    except _DAMAGE as error:
        raise ModelProblem(f"{where}: is damaged ({error}); run `aisle train`") from error


@dataclass(frozen=True, slots=True)
class _Found:
    """The arrays of a file, to build values of."""

    where: str
    arrays: dict[str, _Array]

    def value(self, name: str, hint: Any) -> Any:
        if is_dataclass(hint):
            inner = {field: self.value(_under(name, field), each) for field, each in _fields_of(hint).items()}
            return self._made(name, lambda: hint(**inner))  # type: ignore[operator]
        if hint in _SCALARS:
            return self._scalar(name, np.dtype(_SCALARS[hint]))
        if hint == _Words:
            letters = self._array(name, np.dtype(np.uint8)).tobytes()
            return self._made(name, lambda: msgspec.json.decode(letters, type=_Words))
        if hint is sparse.csr_matrix:
            return self._made(name, lambda: self._sparse(name))
        return self._array(name, _type_of(name, hint))

    def _array(self, name: str, wanted: np.dtype[Any] | None = None) -> _Array:
        array = self.arrays.get(name)
        if array is None:
            raise self._problem(f"has no {name}", wanted)
        if array.dtype != wanted if wanted else array.dtype.type not in _ELEMENTS:
            raise self._problem(f"{name} is an array of {array.dtype}", wanted)
        return array

    def _scalar(self, name: str, wanted: np.dtype[Any]) -> Any:
        array = self._array(name, wanted)
        if array.shape != ():
            raise self._problem(f"{name} has the shape {array.shape}, wanted one number", wanted)
        return array.item()

    def _sparse(self, name: str) -> sparse.csr_matrix:
        data, indices, starts, shape = (self._array(_under(name, part)) for part in _SPARSE_PARTS)
        rows, columns = shape.tolist()
        matrix = sparse.csr_matrix((data, indices, starts), shape=(rows, columns))
        matrix.check_format(full_check=True)
        return matrix

    def _made(self, name: str, make: Callable[[], Any]) -> Any:
        try:
            return make()
        except (ValueError, TypeError, OverflowError) as error:
            raise ModelProblem(
                f"{self.where}: {name or 'its content'} is damaged ({error}); run `aisle train`"
            ) from error

    def _problem(self, what: str, wanted: np.dtype[Any] | None) -> ModelProblem:
        return ModelProblem(f"{self.where}: {what}, wanted {wanted or 'numbers'}; run `aisle train`")
