from __future__ import annotations

from pathlib import Path

import pytest

from aisle.messages.memory import FactKind
from store_backend import vault
from store_backend.backend import Backend
from store_backend.renewal import RenewalProblem, renew_store_key
from tests.store_backend.shoppers import remembered, seen


def test_a_renewed_key_opens_every_memory_and_the_old_one_is_gone(
    backend: Backend, database_url: str, tmp_path: Path
) -> None:
    remembered(backend)
    assert backend.key_file is not None
    old = backend.key_file.keys()
    assert renew_store_key(database_url, tmp_path / "keys", readers_end_s=0.0) == 2
    new = backend.key_file.keys()
    assert set(new.keys) == {2}
    assert new.keys[2] != old.keys[1]
    assert vault.mark(new, "e_mail", "anna@example.org") == vault.mark(old, "e_mail", "anna@example.org")
    assert len(seen(backend).facts) == len(FactKind)


def test_what_cannot_be_renewed_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RenewalProblem, match="run `aisle keys`"):
        renew_store_key("sqlite://", tmp_path)
