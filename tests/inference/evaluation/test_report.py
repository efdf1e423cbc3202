"""The whole way of an evaluation in a made-up shop: tables, JSON and the model card."""

from __future__ import annotations

import datetime
import json
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from aisle_inference.carried.manifest import VERSION, CarriedFile, Manifest
from aisle_inference.evaluation import report
from aisle_inference.evaluation.card import model_card
from aisle_inference.evaluation.cold import ColdSettings
from aisle_inference.evaluation.comparison import PilotSettings
from aisle_inference.evaluation.contenders import NoNotebook
from aisle_inference.evaluation.drift import Verdict
from aisle_inference.evaluation.evaluate import Plan, evaluation
from aisle_inference.evaluation.report import compare, drift, show, write_card
from aisle_inference.evaluation.result import Evaluation
from aisle_inference.harness.queries import Task
from tests.inference.evaluation.worlds import course, month, shop
from tests.inference.harness.worlds import bought_by
from tests.inference.purchases.rows import history

MANIFEST = Manifest(
    kind="adviser",
    first_day=datetime.date(2017, 1, 1),
    last_day=datetime.date(2017, 11, 30),
    counts={"products": 24, "trips": 480},
    metrics={},
    limits=("Learnt from made-up data.",),
    product_ids_sha256="0" * 64,
    trained_s=12.0,
    version=VERSION,
    files={"lore.npz": CarriedFile(sha256="a" * 64, size_bytes=2_000_000)},
)


@cache
def result() -> Evaluation:
    plan = Plan(course(), is_quick=True, cold=ColdSettings(share=0.2, most_queries=40))
    return evaluation(month(), plan, NoNotebook(), lambda _what, _share: None)


def printed(is_json: bool) -> str:
    console = Console(record=True, width=220, file=StringIO())
    show(result(), console, is_json)
    return console.export_text()


def test_every_task_is_judged_beside_popularity_and_a_strong_baseline() -> None:
    assert set(result().tasks) == set(Task)
    for task, one in result().tasks.items():
        assert one.queries == len(month().queries[task])
        assert set(one.figures) == {"recall@10", "NDCG@10", "hit rate@10", "hit rate@3"}
        for compared in one.figures.values():
            assert compared.ours.low <= compared.ours.mean <= compared.ours.high
            assert np.isclose(compared.over_strongest.mean, compared.ours.mean - compared.strongest.mean)
    assert result().tasks[Task.NEXT_BASKET].strongest == "TIFU-KNN"


def test_ours_beats_popularity_where_a_third_of_the_shop_buys_a_third_of_the_products() -> None:
    assert result().tasks[Task.NEXT_BASKET].figures["recall@10"].over_popularity.is_above_zero
    assert result().tasks[Task.COMPLETION].figures["recall@10"].over_popularity.is_above_zero


def test_the_tables_show_every_task_split_and_the_cold_start() -> None:
    text = printed(is_json=False)
    for words in (*(task.value for task in Task), "never bought", "pays much", "Gini", "nobody bought it yet"):
        assert words in text
    assert "first look" in text


def test_the_json_holds_what_the_tables_show() -> None:
    found = json.loads(printed(is_json=True))
    ours = found["tasks"]["completion"]["figures"]["recall@10"]["ours"]["mean"]
    assert ours == pytest.approx(result().tasks[Task.COMPLETION].figures["recall@10"].ours.mean)
    assert {one["among"] for one in found["cold"]} == {"the hidden", "all"}


def test_the_card_tells_what_a_card_must() -> None:
    card = model_card(MANIFEST, result())
    for head in ("What it is for", "What it is not for", "Data", "How it was trained", "Figures", "For whom it works"):
        assert f"## {head}\n" in card
    for head in ("What the lists show", "New products", "Limits", "Privacy", "Withdrawing it"):
        assert f"## {head}\n" in card
    assert "Learnt from made-up data." in card
    assert "simulated" in card
    assert "aaaaaaaaaaaaaaaa..." in card


def test_every_row_of_the_card_has_the_columns_of_its_table() -> None:
    tables = [part for part in model_card(MANIFEST, result()).split("\n\n") if part.startswith("| ")]
    assert len(tables) == 5
    for table in tables:
        assert len({row.count("|") for row in table.strip().splitlines()}) == 1


def test_the_card_is_written_into_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "model_card.md"
    write_card(path, MANIFEST, result())
    assert path.read_text().startswith("# Model card")


def test_an_evaluation_prints_and_leaves_no_notebook_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "quick", lambda: course(Task.COMPLETION))
    console = Console(record=True, width=220, file=StringIO())
    found = report.evaluate(shop(), report.Asked(tmp_path, is_quick=True), console)
    assert set(found.tasks) == {Task.COMPLETION}
    assert found.tasks[Task.COMPLETION].queries < len(month().queries[Task.COMPLETION])
    assert "completion" in console.export_text()
    assert list(tmp_path.iterdir()) == []


def test_drift_says_in_a_sentence_what_to_do() -> None:
    console = Console(record=True, width=220, file=StringIO())
    rows = [row for number in range(40) for row in bought_by(number + 500, 200 + number % 7, [number % 24, 3])]
    found = drift(shop(), history(rows), None, console)
    assert found.verdict is Verdict.RETRAIN
    assert "Retrain: run `aisle train`" in console.export_text()


@pytest.mark.parametrize(("planned", "status", "said"), [(0.5, 1, "Void: "), (0.77, 0, "Not enough yet")])
def test_a_pilot_is_read_out(tmp_path: Path, planned: float, status: int, said: str) -> None:
    arms = ["control"] * 40 + ["ranking"] * 12
    path = tmp_path / "visits.csv"
    lines = [f"visit {number},{arm},{number % 2}" for number, arm in enumerate(arms)]
    path.write_text("\n".join(("visit,arm,outcome", *lines)))
    console = Console(record=True, width=220, file=StringIO())
    assert compare(path, PilotSettings(control_share=planned, resamples=100), console) == status
    assert said in console.export_text()
