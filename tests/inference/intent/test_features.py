from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.intent.events import EventKind, SessionEvent
from aisle_inference.intent.features import COLUMN, FEATURES, event_features
from aisle_inference.intent.vocabulary import Floats, fits_of, vocabulary_of
from tests.catalogue.samples import BREAD, CATEGORIES, MILK, PRODUCTS, SYNONYMS
from tests.inference.intent.worlds import event, search, session

VOCABULARY = vocabulary_of(PRODUCTS, CATEGORIES, SYNONYMS)


def table_of(*events: SessionEvent) -> Floats:
    made = session(*events)
    return event_features(made, fits_of(made, VOCABULARY), VOCABULARY)


def said(*events: SessionEvent) -> list[dict[str, float]]:
    """Return what each event says, without what is zero."""
    return [{name: float(row[COLUMN[name]]) for name in FEATURES if row[COLUMN[name]]} for row in table_of(*events)]


def test_the_nth_event_of_a_kind_counts_an_nth() -> None:
    rows = said(*[event(EventKind.HELP_PRESSED)] * 3)
    assert [row["help_pressed"] for row in rows] == pytest.approx([1.0, 1 / 2, 1 / 3])


def test_a_search_says_whether_it_names_a_ware_and_which_words_hint() -> None:
    named, nothing, filler = said(search("milk price"), search("xqzwv"), search("the"))
    assert named == {"searched": 1.0, "know_words": 1.0, "names_ware": 1.0}
    assert nothing == {"searched": 0.5, "names_nothing": 1.0}
    assert filler == {"searched": pytest.approx(1 / 3)}


def test_a_second_product_of_a_category_is_a_comparison() -> None:
    first, other, again = said(
        event(EventKind.PRODUCT_OPENED, product_id=MILK),
        event(EventKind.PRODUCT_OPENED, product_id=BREAD),
        event(EventKind.PRODUCT_OPENED, product_id=MILK + 9000),
    )
    assert "same_category_again" not in first
    assert "same_category_again" not in other
    assert again["same_category_again"] == 1.0


def test_strange_products_are_never_a_comparison() -> None:
    rows = said(*[event(EventKind.PRODUCT_OPENED, product_id=-7)] * 2)
    assert all("same_category_again" not in row for row in rows)


@pytest.mark.parametrize(("pause_s", "is_at_once"), [(2.0, True), (8.0, True), (8.1, False)])
def test_a_tour_is_asked_for_at_once_or_after_thought(pause_s: float, is_at_once: bool) -> None:
    rows = said(search("milk", 10.0), event(EventKind.TOUR_ASKED, 10.0 + pause_s))
    assert ("tour_at_once" in rows[1]) is is_at_once


def test_reading_counts_for_the_page_that_was_read() -> None:
    page, after = said(event(EventKind.PRODUCT_OPENED, 5.0, product_id=MILK), event(EventKind.HELP_PRESSED, 20.0))
    assert page["read_long"] == pytest.approx(0.5)
    assert "read_long" not in after


@pytest.mark.parametrize(("dwell_s", "name"), [(19.0, "stood_short"), (20.0, "stood_long")])
def test_standing_is_short_or_long(dwell_s: float, name: str) -> None:
    assert said(event(EventKind.STOOD, category_id="milk", dwell_s=dwell_s)) == [{name: 1.0}]


def test_no_events_give_an_empty_table() -> None:
    assert table_of().shape == (0, len(FEATURES))


@given(kinds=st.lists(st.sampled_from(EventKind), max_size=12), pause_s=st.floats(0.0, 600.0))
def test_no_feature_is_negative_and_every_event_says_something(kinds: list[EventKind], pause_s: float) -> None:
    table = table_of(*[event(kind, place * pause_s, category_id="milk") for place, kind in enumerate(kinds)])
    assert (table >= 0.0).all()
    assert table.any(axis=1).all()
