"""A signed folder of files: written whole or not at all, and read only as it was signed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aisle_inference.carried.digests import sha256_of
from aisle_inference.carried.files import AGAIN, read_whole, write_whole
from aisle_inference.carried.manifest import (
    MANIFEST_FILE,
    MOST_BYTES,
    MOST_MANIFEST_BYTES,
    SIGNATURE_FILE,
    VERSION,
    CarriedFile,
    Facts,
    Manifest,
)
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import SIGNATURE_BYTES, is_signed, public_key


@dataclass(frozen=True, slots=True)
class Carried:
    """A folder that was checked: what it says of itself, and the bytes of each file that were checked."""

    manifest: Manifest
    files: Mapping[str, bytes]


def load_folder(folder: Path, key_file: Path) -> Carried:
    """Check signature, then size and hash of every file, before anything of them is parsed. Raises ModelProblem."""
    key = public_key(key_file)
    place = folder if folder.exists() else _old(folder)
    signature = read_whole(place / SIGNATURE_FILE, SIGNATURE_BYTES)
    content = read_whole(place / MANIFEST_FILE, MOST_MANIFEST_BYTES)
    if not is_signed(key, signature, content):
        raise ModelProblem(f"{place / MANIFEST_FILE}: is not signed by the key in {key_file}, or was altered; {AGAIN}")
    manifest = _manifest(place / MANIFEST_FILE, content)
    _refuse_strangers(place, manifest)
    return Carried(manifest, {name: _checked(place / name, wanted) for name, wanted in manifest.files.items()})


def write_folder(folder: Path, facts: Facts, files: Mapping[str, bytes], key: Ed25519PrivateKey) -> Manifest:
    """Write files, manifest and signature beside the folder and then put them in its place.

    A training that is cut short leaves the old model as it was. Raises ValueError for a file name or fact that the
    manifest cannot hold, ModelProblem when the folder holds something else.
    """
    _refuse_foreign(folder)
    manifest = _described(facts, files)
    content = msgspec.json.format(msgspec.json.encode(manifest))
    part = _beside(folder, "part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, each in {**files, MANIFEST_FILE: content, SIGNATURE_FILE: key.sign(content)}.items():
        write_whole(part / name, each)
    _move_into_place(part, folder)
    return manifest


def _described(facts: Facts, files: Mapping[str, bytes]) -> Manifest:
    """Return the manifest of the files. Raises ValueError when it could not be read back."""
    reserved = {MANIFEST_FILE, SIGNATURE_FILE} & files.keys()
    if reserved:
        raise ValueError(f"{min(reserved)}: is written by this function itself; name the file otherwise")
    described = {name: CarriedFile(sha256=sha256_of(each), size_bytes=len(each)) for name, each in files.items()}
    manifest = Manifest(version=VERSION, files=described, **msgspec.structs.asdict(facts))
    try:
        return msgspec.json.decode(msgspec.json.encode(manifest), type=Manifest)
    except msgspec.ValidationError as error:
        raise ValueError(f"the manifest cannot hold this: {error}") from error


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        version = msgspec.json.decode(content, type=_Version).version
        if version != VERSION:
            raise ModelProblem(f"{path}: is of version {version}, this program reads {VERSION}; {AGAIN}")
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelProblem(f"{path}: is damaged ({error}); {AGAIN}") from error


class _Version(msgspec.Struct):
    version: int


def _refuse_strangers(folder: Path, manifest: Manifest) -> None:
    wanted = {*manifest.files, MANIFEST_FILE, SIGNATURE_FILE}
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in wanted)
    if strangers:
        raise ModelProblem(f"{folder / strangers[0]}: is not in the manifest; move it away or {AGAIN}")


def _checked(path: Path, wanted: CarriedFile) -> bytes:
    content = read_whole(path, MOST_BYTES)
    if len(content) != wanted.size_bytes:
        raise ModelProblem(f"{path}: has {len(content)} bytes, the manifest says {wanted.size_bytes}; {AGAIN}")
    if sha256_of(content) != wanted.sha256:
        raise ModelProblem(f"{path}: was altered, its hash is not the manifest's; {AGAIN}")
    return content


def _move_into_place(part: Path, folder: Path) -> None:
    """Exchange folders by two renames; between them `load_folder` reads the old one where it lies."""
    old = _old(folder)
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.rename(folder, old)
    os.rename(part, folder)
    shutil.rmtree(old, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and ((folder / MANIFEST_FILE).exists() or not any(folder.iterdir()))):
        raise ModelProblem(f"{folder}: holds something else than a model; name an empty or new folder")


def _old(folder: Path) -> Path:
    return _beside(folder, "old")


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f"{folder.name}.{what}")
