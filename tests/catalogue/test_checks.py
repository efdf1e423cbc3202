from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.checks import check_store
from store_model.manifest import STORE_FILES
from tests.store_model.small_store import write_store


@pytest.fixture
def store_dir(tmp_path: Path) -> Path:
    write_store(tmp_path)
    return tmp_path


def _faults(directory: Path) -> str:
    return "\n".join(str(fault) for fault in check_store(directory))


def test_a_good_store_has_no_fault(store_dir: Path) -> None:
    assert check_store(store_dir) == []


def test_an_empty_directory_gives_faults_and_no_traceback(tmp_path: Path) -> None:
    assert len(check_store(tmp_path)) == len(STORE_FILES)


def test_a_damaged_catalogue_is_a_fault_and_hides_no_other(store_dir: Path) -> None:
    (store_dir / "catalogue.sqlite").write_bytes(b"SQLite format 3\0 and then rubbish")
    (store_dir / "store.yaml").write_bytes(b"store_id: 7\n")
    found = _faults(store_dir)
    assert "catalogue.sqlite: is damaged or no catalogue" in found
    assert "store.yaml: " in found


def test_a_product_on_a_shelf_that_the_catalogue_does_not_know_is_a_fault(store_dir: Path) -> None:
    with (store_dir / "planogram.csv").open("a", encoding="utf-8") as file:
        file.write("555,G1,G1-W1,1,2\n")
    assert "row 8: product 555 is not in the catalogue" in _faults(store_dir)
