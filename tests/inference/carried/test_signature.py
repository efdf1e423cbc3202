from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import is_signed, public_key, publish, signing_key


def test_the_first_training_makes_a_key_that_later_ones_keep(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "adviser.key"
    first, again = signing_key(path), signing_key(path)
    assert first.private_bytes_raw() == again.private_bytes_raw()


def test_only_its_owner_may_read_the_private_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "adviser.key"
    signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "adviser.key"
    signing_key(path)
    path.chmod(0o640)
    with pytest.raises(ModelProblem, match=r"adviser\.key: others may read .*chmod 600"):
        signing_key(path)


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff" * 99]
)
def test_a_damaged_private_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "adviser.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ModelProblem, match="is no private key"):
        signing_key(path)
    assert path.read_bytes() == content


def test_keys_for_another_purpose_are_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "adviser.key", X25519PrivateKey.generate()
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    with pytest.raises(ModelProblem, match="no Ed25519 key"):
        signing_key(path)
    path.write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(ModelProblem, match="no Ed25519 key"):
        public_key(path)


def test_the_public_half_is_written_once(tmp_path: Path) -> None:
    key, path = signing_key(tmp_path / "adviser.key"), tmp_path / "models" / "adviser.pub"
    publish(key, path)
    publish(key, path)
    assert public_key(path).public_bytes_raw() == key.public_key().public_bytes_raw()


def test_the_public_key_of_another_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "adviser.pub"
    first, other = signing_key(tmp_path / "first.key"), signing_key(tmp_path / "other.key")
    publish(first, path)
    with pytest.raises(ModelProblem, match="delete it to trust this one"):
        publish(other, path)
    assert public_key(path).public_bytes_raw() == first.public_key().public_bytes_raw()


def test_a_missing_or_oversized_public_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "adviser.pub"
    with pytest.raises(ModelProblem, match=r"adviser\.pub: cannot be read .*aisle train"):
        public_key(path)
    path.write_bytes(b"-" * 10_001)
    with pytest.raises(ModelProblem, match="has 10001 bytes, at most 10000"):
        public_key(path)


def test_a_signature_fits_one_content_and_one_key(tmp_path: Path) -> None:
    key, other = signing_key(tmp_path / "one.key"), signing_key(tmp_path / "other.key")
    signature = key.sign(b"content")
    assert is_signed(key.public_key(), signature, b"content")
    assert not is_signed(key.public_key(), signature, b"kontent")
    assert not is_signed(other.public_key(), signature, b"content")
    assert not is_signed(key.public_key(), b"", b"content")
