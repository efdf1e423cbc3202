"""Find elements, attributes and settings of plugins in SDF files that nobody reads, and names given twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sim.sdf.elements import ELEMENTS, PLUGIN_ATTRIBUTES, PLUGIN_PAGE, PLUGINS, Known
from sim.sdf.markup import Element, SdfError, parse_markup


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a file: where, what, what to do, and where it is documented."""

    source: str
    line: int
    path: str
    problem: str
    advice: str
    documentation: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.path}: {self.problem}; {self.advice} (see {self.documentation})"


def lint(text: str, source: str) -> list[Finding]:
    """Return what is unknown or named twice in an SDF text, in the order of its elements.

    A text that is no XML is one finding.
    """
    try:
        root = parse_markup(text, source)
    except SdfError as error:
        return [Finding(source, 0, "/", str(error), "correct the text", ELEMENTS["sdf"].documentation)]
    if root.tag != "sdf":
        return [_unknown(root, f"first element <{root.tag}>", root.tag, ("sdf",), ELEMENTS["sdf"])]
    return list(_check(root, "sdf"))


def _check(element: Element, entry: str) -> Iterator[Finding]:
    known = ELEMENTS.get(entry)
    if known is None:
        # Not in the table: it holds a value and nothing else.
        known = Known("sdf")
    yield from _attributes(element, known)
    yield from _named_twice(element, known)
    entries = known.entries()
    for child in element.children:
        if child.tag == "plugin" and "plugin" in entries:
            yield from _plugin(child)
        elif child.tag in entries:
            yield from _check(child, entries[child.tag])
        else:
            yield _unknown(child, f"element <{child.tag}>", child.tag, entries, known)


def _plugin(element: Element) -> Iterator[Finding]:
    yield from _attributes(element, Known(PLUGIN_PAGE, attributes=PLUGIN_ATTRIBUTES))
    name = element.attributes.get("name", "").rpartition("::")[2]
    if name not in PLUGINS:
        yield _unknown(element, f"plugin {name!r}", name, PLUGINS, Known(PLUGIN_PAGE))
        return
    settings = PLUGINS[name].entries()
    for child in element.children:
        if child.tag not in settings:
            yield _unknown(child, f"setting <{child.tag}>", child.tag, settings, PLUGINS[name])


def _attributes(element: Element, known: Known) -> Iterator[Finding]:
    names = known.attributes.split()
    for name in element.attributes:
        if name not in names:
            yield _unknown(element, f"attribute {name!r}", name, names, known)


def _named_twice(element: Element, known: Known) -> Iterator[Finding]:
    """Yield children that share a name, which SDF refuses for whatever kinds they are; plugins may share theirs."""
    seen: set[str] = set()
    for child in element.children:
        name = child.attributes.get("name", "") if child.tag != "plugin" else ""
        if name and name in seen:
            problem = f"the name {name!r} is taken by something beside it"
            yield Finding(child.source, child.line, child.path, problem, "choose another", known.documentation)
        seen.add(name)


def _unknown(element: Element, what: str, name: str, candidates: Collection[str], known: Known) -> Finding:
    nearest = next(iter(get_close_matches(name, candidates, n=1)), None)
    advice = f"did you mean {nearest!r}?" if nearest else "remove it, or add it to sim/sdf/elements.py"
    return Finding(element.source, element.line, element.path, f"unknown {what}", advice, known.documentation)
