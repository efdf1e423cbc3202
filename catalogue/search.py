"""Forgiving search over the catalogue: typos, word order, plurals, beginnings of words, four languages, synonyms.

The index knows for every word which products have it and how much it says about them. A question word may stand for an
index word exactly, as its beginning, or with a few wrong letters; each of these counts less than the one before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from catalogue.postings import TYPO, FloatArray, Postings
from catalogue.products import Category, Product
from catalogue.synonyms import SynonymTable
from catalogue.words import content_tokens, stem, tokens

HEAD, NAME, NAME_PAIR = 1.0, 0.9, 0.95
CATEGORY, ALSO, DEPARTMENT, SIZE = 0.7, 0.6, 0.3, 0.25
WHOLE_NAME_BONUS, POPULARITY_BONUS = 0.15, 0.3
SURE = 0.8
"""From here on a single word says enough to answer a question of which the other words are unknown."""

MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 8

_SIDE = re.compile(r",| for | with | by | in | to ")


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; `score` is only good for comparing hits of the same question.

    `unmatched` are the words of the question that nothing about the product answers: "gluten" and "free" for an
    ordinary pasta. Say so on the screen, and never claim them.
    """

    product: Product
    score: float
    unmatched: tuple[str, ...] = ()


class SearchIndex:
    """The index over a fixed set of products; `categories` and `synonyms` widen what is understood.

    Building takes a few hundred milliseconds for 6,000 products, one `find` a few.
    """

    def __init__(
        self, products: Iterable[Product], categories: Iterable[Category] = (), synonyms: Iterable[Sequence[str]] = ()
    ) -> None:
        self._products = tuple(products)
        self._postings = Postings(len(self._products))
        by_id = {category.category_id: category for category in categories}
        table = SynonymTable(synonyms)
        for index, product in enumerate(self._products):
            _index_product(self._postings, index, product, by_id.get(product.category_id), table)
        self._postings.freeze()
        purchases = np.array([product.purchases for product in self._products], dtype=np.float64)
        self._popularity = np.log1p(purchases) / max(1.0, math.log1p(float(purchases.max(initial=0.0))))
        lengths = [max(1, len(tokens(product.name))) for product in self._products]
        self._name_length = np.array(lengths, dtype=np.float64)

    def find(self, text: str, language: str = "en", limit: int = 12) -> list[Hit]:
        """Return the best products for a question, best first; [] when it says nothing or nothing fits.

        Words of `language` count a little more than the same words of the others.
        """
        words = content_tokens(text[:MAX_QUERY_CHARACTERS])[:MAX_QUERY_WORDS]
        if not words or not self._products or limit < 1:
            return []
        per_word = self._scores([stem(word) for word in words], language)
        matched = np.count_nonzero(per_word > 0.0, axis=0)
        best = int(matched.max())
        if best == 0 or (2 * best < len(words) and per_word.max() < SURE):
            return []
        needed = len(words) if len(words) < 3 else math.ceil(0.6 * len(words))
        return self._ranked(words, per_word, matched >= min(needed, best), limit)

    def _scores(self, stems: list[str], language: str) -> FloatArray:
        """Return how well each word fits each product; two neighbours that are one word in the index count as it."""
        per_word = np.stack([self._postings.scores(word, language) for word in stems])
        for first in range(len(stems) - 1):
            pair = self._postings.exact_scores(stems[first] + stems[first + 1], language)
            per_word[first : first + 2] = np.maximum(per_word[first : first + 2], pair)
        return per_word

    def _ranked(self, words: list[str], per_word: FloatArray, found: npt.NDArray[np.bool_], limit: int) -> list[Hit]:
        matched = np.maximum(1, np.count_nonzero(per_word > 0.0, axis=0))
        fit = per_word.sum(axis=0) / matched * (0.4 + 0.6 * matched / len(words))
        whole_name = np.minimum(1.0, np.count_nonzero(per_word >= NAME * TYPO, axis=0) / self._name_length)
        bonus = WHOLE_NAME_BONUS * whole_name + POPULARITY_BONUS * self._popularity
        score = fit + bonus
        candidates = np.flatnonzero(found)
        order = candidates[np.lexsort((candidates, -score[candidates]))][:limit]
        return [Hit(self._products[i], float(score[i]), _unmatched(words, per_word[:, i])) for i in order]


def _unmatched(words: list[str], fits: FloatArray) -> tuple[str, ...]:
    return tuple(word for word, fit in zip(words, fits, strict=True) if fit == 0.0)


def head_words(name: str) -> set[str]:
    """Return the stems of the things a name names: "milk" of "Chocolate milk, chilled", not "chocolate"."""
    first = _SIDE.split(name)[0]
    parts = [tokens(part) for part in first.split("&")]
    return {stem(part[-1]) for part in parts if part}


def _index_product(
    postings: Postings, index: int, product: Product, category: Category | None, synonyms: SynonymTable
) -> None:
    stems = [stem(token) for token in tokens(product.name)]
    heads = head_words(product.name)
    for word in stems:
        postings.add(word, index, HEAD if word in heads else NAME, "en")
    for first, second in pairwise(stems):
        postings.add(first + second, index, NAME_PAIR, "en")
    for synonym in synonyms.others(stems, heads):
        postings.add(synonym.word, index, synonym.weight, synonym.language)
    for word in tokens(product.size):
        postings.add(word, index, SIZE)
    if category is not None:
        _index_category(postings, index, category)


def _index_category(postings: Postings, index: int, category: Category) -> None:
    for language, name in category.names.items():
        for word in content_tokens(name):
            postings.add(stem(word), index, CATEGORY, language)
    for phrase in category.also:
        for word in content_tokens(phrase):
            postings.add(stem(word), index, ALSO)
    for name in category.department_names.values():
        for word in content_tokens(name):
            postings.add(stem(word), index, DEPARTMENT)
