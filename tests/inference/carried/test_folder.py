from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aisle_inference.carried import folder as carried
from aisle_inference.carried.digests import product_ids_digest
from aisle_inference.carried.folder import load_folder, write_folder
from aisle_inference.carried.manifest import MANIFEST_FILE, MOST_MANIFEST_BYTES, SIGNATURE_FILE, Facts
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import publish

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
FILES = {"shelf.onnx": b"trees", "shelf.npz": b"arrays", "empty.txt": b""}
FACTS = Facts(
    kind="adviser",
    first_day=datetime.date(2017, 1, 1),
    last_day=datetime.date(2017, 9, 30),
    counts={"trips": 12},
    metrics={"shelf": {"hit_rate_at_3": 0.25}},
    limits=("Learnt from simulated trips.",),
    product_ids_sha256=product_ids_digest([1, 2]),
    trained_s=1.5,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "models" / "adviser"
    write_folder(made, FACTS, FILES, KEY)
    publish(KEY, key_of(made))
    return made


def key_of(folder: Path) -> Path:
    return folder.parent / "adviser.pub"


def load(folder: Path) -> carried.Carried:
    return load_folder(folder, key_of(folder))


def sign_anew(folder: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the manifest and sign it, as whoever has the key could."""
    content = change((folder / MANIFEST_FILE).read_bytes())
    (folder / MANIFEST_FILE).write_bytes(content)
    (folder / SIGNATURE_FILE).write_bytes(KEY.sign(content))


def test_what_is_written_is_read(folder: Path) -> None:
    read = load(folder)
    assert dict(read.files) == FILES
    assert {name: getattr(read.manifest, name) for name in FACTS.__struct_fields__} == msgspec.structs.asdict(FACTS)


def test_a_later_model_replaces_the_whole_folder(folder: Path) -> None:
    write_folder(folder, FACTS, {"novel.onnx": b"other"}, KEY)
    assert dict(load(folder).files) == {"novel.onnx": b"other"}
    assert sorted(path.name for path in folder.parent.iterdir()) == ["adviser", "adviser.pub"]


@pytest.mark.parametrize("name", [*FILES, MANIFEST_FILE, SIGNATURE_FILE])
@pytest.mark.parametrize("place", [0, -1])
def test_an_altered_byte_is_found_in_every_file(folder: Path, name: str, place: int) -> None:
    content = bytearray((folder / name).read_bytes() or b"\0")
    content[place] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelProblem, match=r"aisle train") as refused:
        load(folder)
    assert str(folder / (MANIFEST_FILE if name == SIGNATURE_FILE else name)) in str(refused.value)


@pytest.mark.parametrize("name", [*FILES, MANIFEST_FILE, SIGNATURE_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelProblem, match=rf"{name}: cannot be read \(No such file or directory\); run `aisle train`"):
        load(folder)


@pytest.mark.parametrize("name", [*FILES, MANIFEST_FILE, SIGNATURE_FILE])
def test_a_longer_file_is_named(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelProblem, match=rf"{name}: "):
        load(folder)


def test_a_folder_in_the_place_of_a_file_is_named(folder: Path) -> None:
    (folder / "shelf.npz").unlink()
    (folder / "shelf.npz").mkdir()
    with pytest.raises(ModelProblem, match=r"shelf\.npz: "):
        load(folder)


def test_a_file_that_nobody_signed_is_named(folder: Path) -> None:
    (folder / "plugin.py").write_text("")
    with pytest.raises(ModelProblem, match=r"plugin\.py: is not in the manifest"):
        load(folder)


def test_the_key_of_another_is_refused(folder: Path) -> None:
    key_of(folder).unlink()
    publish(Ed25519PrivateKey.generate(), key_of(folder))
    with pytest.raises(ModelProblem, match=r"manifest\.json: is not signed by the key in .*adviser\.pub"):
        load(folder)


def test_no_key_means_no_model(folder: Path) -> None:
    key_of(folder).unlink()
    with pytest.raises(ModelProblem, match=r"adviser\.pub: cannot be read"):
        load(folder)


def test_no_folder_is_named(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(ModelProblem, match=r"cannot be read .* run `aisle train`"):
        load(folder)


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_cut_manifest_is_not_signed(folder: Path, size: int) -> None:
    os.truncate(folder / MANIFEST_FILE, size)
    with pytest.raises(ModelProblem, match=r"manifest\.json: is not signed"):
        load(folder)


def test_an_oversized_manifest_is_not_read(folder: Path) -> None:
    os.truncate(folder / MANIFEST_FILE, MOST_MANIFEST_BYTES + 1)
    with pytest.raises(ModelProblem, match=r"manifest\.json: has 1000001 bytes, at most 1000000 are read"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"version": 1', b'"version": 2', "is of version 2, this program reads 1"),
        (b'"version": 1', b'"version": "x"', "is damaged"),
        (b'"kind"', b'"sort"', "is damaged"),
        (b"shelf.onnx", b"../secret.txt", "is damaged"),
        (b'"size_bytes": 5', b'"size_bytes": -5', "is damaged"),
        (b"2017-01-01", b"2017-13-01", "is damaged"),
        (b"{", b"\xff", "is damaged"),
    ],
)
def test_a_signed_manifest_is_still_checked(folder: Path, old: bytes, new: bytes, message: str) -> None:
    sign_anew(folder, lambda content: content.replace(old, new, 1))
    with pytest.raises(ModelProblem, match=message):
        load(folder)


def test_a_training_cut_while_writing_leaves_the_old_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:2])
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(carried, "write_whole", full)
        with pytest.raises(OSError, match="No space"):
            write_folder(folder, FACTS, {"novel.onnx": b"other"}, KEY)
    assert dict(load(folder).files) == FILES
    write_folder(folder, FACTS, {"novel.onnx": b"other"}, KEY)
    assert dict(load(folder).files) == {"novel.onnx": b"other"}


def test_a_training_cut_between_the_renames_leaves_the_old_model(folder: Path) -> None:
    folder.rename(folder.with_name("adviser.old"))
    assert dict(load(folder).files) == FILES
    write_folder(folder, FACTS, {"novel.onnx": b"other"}, KEY)
    assert dict(load(folder).files) == {"novel.onnx": b"other"}


@pytest.mark.parametrize("name", ["../up.onnx", "Shelf.onnx", "shelf", "", MANIFEST_FILE, SIGNATURE_FILE])
def test_file_names_that_a_manifest_cannot_hold_are_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"cannot hold|name the file otherwise"):
        write_folder(tmp_path / "adviser", FACTS, {name: b"x"}, KEY)
    assert not any(tmp_path.iterdir())


def test_figures_that_are_no_numbers_are_not_written(tmp_path: Path) -> None:
    facts = msgspec.structs.replace(FACTS, metrics={"shelf": {"hit_rate_at_3": float("nan")}})
    with pytest.raises(ValueError, match=r"cannot hold this: .*metrics"):
        write_folder(tmp_path / "adviser", facts, FILES, KEY)


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "adviser").mkdir()
    (tmp_path / "adviser" / "letters.txt").write_text("dear")
    with pytest.raises(ModelProblem, match="holds something else than a model"):
        write_folder(tmp_path / "adviser", FACTS, FILES, KEY)
    assert (tmp_path / "adviser" / "letters.txt").read_text() == "dear"
