"""A small assortment for tests: six labels in three categories."""

from __future__ import annotations

from pathlib import Path

from catalogue.products import Category, Product, Review
from catalogue.source import Label

MILK, SOFT_DRINK, COOKIES, APPLES, CHEESE, BREAD = 101, 102, 103, 104, 105, 106

DAIRY = {"en": "Dairy & chilled", "de": "Molkerei & Kühlung", "es": "Lácteos", "fr": "Crémerie"}
DRY = {"en": "Dry goods", "de": "Trockenware", "es": "Despensa", "fr": "Épicerie"}

CATEGORIES = (
    Category("milk", "dairy", {"en": "Milk", "de": "Milch", "es": "Leche", "fr": "Lait"}, DAIRY),
    Category("cheese", "dairy", {"en": "Cheese", "de": "Käse", "es": "Queso", "fr": "Fromage"}, DAIRY),
    Category(
        "soft_drinks", "dry", {"en": "Soft drinks", "de": "Limonaden", "es": "Refrescos", "fr": "Sodas"}, DRY, ("cola",)
    ),
    Category("cookies", "dry", {"en": "Cookies", "de": "Kekse", "es": "Galletas", "fr": "Biscuits"}, DRY),
    Category("apples", "dry", {"en": "Apples", "de": "Äpfel", "es": "Manzanas", "fr": "Pommes"}, DRY),
    Category("bread", "dry", {"en": "Bread", "de": "Brot", "es": "Panadería", "fr": "Boulangerie"}, DRY),
)  # fmt: skip
SYNONYMS = (
    ("soft drink", "soda", "gaseosa"),
    ("bread", "fr:pain", "toast"),
    ("chocolate chip cookies", "schokoladenkekse"),
)


def product(product_id: int, name: str, category_id: str, purchases: int = 100, **changes: object) -> Product:
    """Return a product with plain facts."""
    fields: dict[str, object] = {
        "product_id": product_id,
        "name": name,
        "brand_kind": "national",
        "size": "16 oz",
        "category_id": category_id,
        "department_id": next(c.department_id for c in CATEGORIES if c.category_id == category_id),
        "source_category": category_id.upper(),
        "source_type": name.upper(),
        "price_cents": 199,
        "purchases": purchases,
        "variant_ids": (product_id, product_id + 9000),
        "ean": f"{product_id:013d}",
        "allergens": None,
        "reviews": (Review(5, "Very good."), Review(2, "Only so so.")),
        "stock": 7,
    }
    return Product(**(fields | changes))  # type: ignore[arg-type]


PRODUCTS = (
    product(MILK, "Milk", "milk", 900, size="1 gallon", allergens=("milk",)),
    product(CHEESE, "Shredded cheese", "cheese", 400, allergens=()),
    product(SOFT_DRINK, "Soft drink, 2 litre bottle", "soft_drinks", 800, size="2 litre"),
    product(COOKIES, "Chocolate chip cookies", "cookies", 300, reviews=()),
    product(APPLES, "Gala apples", "apples", 200, size="loose"),
    product(BREAD, "White sliced bread", "bread", 700),
)


def label(product_id: int, category: str, kind: str, purchases: int, *, brand: str = "National") -> Label:
    """Return a label of the source data."""
    return Label(product_id, brand, "GROCERY", category, kind, "16 oz", purchases, 250, (product_id, product_id + 9000))


LABELS = (
    label(MILK, "MILK", "FLUID MILK WHITE ONLY", 900),
    label(SOFT_DRINK, "DRINKS", "SOFT DRINKS", 800),
    label(BREAD, "BREAD", "WHITE BRD", 700, brand="Private"),
    label(CHEESE, "CHEESE", "SHREDDED CHEESE", 400),
    label(COOKIES, "COOKIES", "CHOC CHIP COOKIES", 300),
    label(APPLES, "APPLES", "GALA", 200),
)


def write_configuration(directory: Path) -> None:
    """Write the YAML files of a small store: departments dairy and dry."""
    (directory / "categories.yaml").write_text(
        """
departments:
  dairy: {en: Dairy, de: Molkerei, es: Lácteos, fr: Crémerie, colour: "#7fb8e0"}
  dry: {en: Dry goods, de: Trockenware, es: Despensa, fr: Épicerie, colour: "#e0b93c"}
categories:
  milk: {department: dairy, from: [MILK], en: Milk, de: Milch, es: Leche, fr: Lait}
  cheese: {department: dairy, from: [CHEESE], en: Cheese, de: Käse, es: Queso, fr: Fromage}
  soft_drinks: {department: dry, from: [DRINKS], en: Soft drinks, de: Limonaden, es: Refrescos, fr: Sodas, also: [cola]}
  food: {department: dry, from: [BREAD, COOKIES, APPLES], en: Food, de: Essen, es: Comida, fr: Aliments}
""",
        encoding="utf-8",
    )
    (directory / "abbreviations.yaml").write_text(
        """
words: {BRD: bread, CHOC: chocolate, GALA: Gala}
templates: {APPLES: "{} apples"}
names: {FLUID MILK WHITE ONLY: Milk}
sizes: {OZ: oz}
""",
        encoding="utf-8",
    )
    (directory / "synonyms.yaml").write_text("groups: [[soft drinks, soda]]\n", encoding="utf-8")
    (directory / "assortment.yaml").write_text(
        "{store_id: small, currency: EUR, products_on_shelves: 5, facing_width_m: 0.25, demo_seed: 3}\n",
        encoding="utf-8",
    )
