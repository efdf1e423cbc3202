"""From labels of the source data to signs: "FRZN JCE CONC/DRNKS" -> "Frozen juice concentrate & drinks"."""

from __future__ import annotations

import re

from catalogue.settings import Abbreviations

_BRACKETS = re.compile(r"\([^)]*\)?")
_SPLIT = re.compile(r"(\s*/\s*|\s*[:,]\s*|\s+-\s+|\s*&\s*|\s+)")
_STRAY_HEAD = re.compile(r"^(?:[A-Z]|\([^)]*\))\s+(?=\d)")
_FRACTIONS = {"1/2", "1/3", "2/3", "1/4", "3/4"}
_ARTICLE_NUMBER = 10_000
_SIZE_PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+|[A-Z]+|[/-])")
_JOINTS = {"/": " & ", "&": " & ", ":": ", ", ",": ", ", "-": ", "}
_SMALL = {"AND", "OR", "WITH", "OF", "IN", "ON", "THE", "FOR"}


def sign_name(source_category: str, source_type: str, table: Abbreviations) -> str:
    """Return the readable name of a product type in its category."""
    exact = table.names.get(f"{source_category}|{source_type}") or table.names.get(source_type)
    template = table.templates.get(source_category)
    if exact is not None and exact[:1].isupper():
        return exact
    words = exact or readable(source_type, table)
    if template is None or _already_says(template, words):
        return _capital(words)
    return _capital(template.format(words))


def readable(label: str, table: Abbreviations) -> str:
    """Spell out a label word by word, in lower case but for names; what stands in brackets is dropped."""
    parts = _SPLIT.split(_BRACKETS.sub("", label).strip(" -:&/"))
    words = [_word(part, table) if index % 2 == 0 else _joint(part) for index, part in enumerate(parts)]
    return re.sub(r"\s+", " ", "".join(words)).replace(" ,", ",").strip(" ,&")


def sign_size(source_size: str, department: str, table: Abbreviations) -> str:
    """Return a readable package size: "10/6.75 OZ" -> "10 x 6.75 oz"; "" for none, "loose" for produce from a case.

    Numbers of five digits or more are article numbers that strayed into the column: such a size counts as none.
    """
    cleaned = _STRAY_HEAD.sub("", source_size.strip())
    parts = _SIZE_PART.findall(cleaned)
    numbers = [float(part) for part in parts if part[0].isdigit() or part[0] == "."]
    if not parts or any(number >= _ARTICLE_NUMBER for number in numbers):
        return ""
    if _is_case(parts, numbers, department, table):
        return "loose"
    words = [_size_word(index, parts, table) for index in range(len(parts))]
    if not numbers and len(parts) == 1 and table.sizes.get(parts[0]):
        words.insert(0, "1")
    text = re.sub(r"\s+", " ", " ".join(words)).replace(" ,", ",")
    return re.sub(r"\b1 pieces", "1 piece", text).replace(" / ", "/").strip(" ,")


def _is_case(parts: list[str], numbers: list[float], department: str, table: Abbreviations) -> bool:
    limits = [table.loose_from[part] for part in parts if part in table.loose_from]
    return department in table.loose_departments and bool(numbers and limits) and max(numbers) >= min(limits)


def _size_word(index: int, parts: list[str], table: Abbreviations) -> str:
    """Spell one part out; a separator after a unit is a comma, within a fraction a slash, else "times" or "to"."""
    part = parts[index]
    if part not in "/-":
        number = part.rstrip("0").rstrip(".") if "." in part else part
        return f"0{number}" if part[0] == "." else table.sizes.get(number, number.lower())
    before, after = parts[max(0, index - 1)], parts[min(index + 1, len(parts) - 1)]
    if not before[-1].isdigit():
        return ","
    if part == "/" and (f"{before}/{after}" in _FRACTIONS or (index > 1 and parts[index - 2][-1].isdigit())):
        return "/"
    return "to" if part == "-" and after.isdigit() and before.isdigit() and int(after) > int(before) else "x"


def _word(part: str, table: Abbreviations) -> str:
    if part in table.words:
        return table.words[part]
    return part.lower() if part in _SMALL or part.isalpha() else part.lower().replace("w/", "with ")


def _joint(separator: str) -> str:
    return _JOINTS.get(separator.strip(), " ")


def _already_says(template: str, words: str) -> bool:
    thing = template.split(",")[0].replace("{}", "").strip().lower()
    return bool(thing) and any(word.rstrip("s") in words.lower() for word in thing.split() if len(word) > 3)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
