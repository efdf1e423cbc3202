"""From labels to products: which stand on the shelves, in which category, under which name, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalogue.demo_facts import demo_facts
from catalogue.products import Category, Product
from catalogue.settings import Abbreviations, Assortment, Categories
from catalogue.signs import sign_name
from catalogue.source import Label


class AssortmentError(ValueError):
    """An assortment that does not fit its configuration; the message says what to change in which file."""


def build_categories(settings: Categories) -> tuple[Category, ...]:
    """Return the categories in shelf order. Raises AssortmentError for a department that is not listed."""
    for key, entry in settings.categories.items():
        if entry.department not in settings.departments:
            raise AssortmentError(f"categories.yaml: category '{key}' has the unknown department '{entry.department}'")
    order = {department: index for index, department in enumerate(settings.departments)}
    entries = sorted(settings.categories.items(), key=lambda item: order[item[1].department])
    return tuple(
        Category(key, entry.department, entry.names(), settings.departments[entry.department].names(), entry.also)
        for key, entry in entries
    )


def build_products(
    labels: Sequence[Label], settings: Categories, abbreviations: Abbreviations, assortment: Assortment
) -> list[Product]:
    """Return the best-selling products in shelf order: by department, category, name, brand and size.

    Raises AssortmentError when there are too few labels or a label's category is not in categories.yaml.
    """
    if len(labels) < assortment.products_on_shelves:
        raise AssortmentError(
            f"assortment.yaml: products_on_shelves is {assortment.products_on_shelves}, "
            f"the data has {len(labels)} labels"
        )
    chosen = labels[: assortment.products_on_shelves]
    categories = build_categories(settings)
    by_id = {category.category_id: category for category in categories}
    rank = {category.category_id: index for index, category in enumerate(categories)}
    products = [
        _product(label, by_id[key], abbreviations, assortment.demo_seed)
        for label, key in zip(chosen, category_keys(chosen, settings), strict=True)
    ]
    return sorted(products, key=lambda p: (rank[p.category_id], p.name, p.brand_kind, p.size, p.product_id))


def category_keys(labels: Iterable[Label], settings: Categories) -> list[str]:
    """Return the category id of every label. Raises AssortmentError naming every category that is missing."""
    by_source = settings.by_source()
    keys = [by_source.get(f"{label.department}/{label.category}") or by_source.get(label.category) for label in labels]
    missing = sorted({label.category for label, key in zip(labels, keys, strict=True) if key is None})
    if missing:
        raise AssortmentError(f"categories.yaml: no category has these in 'from': {', '.join(missing)}")
    return [key for key in keys if key is not None]


def _product(label: Label, category: Category, abbreviations: Abbreviations, seed: int) -> Product:
    facts = demo_facts(label.product_id, category.department_id, label.purchases, seed)
    return Product(
        product_id=label.product_id,
        name=sign_name(label.category, label.type, abbreviations),
        brand_kind="private" if label.brand == "Private" else "national",
        size=label.size,
        category_id=category.category_id,
        department_id=category.department_id,
        source_category=label.category,
        source_type=label.type,
        price_cents=label.price_cents,
        purchases=label.purchases,
        variant_ids=label.variant_ids,
        ean=facts.ean,
        allergens=facts.allergens,
        reviews=facts.reviews,
        stock=facts.stock,
    )
