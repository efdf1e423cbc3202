from __future__ import annotations

from pathlib import Path

import pytest

from aisle_inference.evaluation import cold_report
from tests.inference.evaluation.worlds import course, trips
from tests.inference.harness.worlds import CATEGORIES
from tests.inference.purchases.rows import history, product_table


def test_cold_and_warm_are_printed_for_a_shop_in_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history(row for trip in trips(24) for row in trip).write_parquet(tmp_path / "history.parquet")
    names = {100 + number: ("GROCERY", CATEGORIES[number % 3]) for number in range(24)}
    product_table(names).write_parquet(tmp_path / "catalogue.parquet")
    monkeypatch.setattr(cold_report, "quick", course)
    monkeypatch.setenv("COLUMNS", "200")
    cold_report.main(["--quick", "--products", str(tmp_path), "--share", "0.2"])
    said = capsys.readouterr().out
    assert "completion" in said
    assert "the hidden" in said
