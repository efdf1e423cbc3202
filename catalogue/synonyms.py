"""Words that mean the same: which other words a product's name may be found by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from catalogue.words import content_tokens, stem, tokens

SYNONYM, PART_OF_SYNONYM = 0.95, 0.5
LOOSE_FACTOR = 0.85


class SynonymTable:
    """Finds the groups of which one member stands in a name; "fr:pain" is a member for French only."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Synonym, ...]]]] = {}
        for group in groups:
            members = [_tagged(member) for member in group]
            synonyms = tuple(synonym for phrase, language in members for synonym in _synonyms_of(phrase, language))
            for phrase, language in members:
                stems = tuple(stem(token) for token in tokens(phrase))
                if stems and not language:
                    self._by_first.setdefault(stems[0], []).append((stems, synonyms))

    def others(self, stems: Sequence[str], heads: set[str]) -> Iterator[Synonym]:
        """Yield the synonyms of all groups a name (as stems, in order) belongs to; most where its head does."""
        for start, first in enumerate(stems):
            for phrase, synonyms in self._by_first.get(first, ()):
                if tuple(stems[start : start + len(phrase)]) == phrase:
                    factor = 1.0 if heads.intersection(phrase) else LOOSE_FACTOR
                    yield from (Synonym(s.word, s.weight * factor, s.language) for s in synonyms)


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word that stands for another, how much it counts, and the one language it belongs to ("" for all)."""

    word: str
    weight: float
    language: str


def _tagged(member: str) -> tuple[str, str]:
    head, colon, tail = member.partition(":")
    return (tail, head) if colon and len(head) == 2 else (member, "")


def _synonyms_of(phrase: str, language: str) -> Iterator[Synonym]:
    """Yield a single word, or the neighbouring pairs of a phrase; its words alone say little ("pasta de dientes")."""
    stems = [stem(token) for token in content_tokens(phrase)]
    if len(stems) == 1:
        yield Synonym(stems[0], SYNONYM, language)
        return
    yield from (Synonym(word, PART_OF_SYNONYM, language) for word in stems)
    yield from (Synonym(first + second, SYNONYM, language) for first, second in pairwise(stems))
