"""The manifest of a folder that a robot carries: what the files are, what they were made from, and their hashes."""

from __future__ import annotations

import datetime
from typing import Annotated

import msgspec

MANIFEST_FILE = "manifest.json"
SIGNATURE_FILE = "manifest.sig"
MOST_MANIFEST_BYTES = 1_000_000
MOST_BYTES = 2_000_000_000
# What a reader of this program can use; a change of the files that an older one would misread raises it.
VERSION = 1

FileName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]*\.[a-z]+$", max_length=80)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class CarriedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a file must be."""

    sha256: Digest
    size_bytes: Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told of a model beside its files.

    `metrics` holds figures by task and name, `limits` sentences on what the model is not for, `counts` how much it was
    made from. `product_ids_sha256` is the digest of the products that its codes stand for.
    """

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    first_day: datetime.date
    last_day: datetime.date
    counts: dict[str, Count]
    metrics: dict[str, dict[str, float]]
    limits: tuple[str, ...]
    product_ids_sha256: Digest
    trained_s: Annotated[float, msgspec.Meta(ge=0)]


class Manifest(Facts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in manifest.json: the facts, the format's version and every file beside it."""

    version: int
    files: dict[FileName, CarriedFile]
