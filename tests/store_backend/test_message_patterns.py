"""Patterns of texts in messages: nothing gets through behind their end."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated, get_args, get_origin

import msgspec
import pytest
from msgspec import Meta

from aisle import messages
from aisle.messages.base import Message

# Texts that match, one for each pattern; a new pattern needs one here.
SAMPLES = ("a" * 32, f"AISLE-HERE.{'0' * 32}", "4711-0815", "de", "k" * 40, "123456", "north", "till@north")


def kinds() -> Iterator[type[Message]]:
    names = [one.name for one in pkgutil.iter_modules(messages.__path__)]
    for name in names:
        module = import_module(f"{messages.__name__}.{name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Message) and kind.__module__ == module.__name__:
                yield kind


def parts(hint: object) -> Iterator[object]:
    """Yield a type and everything it is made of."""
    yield hint
    for part in get_args(hint):
        yield from parts(part)


def patterns() -> dict[str, object]:
    """Return the types of texts with a pattern, by pattern."""
    hints = [field.type for kind in kinds() for field in msgspec.structs.fields(kind)]
    texts = [part for hint in hints for part in parts(hint) if get_origin(part) is Annotated]
    found: dict[str, object] = {}
    for text in texts:
        found |= {one.pattern: text for one in get_args(text) if isinstance(one, Meta) and one.pattern is not None}
    return found


def takes(kind: object, text: str) -> bool:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("pattern", patterns())
def test_a_line_end_behind_a_text_is_refused(pattern: str) -> None:
    kind = patterns()[pattern]
    matching = [text for text in SAMPLES if takes(kind, text)]
    assert matching
    assert not any(takes(kind, f"{text}\n") for text in matching)


def test_the_patterns_are_found() -> None:
    assert len(patterns()) >= 8
