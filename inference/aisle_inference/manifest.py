"""The manifest beside a model: what it is, what it was made from, and the hash that it must have."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

MODEL_FILE = "associations.onnx"
MANIFEST_FILE = "manifest.json"
PRODUCTS_KEY = "product_ids_sha256"
_MOST_MANIFEST_BYTES = 4_000_000
_MOST_MODEL_BYTES = 500_000_000


class ModelProblem(RuntimeError):
    """A model that must not be used; the sentence says why and what to do."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in manifest.json; `product_ids` gives each column of the graph its product."""

    kind: str
    sha256: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    first_day: str
    last_day: str
    trips: int
    seconds: float
    hit_rate_at_5: float
    popularity_hit_rate_at_5: float
    product_ids: tuple[int, ...]


def sha256_of(content: bytes) -> str:
    """Return the hash that the manifest holds."""
    return hashlib.sha256(content).hexdigest()


def product_ids_digest(product_ids: npt.ArrayLike) -> str:
    """Return the hash of the products in column order; the model carries it, to show that both belong together."""
    return sha256_of(np.asarray(product_ids, dtype="<i8").tobytes())


def read_model(directory: Path) -> tuple[Manifest, bytes]:
    """Read manifest and model and compare the hash. Raises ModelProblem."""
    try:
        manifest = msgspec.json.decode(_read(directory / MANIFEST_FILE, _MOST_MANIFEST_BYTES), type=Manifest)
        content = _read(directory / MODEL_FILE, _MOST_MODEL_BYTES)
    except OSError as error:
        raise ModelProblem(f"{error.filename}: cannot be read ({error.strerror}); run `aisle train`") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelProblem(f"{directory / MANIFEST_FILE}: is damaged ({error}); run `aisle train`") from error
    if sha256_of(content) != manifest.sha256:
        raise ModelProblem(f"{directory / MODEL_FILE}: was altered, its hash is not the manifest's; run `aisle train`")
    return manifest, content


def _read(path: Path, most_bytes: int) -> bytes:
    if path.stat().st_size > most_bytes:
        raise ModelProblem(f"{path}: is larger than {most_bytes} bytes; run `aisle train`")
    return path.read_bytes()


def write_model(directory: Path, manifest: Manifest, content: bytes) -> None:
    """Write both files; the manifest comes last, so that a half-written model is never taken for a whole one."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MANIFEST_FILE).unlink(missing_ok=True)
    (directory / MODEL_FILE).write_bytes(content)
    (directory / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
