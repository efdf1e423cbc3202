from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from aisle_inference.intent import report as shell
from aisle_inference.intent.practice import PracticeSettings
from aisle_inference.intent.report import report
from catalogue.database import write_catalogue
from store_model.manifest import CATALOGUE_FILE
from tests.catalogue.samples import CATEGORIES, PRODUCTS, SYNONYMS


def recorded() -> Console:
    return Console(width=140, file=io.StringIO(), record=True)


def test_the_report_says_the_figures_and_that_the_sessions_are_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalogue(tmp_path / CATALOGUE_FILE, PRODUCTS, CATEGORIES, SYNONYMS)
    monkeypatch.setattr(shell, "demo_store_dir", lambda: tmp_path)
    console = recorded()
    assert report(console, seed=1, settings=PracticeSettings(training=300, held_out=200, test=200)) == 0
    said = console.export_text()
    for words in ("right among the answered", "as in training", "shifted", "reliability", "made up"):
        assert words in said


def test_a_model_that_answers_nothing_is_reported_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_catalogue(tmp_path / CATALOGUE_FILE, PRODUCTS, CATEGORIES, SYNONYMS)
    monkeypatch.setattr(shell, "demo_store_dir", lambda: tmp_path)
    console = recorded()
    assert report(console, seed=1, settings=PracticeSettings(training=50, held_out=5, test=20)) == 0
    assert "none" in console.export_text()


def test_without_a_store_the_report_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "demo_store_dir", lambda: tmp_path)
    console = recorded()
    assert report(console, seed=1) == 1
    assert "aisle store build" in console.export_text()
