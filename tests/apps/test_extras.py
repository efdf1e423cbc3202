"""Who gets which extras: only shoppers who agreed, and nobody's worth is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from aisle_inference.purchases.read import read_history
from apps.care_verbs import care_app
from apps.extras import extras_of
from store_backend.extras import FLOOR

START = datetime(2017, 1, 2, 10)  # noqa: DTZ001 - receipts carry no zone


def history(agreed: int = 1) -> pl.DataFrame:
    """Forty shoppers of whom each higher number comes more often and buys for more; the last did not agree."""
    rows = [
        {
            "household_id": shopper, "trip_id": shopper * 1000 + visit, "store_id": 1, "product_id": 7,
            "ts": START + timedelta(days=visit * 300 / (1 + shopper)), "quantity": 1.0,
            "sales_value": 5.0 + shopper * (1.0 + 0.3 * (visit % 3)), "week": -1, "retail_disc": 0.0,
            "coupon_disc": 0.0, "may_learn": agreed if shopper == 40 else 1,
        }
        for shopper in range(1, 41) for visit in range(1 + shopper)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_whoever_comes_often_gets_extras_and_never_something_that_everybody_has() -> None:
    extras = extras_of(history())
    assert extras.of(1) < extras.of(40)
    assert not any(services & FLOOR for services in extras.by_shopper.values())


def test_whoever_did_not_agree_is_not_estimated(tmp_path: Path) -> None:
    history(agreed=0).write_parquet(tmp_path / "history.parquet")
    extras = extras_of(read_history(tmp_path / "history.parquet"))
    assert extras.of(40) == frozenset()
    assert set(extras.by_shopper) == set(range(1, 40))


def test_staff_see_services_and_no_worth(tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    history().write_parquet(file)
    shown = CliRunner().invoke(care_app, ["extras", str(file), "--shopper", "40"])
    assert shown.exit_code == 0
    assert "a word of thanks from staff" in shown.stdout
    assert not any(character.isdigit() for character in shown.stdout.removeprefix("40"))
    counted = CliRunner().invoke(care_app, ["extras", str(file)])
    assert "40 shoppers who agreed" in counted.stdout.replace("\n", " ")


def test_a_history_in_which_nobody_came_again_is_said(tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    history().unique("household_id").write_parquet(file)
    shown = CliRunner().invoke(care_app, ["extras", str(file)])
    assert shown.exit_code == 1
    assert "nobody has come a second time yet" in shown.stdout
