"""XML as SDF needs it: a tree that knows its lines, read without document types or entities, and written tidily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_ELEMENTS = 200_000
_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'


class SdfError(ValueError):
    """A description that cannot be used; the message names file, line, element and what to do."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element; `path` names it and those around it, as in /sdf/world[store]/model[till_1]."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    text: str = ""
    source: str = ""
    line: int = 0
    path: str = ""

    def named(self, tag: str) -> Iterator[Element]:
        """Yield the children of that name."""
        return (child for child in self.children if child.tag == tag)

    def fault(self, problem: str) -> SdfError:
        """Return an error that says where this element stands."""
        return SdfError(f"{self.source}:{self.line}: {self.path}: {problem}")


@dataclass(slots=True)
class _Open:
    """An element whose end has not been read yet."""

    tag: str
    attributes: dict[str, str]
    line: int
    path: str
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Builder:
    """Takes expat's events and builds the tree; refuses whatever could make a small file large."""

    def __init__(self, source: str) -> None:
        self.root: Element | None = None
        self._source, self._stack, self._count = source, list[_Open](), 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        line = self.parser.CurrentLineNumber
        if self._count > MAX_ELEMENTS or len(self._stack) >= MAX_DEPTH:
            raise SdfError(f"{self._source}:{line}: more than {MAX_ELEMENTS} elements or {MAX_DEPTH} levels of them")
        outer = self._stack[-1].path if self._stack else ""
        label = f"[{attributes['name']}]" if "name" in attributes else ""
        self._stack.append(_Open(tag, attributes, line, f"{outer}/{tag}{label}"))

    def _end(self, _tag: str) -> None:
        done = self._stack.pop()
        text = "".join(done.text).strip()
        element = Element(
            done.tag, done.attributes, tuple(done.children), text, self._source, done.line, done.path
        )  # fmt: skip
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        self._stack[-1].text.append(text)

    def _refuse(self, *_event: object) -> None:
        line = self.parser.CurrentLineNumber
        raise SdfError(f"{self._source}:{line}: has a document type or entities, which are not read; remove them")


def parse_markup(text: str, source: str) -> Element:
    """Return the root element of an XML text. `source` names the file in messages.

    Raises SdfError for a text over `MAX_BYTES`, malformed XML, a document type, or too many or too deep elements.
    """
    content = text.encode()
    if len(content) > MAX_BYTES:
        raise SdfError(f"{source}: has {len(content)} bytes, at most {MAX_BYTES} are read")
    builder = _Builder(source)
    try:
        builder.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise SdfError(f"{source}:{error.lineno}: is not valid XML: {expat.ErrorString(error.code)}") from error
    if builder.root is None:
        raise SdfError(f"{source}: has no element")
    return builder.root


def markup(tag: str, /, *children: Element, text: str = "", **attributes: str) -> Element:
    """Return an element to be written."""
    return Element(tag, attributes, children, text)


def render_markup(root: Element, comment: str = "") -> str:
    """Return the element as an indented XML text, with a comment above it."""
    above = f"<!-- {comment} -->\n" if comment else ""
    return _HEADER + above + "".join(_lines((root,), 0))


def _lines(elements: Iterable[Element], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for element in elements:
        attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attributes.items())
        if element.children:
            yield f"{indent}<{element.tag}{attributes}>\n"
            yield from _lines(element.children, depth + 1)
            yield f"{indent}</{element.tag}>\n"
        elif element.text:
            yield f"{indent}<{element.tag}{attributes}>{escape(element.text)}</{element.tag}>\n"
        else:
            yield f"{indent}<{element.tag}{attributes}/>\n"
