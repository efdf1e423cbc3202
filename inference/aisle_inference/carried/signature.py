"""Signs manifests, and checks who signed one (Ed25519, RFC 8032; keys in PEM files).

Whoever trains keeps the private key. A robot carries the public key beside its models and takes the first one that is
put there for the right one: good enough for a demo on one machine. A store gives each robot the public key by hand.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from aisle_inference.carried.files import read_whole, write_whole
from aisle_inference.carried.problem import ModelProblem

PUBLIC_KEY_FILE = "adviser.pub"
PRIVATE_KEY_FILE = "adviser.key"
SIGNATURE_BYTES = 64
_MOST_KEY_BYTES = 10_000
_OWNER_ONLY, _EVERYBODY, _OTHERS = 0o600, 0o644, 0o077


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key of whoever trains; make it, for its owner's eyes only, when there is none.

    Raises ModelProblem.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate()
        _write(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), _OWNER_ONLY)
        return made
    if path.stat().st_mode & _OTHERS:
        raise ModelProblem(f"{path}: others may read this private key; run `chmod 600 {path}`")
    try:
        key = load_pem_private_key(read_whole(path, _MOST_KEY_BYTES), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ModelProblem(f"{path}: is no private key; move it away and run `aisle train`") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ModelProblem(f"{path}: is no Ed25519 key; move it away and run `aisle train`")
    return key


def publish(key: Ed25519PrivateKey, path: Path) -> None:
    """Write the public half for robots, unless it is there. Raises ModelProblem when another's key is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), _EVERYBODY)
    elif public_key(path).public_bytes_raw() != key.public_key().public_bytes_raw():
        raise ModelProblem(
            f"{path}: is not the public half of the key that signs; sign with its own, or delete it to trust this one"
        )


def public_key(path: Path) -> Ed25519PublicKey:
    """Read the key that models are checked by. Raises ModelProblem."""
    try:
        key = load_pem_public_key(read_whole(path, _MOST_KEY_BYTES))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ModelProblem(f"{path}: is no public key; put the right one there or run `aisle train`") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ModelProblem(f"{path}: is no Ed25519 key; put the right one there or run `aisle train`")
    return key


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Return whether the owner of the key signed exactly this content."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a whole key or none."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    write_whole(part, content, mode)
    os.replace(part, path)
