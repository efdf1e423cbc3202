from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from aisle.messages.advice import Recommended
from aisle_inference import train
from aisle_inference.adviser import Adviser
from aisle_inference.associations import AssociationSettings
from aisle_inference.runtime import AssociationModel, load_model
from aisle_inference.train import train_model
from aisle_inference.trips import READ_BEFORE
from catalogue.database import write_catalogue
from tests.catalogue.samples import APPLES, BREAD, CATEGORIES, CHEESE, COOKIES, MILK, PRODUCTS, SOFT_DRINK
from tests.inference.test_trips import MAY, Row, write

TINY = AssociationSettings(shrinkage=1.0, fewest_together=1)


def bought(household: int, day: int, *products: int) -> tuple[Row, ...]:
    return tuple((household, 7, product, 1, MAY + timedelta(days=day)) for product in products)


# Milk goes with bread; in December, which nobody may read, milk goes with apples.
SEEN = tuple(
    row for day in range(9) for row in bought(1, day, MILK, BREAD + 9000) + bought(2, day, COOKIES, SOFT_DRINK)
)
NOVEMBER = bought(3, 190, MILK, BREAD, CHEESE, COOKIES, SOFT_DRINK, APPLES)
HIDDEN = tuple((h, 7, p, 1, READ_BEFORE + timedelta(days=h % 31)) for h in range(50) for p in (MILK, APPLES))


def trained(directory: Path, rows: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[AssociationModel, str]:
    directory.mkdir()
    write_catalogue(directory / "catalogue.sqlite", PRODUCTS, CATEGORIES)
    path = write(directory / "transactions.parquet", rows)
    monkeypatch.setattr(train, "source_files", lambda: (path, path))
    said = io.StringIO()
    train_model(directory, directory / "model", Console(file=said, width=200), TINY)
    return load_model(directory / "model"), said.getvalue()


def test_what_is_bought_together_is_learnt_and_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, said = trained(tmp_path / "store", SEEN + NOVEMBER, monkeypatch)
    answer = Adviser({product.product_id: product for product in PRODUCTS}, model).recommend((MILK,), 5)
    assert isinstance(answer, Recommended)
    assert answer.items[0].product_id == BREAD
    assert answer.items[0].reason == "Often bought together with Milk"
    assert f"{len(PRODUCTS)} products, 19 trips from 2017-05-01 to 2017-11-07" in said


def test_december_changes_nothing_in_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without, _ = trained(tmp_path / "without", SEEN + NOVEMBER, monkeypatch)
    with_december, _ = trained(tmp_path / "with", SEEN + NOVEMBER + HIDDEN, monkeypatch)
    assert with_december.manifest.sha256 == without.manifest.sha256
    assert with_december.manifest.last_day == "2017-11-07"
    assert with_december.manifest.hit_rate_at_5 == without.manifest.hit_rate_at_5
