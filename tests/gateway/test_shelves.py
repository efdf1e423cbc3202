from pathlib import Path

import pytest

from aisle_gateway.shelves import load_shelves
from store_model.planogram import PLANOGRAM_FILE, PlanogramError
from tests.store_model.small_store import PLACEMENTS, write_store


def test_a_product_is_found_where_the_planogram_says(tmp_path: Path) -> None:
    write_store(tmp_path)
    shelves = load_shelves(tmp_path)
    first = PLACEMENTS[0]
    place = shelves.place_of(first.product_id)
    assert place is not None
    assert (place.bay_id, place.shelf) == (first.bay_id, first.shelf)
    assert shelves.place_of(-1) is None


def test_a_bay_that_the_plan_does_not_have_is_refused_when_loading(tmp_path: Path) -> None:
    write_store(tmp_path)
    path = tmp_path / PLANOGRAM_FILE
    path.write_text(path.read_text().replace("G2-E1", "G9-E1"))
    with pytest.raises(
        PlanogramError, match=r"in bay 'G9-E1', which the plan .* does not have; run 'aisle store check"
    ):
        load_shelves(tmp_path)
