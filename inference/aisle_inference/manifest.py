"""The manifest beside a model: what it is, what it was made from, and the hash that it must have."""

from __future__ import annotations

from pathlib import Path

import msgspec

from aisle_inference.carried.digests import product_ids_digest as product_ids_digest
from aisle_inference.carried.digests import sha256_of as sha256_of
from aisle_inference.carried.problem import ModelProblem as ModelProblem

MODEL_FILE = "associations.onnx"
MANIFEST_FILE = "manifest.json"
PRODUCTS_KEY = "product_ids_sha256"
_MOST_MANIFEST_BYTES = 4_000_000
_MOST_MODEL_BYTES = 500_000_000


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
