"""Words as the search compares them: without case, accents and filler, in the singular where that is simple."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"[^\W_]+(?:\.\d+)?")
_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})

# Filler of spoken questions in the four languages ("where can I find ...", "wo finde ich ...").
FILLER = frozenset(
    word
    for line in (
        "a an and any are at can could do does for find from get give have here how i im in is it looking me my need",
        "of on or please show some something tell the there to us want we what where which with you your",
        "aus bitte brauche das der die ein eine einen gibt habt haben hat ich ihr im ist mir mit oder sie suche und",
        "von wo zeig zeige zu zum finde finden",
        "al busco con de del donde el en encontrar encuentro esta estan hay la las los me necesito o para por puedo",
        "quiero tienen un una unas unos y favor",
        "au aux avec avez cherche chercher des du est et il je le les ou ouvez plait pour puis que s sont sil trouver",
        "trouve une vous veux voudrais",
    )
    for word in line.split()
)


def fold(text: str) -> str:
    """Return a text in lower case without accents."""
    # Letters such as a raised "A" become plain capitals only when they are taken apart: fold case after that, too.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, folded; an apostrophe ends a word."""
    return _TOKEN.findall(fold(text))


def content_tokens(text: str) -> list[str]:
    """Return the words of a question that carry meaning, without filler; none for "where is the"."""
    return [token for token in tokens(text) if token not in FILLER]


def stem(token: str) -> str:
    """Return a crude singular, the same for the index and the question (English, German, Spanish, French endings)."""
    if len(token) < 4 or token.isdigit():
        return token
    for ending, replacement, least in (
        ("ies", "y", 5),
        ("oes", "o", 5),
        ("sses", "ss", 6),
        ("ches", "ch", 6),
        ("shes", "sh", 6),
    ):
        if token.endswith(ending) and len(token) >= least:
            return token[: -len(ending)] + replacement
    if token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token
