"""A training of a made-up shop: it measures, goes on where it was cut, and what it makes answers a request."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest
from rich.console import Console

from aisle.messages.advice import Recommended, RecommendRequest
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.carry import load_adviser
from aisle_inference.advice.rules import Rules
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.weeks import Weeks
from aisle_inference.ranking.forest import Examples, Forest
from aisle_inference.ranking.ranker import TooLittleHistory
from aisle_inference.training.course import Course, Training
from aisle_inference.training.notebook import FolderNotebook
from aisle_inference.training.shop import Shop
from aisle_inference.training.train import Places, train
from tests.inference.advice.shop import FAST, NOW_D, catalogue, numbers, purchases
from tests.inference.harness.worlds import DAY, assortment

SHOP = Shop(purchases(), assortment(), DAY + 121)
COURSE = Course(dict.fromkeys(Task, FAST))


Step = TypeVar("Step")


class CutError(RuntimeError):
    """Somebody pulled the plug."""


@dataclass
class Watched:
    """A notebook that remembers what had to be made, and may be cut."""

    notebook: FolderNotebook
    cut_after: int = 1000
    made: list[str] = field(default_factory=list)

    def examples(self, name: str, make: Callable[[], Examples]) -> Examples:
        return self.notebook.examples(name, lambda: self._made(name, make))

    def forest(self, name: str, columns: tuple[str, ...], make: Callable[[], Forest]) -> Forest:
        return self.notebook.forest(name, columns, lambda: self._made(name, make))

    def _made(self, name: str, make: Callable[[], Step]) -> Step:
        if len(self.made) == self.cut_after:
            raise CutError
        self.made.append(name)
        return make()


def promotions() -> Promotions:
    """Return promotions of the first six products in every third week, up to some weeks after the last purchase."""
    rows = [(100 + product, 7, "0", "D", week) for product in range(6) for week in range(product % 3, 21, 3)]
    names = ("product_id", "store_id", "display_location", "mailer_location", "week")
    return Promotions.of(pl.LazyFrame(rows, schema=list(names), orient="row"), purchases(), Weeks(DAY))


def watched(folder: Path, cut_after: int = 1000) -> Watched:
    return Watched(FolderNotebook.of(folder, SHOP, COURSE), cut_after)


def run(notebook: Watched) -> dict[Task, str]:
    """Return the trees of each task as text."""
    graduate = Training(SHOP, COURSE, notebook, lambda _what, _share: None).run()
    return {task: forests[0].booster.model_to_string() for task, forests in graduate.forests.items()}


def test_a_training_that_was_cut_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    whole = watched(tmp_path / "whole")
    trees = run(whole)
    cut = watched(tmp_path / "cut", cut_after=9)
    with pytest.raises(CutError):
        run(cut)
    again = watched(tmp_path / "cut")
    assert run(again) == trees
    assert cut.made + again.made == whole.made


def test_a_damaged_page_of_the_notebook_is_written_again(tmp_path: Path) -> None:
    first = watched(tmp_path)
    trees = run(first)
    for name in ("completion-0.npz", "novel-all-0.txt"):
        path = first.notebook.folder / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    again = watched(tmp_path)
    assert run(again) == trees
    assert set(again.made) == {"completion-0", "novel-all-0"}


def test_another_course_does_not_use_these_notes(tmp_path: Path) -> None:
    run(watched(tmp_path))
    other = FolderNotebook.of(tmp_path, SHOP, Course(dict.fromkeys(Task, FAST), is_measured=False))
    assert not other.is_begun
    assert [path.name for path in tmp_path.iterdir()] == [other.folder.name]


def test_other_promotions_do_not_use_these_notes(tmp_path: Path) -> None:
    names = {
        FolderNotebook.of(tmp_path, replace(SHOP, promotions=some), COURSE).folder for some in (None, promotions())
    }
    assert len(names) == 2


def test_what_was_trained_answers_and_says_how_good_it_was(tmp_path: Path) -> None:
    said = io.StringIO()
    places = Places.under(tmp_path)
    manifest = train(SHOP, COURSE, places, Console(file=said, width=200))
    assert set(manifest.metrics) == {task.key for task in Task}
    assert manifest.metrics["completion"]["queries"] > 10
    assert "24 products" in said.getvalue()
    assert "next basket in the last month, which was held back: recall at 10" in said.getvalue()
    assert not list(places.notebooks.iterdir())
    carried = load_adviser(places.kit, places.public_key)
    answer = Adviser(catalogue(), carried.kit).recommend(RecommendRequest(given=numbers(0, 3)), NOW_D)
    assert isinstance(answer, Recommended)
    assert not answer.fallback
    assert carried.intents is None


@pytest.mark.parametrize("after_d", [0.0, 365.0], ids=["in a week that the table has", "a year later"])
def test_what_was_trained_with_promotions_answers(tmp_path: Path, after_d: float) -> None:
    places = Places.under(tmp_path)
    train(replace(SHOP, promotions=promotions()), COURSE, places, Console(quiet=True))
    carried = load_adviser(places.kit, places.public_key)
    assert "promoted in mailer" in carried.kit.rankings[Task.COMPLETION].source.names
    adviser = Adviser(catalogue(), carried.kit, Rules(data_store_id=7))
    answer = adviser.recommend(RecommendRequest(given=numbers(0, 3)), NOW_D + after_d)
    assert isinstance(answer, Recommended)
    assert not answer.fallback


def test_progress_names_every_step_and_only_grows() -> None:
    told: list[tuple[str, float]] = []
    Training(SHOP, COURSE, NoNotes(), lambda what, share: told.append((what, share))).run()
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < 0.1
    assert 0.8 < shares[-1] <= 1.0
    assert "shelf: measuring on the last month" in dict(told)


class NoNotes:
    """A notebook that keeps nothing."""

    def examples(self, _name: str, make: Callable[[], Examples]) -> Examples:
        return make()

    def forest(self, _name: str, _columns: tuple[str, ...], make: Callable[[], Forest]) -> Forest:
        return make()


def test_a_shop_with_a_short_history_is_told_so() -> None:
    with pytest.raises(TooLittleHistory, match="the purchases span less than 80 days"):
        Training(Shop(purchases(), assortment(), DAY + 60), COURSE, NoNotes(), lambda _what, _share: None).run()
