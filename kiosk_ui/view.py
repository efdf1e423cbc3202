"""What is on the screen, in finished words: the view model that the layout turns into boxes."""

from __future__ import annotations

from typing import Literal

import msgspec

from aisle.messages.visit import Screen

Mood = Literal["busy", "good", "problem"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the middle of the screen shows."""


class Row(msgspec.Struct, frozen=True):
    """One product, department or idea that can be touched."""

    control: str
    title: str
    detail: str = ""
    price: str = ""


class Fact(msgspec.Struct, frozen=True):
    """One line about a product; `demo` is the mark of generated data, empty for real data."""

    label: str
    value: str
    demo: str = ""


class MapSight(msgspec.Struct, frozen=True, kw_only=True):
    """What the map shows; positions in the map frame, the robot as (x_m, y_m, yaw_rad)."""

    language: str
    size_m: tuple[float, float]
    target: tuple[float, float] | None = None
    bay: tuple[tuple[float, float], ...] = ()
    robot: tuple[float, float, float] | None = None
    path: tuple[tuple[float, float], ...] = ()


class ShelfSight(msgspec.Struct, frozen=True):
    """A bay from the front: how many products stand on each shelf from the bottom, and which one is meant."""

    counts: tuple[int, ...]
    shelf: int
    facing: int


class Place(msgspec.Struct, frozen=True):
    """Where a product stands: one sentence, and its parts as (label, value)."""

    sentence: str
    parts: tuple[tuple[str, str], ...]


class AttractPage(Page, frozen=True, kw_only=True):
    title: str
    text: str
    start: str
    notice: str
    map: MapSight | None


class Question(msgspec.Struct, frozen=True):
    """One of the four questions."""

    control: str
    title: str
    hint: str


class HomePage(Page, frozen=True, kw_only=True):
    questions: tuple[Question, ...]
    suggestions_title: str
    suggestions: tuple[Row, ...]
    problem: str
    remember: str


class SearchPage(Page, frozen=True, kw_only=True):
    query: str
    placeholder: str
    rows_title: str
    rows: tuple[Row, ...]
    more: str
    empty: tuple[str, str]
    keyboard: tuple[str, str, str]
    space: str


class ProductPage(Page, frozen=True, kw_only=True):
    name: str
    detail: str
    price: str
    place: Place | None
    problem: tuple[str, str]
    facts: tuple[Fact, ...]
    pairings_title: str
    pairings: tuple[Row, ...]
    pairings_text: str
    sold_out: str
    take_me_there: str
    put_on_list: str
    is_starting: bool
    notice: str
    map: MapSight | None


class GuidingPage(Page, frozen=True, kw_only=True):
    title: str
    hint: str
    is_problem: bool
    name: str
    price: str
    place: Place | None
    metres_left: str
    here: str
    cancel: str
    map: MapSight | None


class ArrivalPage(Page, frozen=True, kw_only=True):
    name: str
    detail: str
    price: str
    title: str
    text: str
    place: Place | None
    shelf: ShelfSight | None
    shelf_title: str
    buttons: tuple[tuple[str, str], ...]
    put_on_list: str
    nearby_title: str
    nearby: tuple[Row, ...]


class ScorePage(Page, frozen=True, kw_only=True):
    title: str
    hard: str
    easy: str
    skip: str


class ThanksPage(Page, frozen=True, kw_only=True):
    title: str
    text: str
    home: str


class PairingPage(Page, frozen=True, kw_only=True):
    """A screen without keys. Without a code there is only a title, a text and perhaps a way to begin again."""

    title: str
    text: str
    language: str
    languages: tuple[tuple[str, str], ...]
    code: str = ""
    code_title: str = ""
    command: str = ""
    answer_title: str = ""
    typed: str = ""
    erase: str = ""
    again: str = ""
    is_problem: bool = False


class ListLine(msgspec.Struct, frozen=True):
    """One product on the list; `index` is its place on the page."""

    index: int
    name: str
    detail: str
    count: int
    price: str


class BasketPage(Page, frozen=True, kw_only=True):
    """The list; `ways` are (control, label, hint), `wishes` is (control, label)."""

    lines: tuple[ListLine, ...]
    more: str
    empty: tuple[str, str]
    wishes: tuple[str, str]
    together: str
    total: str
    ways: tuple[tuple[str, str, str], ...]
    advice_title: str
    advice: tuple[Row, ...]


class CodePage(Page, frozen=True, kw_only=True):
    """A code for a camera, in rows of dark ("1") and light modules; empty while there is none."""

    title: str
    text: str
    mood: Mood
    code: tuple[str, ...]
    number_label: str = ""
    number: str = ""
    total: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """A purpose with its two answers as (control, label), which weigh the same."""

    text: str
    decline: tuple[str, str]
    allow: tuple[str, str]
    is_given: bool
    is_changing: bool


class ConsentPage(Page, frozen=True, kw_only=True):
    intro: str
    notice: str
    is_problem: bool
    waiting: str
    choices: tuple[Choice, ...]
    actions: tuple[tuple[str, str], ...]


class FactLine(msgspec.Struct, frozen=True):
    """One thing that is remembered; `index` is its place on the page."""

    index: int
    title: str
    detail: str


class FactsPage(Page, frozen=True, kw_only=True):
    lines: tuple[FactLine, ...]
    empty: str
    notice: str
    more: str
    correct: str
    delete: str


class CorrectPage(Page, frozen=True, kw_only=True):
    draft: str
    keyboard: tuple[str, ...]
    signs: str
    space: str
    save: str


class Panel(msgspec.Struct, frozen=True):
    """An answer or a question over everything else; `buttons` as (control, label), the first is the strong one.

    Of an even question both answers weigh the same.
    """

    name: Literal["call", "stop", "somebody_else", "still_there", "erase"]
    title: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    mood: Mood = "good"
    is_even: bool = False


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The whole screen. Empty strings mean that the part is not shown."""

    screen: Screen
    page: Page
    title: str
    language: str
    languages: tuple[tuple[str, str], ...]
    back: str
    home: str
    my_list: str
    call: str
    is_called: bool
    panel: Panel | None
    offline: str
    caption: str


def without_map(view: View) -> View:
    """Return the view without what moves on the map."""
    if isinstance(view.page, AttractPage | ProductPage | GuidingPage):
        return msgspec.structs.replace(view, page=msgspec.structs.replace(view.page, map=None))
    return view
