"""Sealing of personal data: each owner has a data key of its own, and the store's key wraps the data keys.

Whoever destroys an owner's data key has erased everything that it sealed, wherever copies lie (NIST SP 800-88 rev. 1,
section 2.6, cryptographic erase). The cipher is AES-256-GCM (NIST SP 800-38D) with random nonces.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION = b"\x01"
_WRAPPED = "data key"


class VaultProblem(RuntimeError):
    """Something sealed cannot be read or written; the sentence says what and why, never the content."""


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """The keys that wrap data keys, by number: `newest` wraps new ones, an older one opens what it wrapped.

    `mark_key` makes marks of texts and is never renewed.
    """

    newest: int
    keys: Mapping[int, bytes] = field(repr=False)
    mark_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it may lie in a database, and the number of the store's key that opens it."""

    content: bytes
    wrapped_by: int


def new_store_keys() -> StoreKeys:
    """Return the keys of a new store. Randomness is the system's: a key that a caller could choose would be none."""
    return StoreKeys(newest=1, keys={1: os.urandom(KEY_BYTES)}, mark_key=os.urandom(KEY_BYTES))


def renewed(store_keys: StoreKeys) -> StoreKeys:
    """Return the same keys and a newest one; what the others wrapped can still be opened."""
    newest = store_keys.newest + 1
    return StoreKeys(newest, {**store_keys.keys, newest: os.urandom(KEY_BYTES)}, store_keys.mark_key)


def without_older(store_keys: StoreKeys) -> StoreKeys:
    """Return the newest key alone; what an older one wrapped can be opened by nobody any more."""
    newest = store_keys.newest
    return StoreKeys(newest, {newest: store_keys.keys[newest]}, store_keys.mark_key)


def new_data_key() -> bytes:
    """Return a random key for one owner."""
    return os.urandom(KEY_BYTES)


def wrap(store_keys: StoreKeys, owner: str, data_key: bytes) -> WrappedKey:
    """Wrap an owner's data key with the store's newest key."""
    newest = store_keys.newest
    return WrappedKey(_encrypt(store_keys.keys[newest], owner, _WRAPPED, data_key), newest)


def unwrap(store_keys: StoreKeys, owner: str, wrapped: WrappedKey) -> bytes | None:
    """Open a data key; None when the store's key that wrapped it was destroyed. Raises VaultProblem."""
    store_key = store_keys.keys.get(wrapped.wrapped_by)
    return None if store_key is None else _decrypt(store_key, owner, _WRAPPED, wrapped.content)


def seal(data_key: bytes, owner: str, field_name: str, text: str) -> bytes:
    """Seal a text so that it opens only with this key, for this owner and this field."""
    return _encrypt(data_key, owner, field_name, text.encode())


def unseal(data_key: bytes, owner: str, field_name: str, sealed: bytes) -> str:
    """Open what `seal` made. Raises VaultProblem when it was changed, or belongs to another owner or field."""
    return _decrypt(data_key, owner, field_name, sealed).decode()


def mark(store_keys: StoreKeys, kind: str, text: str) -> str:
    """Return 64 characters that are equal for equal texts and tell nothing without the store's keys (HMAC, RFC 2104).

    For finding a contact again; a mark is personal data too and goes with what it points at.
    """
    return hmac.new(store_keys.mark_key, _name(kind, text), hashlib.sha256).hexdigest()


def _encrypt(key: bytes, owner: str, field_name: str, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, content, _VERSION + _name(owner, field_name))


def _decrypt(key: bytes, owner: str, field_name: str, sealed: bytes) -> bytes:
    if len(sealed) < len(_VERSION) + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
        raise VaultProblem(f"{field_name} of {owner} was not sealed by this program; restore it from a backup")
    nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, content, _VERSION + _name(owner, field_name))
    except InvalidTag as error:
        raise VaultProblem(f"{field_name} of {owner} was changed since it was sealed, or has another key") from error


def _name(*parts: str) -> bytes:
    """Join names so that no two lists of names give the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
