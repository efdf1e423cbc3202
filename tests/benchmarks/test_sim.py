import pytest

from benchmarks import sim

pytestmark = pytest.mark.integration


def test_every_figure_has_a_name_and_a_unit() -> None:
    rows = sim.run(quick=True)
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.unit and row.value > 0.0 for row in rows)
