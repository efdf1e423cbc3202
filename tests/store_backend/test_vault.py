"""What sealing promises, for any text, owner and field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_backend import vault
from store_backend.vault import VaultProblem

TEXTS = st.text(max_size=200)
NAMES = st.text(min_size=1, max_size=20)
STORE_KEYS = vault.new_store_keys()


@given(owner=NAMES, field=NAMES, text=TEXTS)
def test_a_sealed_text_opens_again_and_does_not_show(owner: str, field: str, text: str) -> None:
    key = vault.new_data_key()
    sealed = vault.seal(key, owner, field, text)
    assert vault.unseal(key, owner, field, sealed) == text
    if len(text.encode()) > 4:
        assert text.encode() not in sealed


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    key = vault.new_data_key()
    assert vault.seal(key, "anna", "wish", "milk") != vault.seal(key, "anna", "wish", "milk")


@given(owner=NAMES, field=NAMES, other=NAMES, text=TEXTS)
def test_it_opens_for_no_other_owner_field_or_key(owner: str, field: str, other: str, text: str) -> None:
    key = vault.new_data_key()
    sealed = vault.seal(key, owner, field, text)
    tries = [(key, owner + other, field), (key, owner, field + other), (vault.new_data_key(), owner, field)]
    # The border between the names counts: "ab" and "c" are not "a" and "bc".
    tries.append((key, owner + field[:1], field[1:] or "-"))
    for place in tries:
        with pytest.raises(VaultProblem, match=r"was changed since it was sealed|has another key"):
            vault.unseal(*place, sealed)


@given(text=TEXTS, place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_every_changed_bit_is_seen(text: str, place: int, bit: int) -> None:
    key = vault.new_data_key()
    sealed = bytearray(vault.seal(key, "anna", "wish", text))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(VaultProblem):
        vault.unseal(key, "anna", "wish", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(27), b"\x02" + bytes(60)])
def test_bytes_that_were_never_sealed_are_named(sealed: bytes) -> None:
    with pytest.raises(VaultProblem, match="wish of anna was not sealed by this program"):
        vault.unseal(vault.new_data_key(), "anna", "wish", sealed)


def test_a_problem_never_shows_the_key_or_the_text() -> None:
    key = vault.new_data_key()
    with pytest.raises(VaultProblem) as caught:
        vault.unseal(key, "anna", "other", vault.seal(key, "anna", "wish", "oat milk"))
    assert "oat milk" not in str(caught.value)
    assert key.hex() not in repr(caught.value)
    assert STORE_KEYS.mark_key.hex() not in repr(STORE_KEYS)
    assert "mark_key" not in repr(STORE_KEYS)


def test_a_wrapped_key_opens_with_the_stores_key_until_that_is_destroyed() -> None:
    key = vault.new_data_key()
    wrapped = vault.wrap(STORE_KEYS, "anna", key)
    newer = vault.renewed(STORE_KEYS)
    assert key not in wrapped.content
    assert vault.unwrap(STORE_KEYS, "anna", wrapped) == vault.unwrap(newer, "anna", wrapped) == key
    assert vault.unwrap(vault.without_older(newer), "anna", wrapped) is None
    assert vault.unwrap(vault.without_older(newer), "anna", vault.wrap(newer, "anna", key)) == key


def test_a_wrapped_key_is_of_one_owner() -> None:
    wrapped = vault.wrap(STORE_KEYS, "anna", vault.new_data_key())
    with pytest.raises(VaultProblem, match="data key of ben"):
        vault.unwrap(STORE_KEYS, "ben", wrapped)


def test_a_mark_is_the_same_for_the_same_text_and_store_only_and_outlives_a_renewal() -> None:
    mark = vault.mark(STORE_KEYS, "e_mail", "anna@example.org")
    assert mark == vault.mark(vault.without_older(vault.renewed(STORE_KEYS)), "e_mail", "anna@example.org")
    assert (
        len({mark, vault.mark(STORE_KEYS, "phone", "anna@example.org"), vault.mark(STORE_KEYS, "e_mail", "ben")}) == 3
    )
    assert mark != vault.mark(vault.new_store_keys(), "e_mail", "anna@example.org")
