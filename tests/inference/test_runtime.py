from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference import manifest
from aisle_inference.associations import Associations
from aisle_inference.export import association_graph
from aisle_inference.manifest import MANIFEST_FILE, MODEL_FILE, Manifest, ModelProblem, sha256_of, write_model
from aisle_inference.runtime import load_model
from tests.inference.models import associations, manifest_of, model_of

IDS = np.array([101, 102, 103, 104], dtype=np.int64)
# 101 goes with 102 (1.0) and 103 (0.5); 102 goes with 103 (0.25); 104 with nothing.
MADE = Associations(
    np.array([[1, 2], [2, 1], [2, 2], [3, 3]], dtype=np.int64),
    np.array([[1.0, 0.5], [0.25, 0.0], [0.0, 0.0], [0.0, 0.0]], dtype=np.float32),
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    content = association_graph(MADE, IDS).SerializeToString()
    write_model(tmp_path, manifest_of(content, IDS), content)
    return tmp_path


def rewrite(directory: Path, change: Callable[[Manifest], Manifest]) -> None:
    path = directory / MANIFEST_FILE
    path.write_bytes(msgspec.json.encode(change(msgspec.json.decode(path.read_bytes(), type=Manifest))))


def refusal(directory: Path) -> str:
    with pytest.raises(ModelProblem) as caught:
        load_model(directory)
    return str(caught.value)


def test_a_written_model_ranks_products_with_their_causes(directory: Path) -> None:
    first, second = load_model(directory).rank((101,), 10)
    assert (first.product_id, first.score, first.causes) == (102, 1.0, {101: 1.0})
    assert (second.product_id, second.score, second.causes) == (103, 0.5, {101: 0.5})


def test_causes_of_several_products_are_told_apart(directory: Path) -> None:
    (only,) = load_model(directory).rank((101, 102), 10)
    assert (only.product_id, only.score, only.causes) == (103, 0.75, {101: 0.5, 102: 0.25})


def test_products_the_model_does_not_know_are_left_out(directory: Path) -> None:
    model = load_model(directory)
    assert model.rank((999,), 5) == []
    assert model.rank((999, 101), 5) == model.rank((101,), 5)
    assert model.rank((104,), 5) == []


@settings(max_examples=30, deadline=None)
@given(made=associations(), data=st.data(), limit=st.integers(1, 1000))
def test_repeated_products_count_once_and_causes_sum_to_the_score(
    made: Associations, data: st.DataObject, limit: int
) -> None:
    ids = 100 + np.arange(len(made.neighbours))
    asked = tuple(data.draw(st.lists(st.sampled_from(ids.tolist()), min_size=1, max_size=8)))
    model = model_of(made, ids)
    ranked = model.rank(asked, limit)
    assert ranked == model.rank(tuple(dict.fromkeys(asked)), limit)
    assert len(ranked) <= min(limit, len(ids))
    assert not {candidate.product_id for candidate in ranked} & set(asked)
    for candidate in ranked:
        assert sum(candidate.causes.values()) == candidate.score > 0.0
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_a_missing_manifest_is_named(directory: Path) -> None:
    (directory / MANIFEST_FILE).unlink()
    assert refusal(directory).startswith(f"{directory / MANIFEST_FILE}: cannot be read")


def test_a_missing_model_is_named(directory: Path) -> None:
    (directory / MODEL_FILE).unlink()
    assert refusal(directory).startswith(f"{directory / MODEL_FILE}: cannot be read")


@pytest.mark.parametrize("place", [0, 100, -1])
def test_one_altered_byte_of_the_model_is_found(directory: Path, place: int) -> None:
    path = directory / MODEL_FILE
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert f"{path}: was altered" in refusal(directory)
    assert "run `aisle train`" in refusal(directory)


def test_a_wrong_hash_in_the_manifest_is_found(directory: Path) -> None:
    rewrite(directory, lambda old: msgspec.structs.replace(old, sha256="0" * 64))
    assert "its hash is not the manifest's" in refusal(directory)


@pytest.mark.parametrize("product_ids", [(), (101, 102, 103), (102, 101, 103, 104), (101, 102, 103, 104, 105)])
def test_products_that_are_not_the_models_are_found(directory: Path, product_ids: tuple[int, ...]) -> None:
    rewrite(directory, lambda old: msgspec.structs.replace(old, product_ids=product_ids))
    assert "its products are not those of the model" in refusal(directory)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"kind": "item associations"}', b"\xff\xfe"])
def test_a_damaged_manifest_is_named(directory: Path, content: bytes) -> None:
    (directory / MANIFEST_FILE).write_bytes(content)
    assert str(directory / MANIFEST_FILE) in refusal(directory)


@pytest.mark.parametrize(
    ("name", "limit"), [(MANIFEST_FILE, "_MOST_MANIFEST_BYTES"), (MODEL_FILE, "_MOST_MODEL_BYTES")]
)
def test_a_file_that_is_too_large_is_not_read(
    directory: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str
) -> None:
    monkeypatch.setattr(manifest, limit, (directory / name).stat().st_size - 1)
    assert f"{directory / name}: is larger than" in refusal(directory)


def test_a_file_that_is_no_model_is_refused_even_with_its_right_hash(directory: Path) -> None:
    (directory / MODEL_FILE).write_bytes(b"no graph")
    rewrite(directory, lambda old: msgspec.structs.replace(old, sha256=sha256_of(b"no graph")))
    assert f"{directory / MODEL_FILE}: cannot be run" in refusal(directory)


def test_a_model_with_another_signature_is_refused(directory: Path) -> None:
    proto = onnx.load_model_from_string((directory / MODEL_FILE).read_bytes())
    for node in proto.graph.node:
        for names in (node.input, node.output):
            names[:] = ["surprise" if name == "scores" else name for name in names]
    proto.graph.output[1].name = "surprise"
    content = proto.SerializeToString()
    (directory / MODEL_FILE).write_bytes(content)
    rewrite(directory, lambda old: msgspec.structs.replace(old, sha256=sha256_of(content)))
    assert "surprise" in refusal(directory)


def test_a_half_written_model_is_never_taken_for_a_whole_one(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (directory / MODEL_FILE).read_bytes()

    def fail(_value: object) -> bytes:
        raise OSError("the disk is full")

    monkeypatch.setattr(msgspec.json, "encode", fail)
    with pytest.raises(OSError, match="full"):
        write_model(directory, manifest_of(content, IDS), content + b"newer")
    assert str(directory / MANIFEST_FILE) in refusal(directory)
