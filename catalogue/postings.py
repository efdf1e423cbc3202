"""The index behind the search: word -> products and how much the word says about each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

EXACT, PREFIX, SHORT_PREFIX, TYPO = 1.0, 0.85, 0.6, 0.7
OWN_LANGUAGE_BONUS, FOREIGN_FACTOR = 0.1, 0.7
BONUS_UP_TO = 0.7
"""Only weaker words gain from being in the shopper's language; a product's own name already counts fully."""

FloatArray = npt.NDArray[np.float64]


class Postings:
    """Word -> products and weights, per language where the word belongs to only one."""

    def __init__(self, product_count: int) -> None:
        self._count = product_count
        self._building: dict[str, dict[int, tuple[float, str]]] = {}
        self._words: list[str] = []
        self._arrays: dict[str, tuple[npt.NDArray[np.int64], FloatArray, npt.NDArray[np.str_]]] = {}

    def add(self, word: str, index: int, weight: float, language: str = "") -> None:
        """Note that a product has a word; the larger weight stays."""
        known = self._building.setdefault(word, {})
        if index not in known or known[index][0] < weight:
            known[index] = (weight, language)

    def freeze(self) -> None:
        """Turn what was noted into arrays; nothing is added after that."""
        for word, known in self._building.items():
            weights = np.array([weight for weight, _ in known.values()])
            languages = np.array([language for _, language in known.values()], dtype="<U2")
            self._arrays[word] = (np.fromiter(known, dtype=np.int64), weights, languages)
        self._words = list(self._arrays)
        self._building = {}

    def scores(self, word: str, language: str) -> FloatArray:
        """Return for every product how well a question word fits it, 0 to about 1."""
        scores = np.zeros(self._count)
        for candidate, quality in self._candidates(word):
            self._raise_scores(scores, candidate, quality, language)
        return scores

    def exact_scores(self, word: str, language: str) -> FloatArray:
        """Return the same for a word as it stands in the index, without any forgiving."""
        scores = np.zeros(self._count)
        if word in self._arrays:
            self._raise_scores(scores, word, EXACT, language)
        return scores

    def _raise_scores(self, scores: FloatArray, word: str, quality: float, language: str) -> None:
        indices, weights, languages = self._arrays[word]
        value = quality * _weights_for(weights, languages, language)
        scores[indices] = np.maximum(scores[indices], value)

    def _candidates(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield index words that a question word may stand for, with how well it does."""
        if word in self._arrays:
            yield word, EXACT
        if len(word) >= 2:
            for known in self._words:
                if known.startswith(word) and known != word:
                    yield known, PREFIX if len(word) >= 3 else SHORT_PREFIX
        # With a word that is known, other words that merely look alike ("pear", "peas") would only disturb.
        if word not in self._arrays and len(word) >= 4 and not word.isdigit():
            yield from self._similar(word)

    def _similar(self, word: str) -> Iterator[tuple[str, float]]:
        allowed = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
        matches = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        for known, distance, _ in matches:
            if len(known) >= 3 and (known[0] == word[0] or distance == 1):
                yield known, TYPO * (1.0 - 0.5 * distance / len(word)) + (0.1 if known[0] == word[0] else 0.0)


def _weights_for(weights: FloatArray, languages: npt.NDArray[np.str_], language: str) -> FloatArray:
    """Raise words of the shopper's language, lower those of another ("pain" is bread for one, relief for the other)."""
    own = languages == language
    foreign = ~own & (languages != "")
    bonus = OWN_LANGUAGE_BONUS * (own & (weights <= BONUS_UP_TO))
    return np.asarray(weights * np.where(foreign, FOREIGN_FACTOR, 1.0) + bonus)
