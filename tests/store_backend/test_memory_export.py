"""What a shopper takes home."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from aisle.messages import memory
from aisle.messages.memory import FactKind, Language, Memory, Purpose, Reason, Source
from apps import memory_verbs
from store_backend import card_code, memory_export
from store_backend.memory_export import ExportProblem, as_json, as_pdf
from store_backend.memory_words import WORDS

FACT = memory.Fact(
    fact_id=1, kind=FactKind.WISH, purposes=(Purpose.WISH_LIST,), text="Brötchen, señor, crème brûlée, Łódź",
    product_id=4711, source=Source.KIOSK, happened_unix_s=1_000_000.0, corrected_unix_s=None,
    kept_until_unix_s=2_000_000.0,
)  # fmt: skip
TOLD = Memory(
    shopper_id="a" * 32,
    consents=(
        memory.ConsentState(purpose=Purpose.WISH_LIST, given=True, changed_unix_s=900_000.0, wording_version=1),
        memory.ConsentState(purpose=Purpose.CONTACT, given=False),
    ),
    facts=(FACT,),
    accesses=(memory.MemoryAccess(reader="robot-1", reason=Reason.ADVICE, opened_unix_s=1_100_000.0),),
    told_unix_s=1_200_000.0,
)


def text_of(pdf: bytes) -> str:
    """Return the words that a reader sees, without the ends of lines."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_json_is_the_whole_memory() -> None:
    assert msgspec.json.decode(as_json(TOLD), type=Memory) == TOLD


@pytest.mark.parametrize("language", Language)
def test_the_pdf_tells_everything_in_every_language_with_all_letters(language: Language) -> None:
    words, text = WORDS[language], text_of(as_pdf(TOLD, language))
    expected = (
        words.title, FACT.text, "4711", words.names["FactKind.wish"], words.names["Purpose.wish_list"], "1970-01-12",
        f"{words.names['Purpose.contact']}: {words.not_given}", "robot-1", words.names["Reason.advice"],
        words.names["Source.kiosk"],
    )  # fmt: skip
    assert [part for part in expected if part not in text] == []


def test_nobody_else_may_read_what_a_shopper_takes_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_verbs, "_memory_of", lambda *_: TOLD)
    (tmp_path / "memory.json").write_text("an older one, open to all")
    before = os.umask(0o002)
    try:
        memory_verbs.export(TOLD.shopper_id, tmp_path)
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "memory.json": 0o600, "memory.pdf": 0o600
    }  # fmt: skip
    assert msgspec.json.decode((tmp_path / "memory.json").read_bytes(), type=Memory) == TOLD


def test_an_empty_memory_is_a_document_too() -> None:
    empty = Memory(shopper_id="a" * 32, consents=(), facts=(), accesses=(), told_unix_s=0.0)
    assert text_of(as_pdf(empty, Language.EN)).count("nothing") == 3


def test_a_long_memory_goes_over_several_pages() -> None:
    many = msgspec.structs.replace(TOLD, facts=(FACT,) * 60)
    assert len(PdfReader(BytesIO(as_pdf(many, Language.DE))).pages) > 1


@settings(max_examples=20)
@given(text=st.text(max_size=150))
def test_any_text_that_a_fact_may_hold_becomes_a_pdf(text: str) -> None:
    fact = msgspec.structs.replace(FACT, text=text)
    assert as_pdf(msgspec.structs.replace(TOLD, facts=(fact,)), Language.EN).startswith(b"%PDF-")


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_export, "FONT", Path("/nowhere/font.ttf"))
    with pytest.raises(ExportProblem, match="install fonts-dejavu-core"):
        as_pdf(TOLD, Language.EN)


def test_every_language_names_everything_differently_from_the_program() -> None:
    for words in WORDS.values():
        assert all(text and "_" not in text for text in words.names.values())
        assert len(words.names) == sum(len(kind) for kind in (Purpose, FactKind, Source, Reason))


def test_a_token_becomes_a_picture_and_lines_for_a_terminal() -> None:
    assert card_code.as_png("AISLE-CARD.1").startswith(b"\x89PNG")
    assert card_code.as_png("AISLE-CARD.1") != card_code.as_png("AISLE-CARD.2")
    assert len(card_code.as_text("AISLE-CARD.1").splitlines()) > 10
