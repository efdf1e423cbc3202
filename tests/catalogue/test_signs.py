from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.settings import Abbreviations, load_abbreviations
from catalogue.signs import readable, sign_name, sign_size

DEMO_CONFIG = Path(__file__).resolve().parents[2] / "config" / "stores" / "demo"


@pytest.fixture(scope="module")
def table() -> Abbreviations:
    return load_abbreviations(DEMO_CONFIG)


@pytest.mark.parametrize(
    ("category", "label", "name"),
    [
        ("CHEESE", "SHREDDED CHEESE", "Shredded cheese"),
        ("FLUID MILK PRODUCTS", "FLUID MILK WHITE ONLY", "Milk"),
        ("BEEF", "LEAN", "Lean ground beef"),
        ("BACON", "ECONOMY", "Bacon, economy"),
        ("BACON", "BETTER FOR YOU", "Bacon, reduced fat"),
        ("HOT DOGS", "BETTER FOR YOU", "Hot dogs, reduced fat"),
        ("CHICKEN", "CHICKEN WINGS", "Chicken wings"),
        ("SOFT DRINKS", "SFT DRNK 2 LITER BTL CARB INCL", "Soft drink, 2 litre bottle"),
        ("STATIONERY & SCHOOL SUPPLIES", "FASTENERS", "Staples & clips"),
        ("HARDWARE SUPPLIES", "FASTENERS", "Screws & nails"),
    ],
)
def test_a_product_type_reads_like_a_sign(table: Abbreviations, category: str, label: str, name: str) -> None:
    assert sign_name(category, label, table) == name


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("FRZN JCE CONC/DRNKS", "frozen juice concentrate & drinks"),
        ("FRZN BREAD DOUGH", "frozen bread dough"),
        ("COFFEE (EX: INSTANT", "coffee"),
        ("SNACKS: SALTY", "snacks, salty"),
    ],
)
def test_abbreviations_are_spelt_out(table: Abbreviations, label: str, words: str) -> None:
    assert readable(label, table) == words


@pytest.mark.parametrize(
    ("source", "size"),
    [
        ("10/6.75 OZ", "10 x 6.75 oz"),
        ("18.00 OZ", "18 oz"),
        (".5 LT", "0.5 litre"),
        ("12 3/4 OZ", "12 3/4 oz"),
        ("1/2 GAL", "1/2 gallon"),
        ("6-3.5 OZ", "6 x 3.5 oz"),
        ("42-48 CT", "42 to 48 pieces"),
        ("13 OZ/8 CT", "13 oz, 8 pieces"),
        ("N   40 OZ", "40 oz"),
        ("1 CT", "1 piece"),
        ("L", "1 litre"),
        ("CELL PK", "cell pack"),
        ("973875  PK", ""),
        ("", ""),
    ],
)
def test_a_size_reads_like_a_sign(table: Abbreviations, source: str, size: str) -> None:
    assert sign_size(source, "GROCERY", table) == size


def test_produce_from_a_case_is_loose_and_other_things_are_not(table: Abbreviations) -> None:
    assert sign_size("40 LB", "PRODUCE", table) == "loose"
    assert sign_size("5 LB", "PRODUCE", table) == "5 lb"
    assert sign_size("40 LB", "GROCERY", table) == "40 lb"
