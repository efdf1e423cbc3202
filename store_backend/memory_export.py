"""A memory to take home: as JSON for programs (GDPR, article 20) and as a PDF for people (article 15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from fpdf import FPDF

from aisle.messages.memory import ConsentState, Fact, Language, Memory
from store_backend.memory_words import WORDS, MemoryWords

# Debian's fonts-dejavu-core, which `./run` installs; its letters cover every European language.
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
_WIDTH_TO_MARGIN = 0.0
_LINE_MM = 6.0


class ExportProblem(RuntimeError):
    """The document cannot be made; the sentence says what to do."""


def as_json(memory: Memory) -> bytes:
    """Return everything as JSON, with the names of docs/memory.md; times in Unix seconds."""
    return msgspec.json.format(msgspec.json.encode(memory), indent=2)


def as_pdf(memory: Memory, language: Language) -> bytes:
    """Return everything as a document to read; times in UTC. Raises ExportProblem without a font."""
    if not FONT.exists():
        raise ExportProblem(f"there is no font {FONT}; install fonts-dejavu-core")
    words = WORDS[language]
    page = FPDF()
    page.set_title(words.title)
    page.add_font("DejaVu", fname=FONT)
    page.add_page()
    _write(page, 18, words.title)
    _write(page, 10, f"{words.told} {_when(memory.told_unix_s)}")
    for heading, lines in _sections(memory, words):
        page.ln(_LINE_MM / 2)
        _write(page, 14, heading)
        for line in lines or [words.nothing]:
            _write(page, 10, line)
    return bytes(page.output())


def _sections(memory: Memory, words: MemoryWords) -> Iterator[tuple[str, list[str]]]:
    yield words.consents, [_consent_line(state, words) for state in memory.consents]
    yield words.facts, [_fact_line(fact, words) for fact in memory.facts]
    accesses = (f"{_when(one.opened_unix_s)}  {one.reader}: {_name(one.reason, words)}" for one in memory.accesses)
    yield words.accesses, list(accesses)


def _consent_line(state: ConsentState, words: MemoryWords) -> str:
    answer = words.given if state.given else words.not_given
    since = "" if state.changed_unix_s is None else f" ({_when(state.changed_unix_s)}, v{state.wording_version})"
    return f"{_name(state.purpose, words)}: {answer}{since}"


def _fact_line(fact: Fact, words: MemoryWords) -> str:
    product = "" if fact.product_id is None else f" ({words.product} {fact.product_id})"
    purposes = ", ".join(_name(purpose, words) for purpose in fact.purposes)
    said = f"{_when(fact.happened_unix_s)}  {_name(fact.kind, words)}: {fact.text}{product}"
    return f"{said} [{_name(fact.source, words)}; {purposes}; {words.kept_until} {_when(fact.kept_until_unix_s)}]"


def _write(page: FPDF, size_points: int, text: str) -> None:
    page.set_font("DejaVu", size=size_points)
    page.multi_cell(_WIDTH_TO_MARGIN, _LINE_MM * size_points / 10, text, new_x="LMARGIN", new_y="NEXT")


def _name(member: StrEnum, words: MemoryWords) -> str:
    return words.names[f"{type(member).__name__}.{member.value}"]


def _when(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d")
