"""Which words speak for which category: the catalogue's own index of words, over categories instead of products."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from aisle_inference.intent.events import EventKind, Session
from catalogue.postings import Postings
from catalogue.products import Category, Product
from catalogue.search import MAX_QUERY_WORDS, head_words
from catalogue.synonyms import SynonymTable
from catalogue.words import content_tokens, stem, tokens

Floats = npt.NDArray[np.float64]

MOST_SEARCHES = 30

_CATEGORY_NAME, _ALSO, _DEPARTMENT = 0.7, 0.6, 0.1
_SIDE_WORD = 0.6
Weighted = tuple[str, float, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Categories in shelf order with what is known of them; C categories.

    `sales` (C,) are their shares of all purchases, `department` (C,) numbers their departments, and `column_of_product`
    gives each product its category.
    """

    category_ids: tuple[str, ...]
    column_of: dict[str, int]
    column_of_product: dict[int, int]
    department: npt.NDArray[np.int64]
    sales: Floats
    postings: Postings

    def fits(self, text: str, language: str) -> Floats:
        """Return how well each word of a search fits each category (W, C), 0 to about 1; words that fit none are 0.

        Misspellings, beginnings of words and the four languages are forgiven as in the catalogue's search; two
        neighbours that are one word elsewhere ("soft drink") count as it.
        """
        stems = [stem(word) for word in content_tokens(text)[:MAX_QUERY_WORDS]]
        found = np.zeros((len(stems), len(self.category_ids)))
        for row, word in enumerate(stems):
            found[row] = self.postings.scores(word, language)
        for first in range(len(stems) - 1):
            pair = self.postings.exact_scores(stems[first] + stems[first + 1], language)
            found[first : first + 2] = np.maximum(found[first : first + 2], pair)
        return found

    def column(self, product_id: int | None) -> int | None:
        """Return the category of a product, None for one that is not in the catalogue."""
        return None if product_id is None else self.column_of_product.get(product_id)


def vocabulary_of(
    products: Sequence[Product], categories: Sequence[Category], synonyms: Iterable[Sequence[str]] = ()
) -> Vocabulary:
    """Learn the words of the categories. Raises ValueError without products or for one of an unknown category."""
    if not products:
        raise ValueError("a vocabulary needs at least one product; the catalogue is empty")
    column_of = {category.category_id: column for column, category in enumerate(categories)}
    unknown = {product.category_id for product in products} - set(column_of)
    if unknown:
        raise ValueError(f"products have categories that the catalogue does not list: {', '.join(sorted(unknown))}")
    columns = np.array([column_of[product.category_id] for product in products])
    weights = np.array([1.0 + product.purchases for product in products])
    sales = np.bincount(columns, weights, minlength=len(categories)) + 1.0
    departments = {key: number for number, key in enumerate(dict.fromkeys(one.department_id for one in categories))}
    return Vocabulary(
        tuple(column_of),
        column_of,
        {variant: column_of[one.category_id] for one in products for variant in (one.product_id, *one.variant_ids)},
        np.array([departments[category.department_id] for category in categories]),
        sales / sales.sum(),
        _postings(products, categories, SynonymTable(synonyms), weights / sales[columns]),
    )


def fits_of(session: Session, vocabulary: Vocabulary) -> tuple[Floats, ...]:
    """Return `Vocabulary.fits` of each event; (0, C) for what is no search, and for all but the last MOST_SEARCHES."""
    searches = [place for place, event in enumerate(session.events) if event.kind is EventKind.SEARCHED]
    fits = [np.zeros((0, len(vocabulary.category_ids)))] * len(session.events)
    for place in searches[-MOST_SEARCHES:]:
        fits[place] = vocabulary.fits(session.events[place].text, session.language)
    return tuple(fits)


def _postings(
    products: Sequence[Product], categories: Sequence[Category], synonyms: SynonymTable, shares: Floats
) -> Postings:
    """Weigh a word by the root of the share of a category's sales that has it.

    The plain share would leave "vanilla" nothing to say about a category where a tenth is vanilla.
    """
    postings = Postings(len(categories))
    column_of = {category.category_id: column for column, category in enumerate(categories)}
    for (category_id, word, language), share in _shares_with_word(products, synonyms, shares).items():
        postings.add(word, column_of[category_id], min(1.0, math.sqrt(share)), language)
    for column, category in enumerate(categories):
        for word, weight, language in _words_of_category(category):
            postings.add(word, column, weight, language)
    postings.freeze()
    return postings


def _shares_with_word(
    products: Sequence[Product], synonyms: SynonymTable, shares: Floats
) -> dict[tuple[str, str, str], float]:
    """Return (category, word, language) -> share of the category's sales that has the word; weak words count less."""
    of_name: dict[tuple[str, str], float] = {}
    for product, share in zip(products, shares, strict=True):
        key = (product.category_id, product.name)
        of_name[key] = of_name.get(key, 0.0) + float(share)
    of_word: dict[tuple[str, str, str], float] = {}
    for (category_id, name), share in of_name.items():
        for word, weight, language in _words_of_name(name, synonyms):
            place = (category_id, word, language)
            # Squared, because the root of the sum is taken later.
            of_word[place] = of_word.get(place, 0.0) + weight**2 * share
    return of_word


def _words_of_name(name: str, synonyms: SynonymTable) -> Iterator[Weighted]:
    stems = [stem(token) for token in tokens(name)]
    heads = head_words(name)
    words: dict[tuple[str, str], float] = {(word, "en"): 1.0 if word in heads else _SIDE_WORD for word in stems}
    words |= {(first + second, "en"): 1.0 for first, second in pairwise(stems)}
    for synonym in synonyms.others(stems, heads):
        key = (synonym.word, synonym.language)
        words[key] = max(words.get(key, 0.0), synonym.weight)
    yield from ((word, weight, language) for (word, language), weight in words.items())


def _words_of_category(category: Category) -> Iterator[Weighted]:
    for language, name in category.names.items():
        yield from ((stem(word), _CATEGORY_NAME, language) for word in content_tokens(name))
    for phrase in category.also:
        yield from ((stem(word), _ALSO, "") for word in content_tokens(phrase))
    for name in category.department_names.values():
        yield from ((stem(word), _DEPARTMENT, "") for word in content_tokens(name))
