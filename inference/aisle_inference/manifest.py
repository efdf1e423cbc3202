"""The manifest beside a model: what it is, what it was made from, and the hash that it must have."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

MODEL_FILE = "associations.onnx"
MANIFEST_FILE = "manifest.json"
_MOST_BYTES = 4_000_000


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


def read_model(directory: Path) -> tuple[Manifest, bytes]:
    """Read manifest and model and compare the hash. Raises ModelProblem."""
    try:
        path = directory / MANIFEST_FILE
        if path.stat().st_size > _MOST_BYTES:
            raise ModelProblem(f"{path}: is larger than {_MOST_BYTES} bytes; run `aisle train`")
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        content = (directory / MODEL_FILE).read_bytes()
    except OSError as error:
        raise ModelProblem(f"{error.filename}: cannot be read ({error.strerror}); run `aisle train`") from error
    except msgspec.DecodeError as error:
        raise ModelProblem(f"{directory / MANIFEST_FILE}: is damaged ({error}); run `aisle train`") from error
    if sha256_of(content) != manifest.sha256:
        raise ModelProblem(f"{directory / MODEL_FILE}: was altered, its hash is not the manifest's; run `aisle train`")
    return manifest, content


def write_model(directory: Path, manifest: Manifest, content: bytes) -> None:
    """Write both files; the manifest comes last, so that a half-written model is never taken for a whole one."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MANIFEST_FILE).unlink(missing_ok=True)
    (directory / MODEL_FILE).write_bytes(content)
    (directory / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
