from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.intent.category import EVIDENCE, category_probabilities, evidence_of, fit_category_weights
from aisle_inference.intent.events import EventKind, SessionEvent
from aisle_inference.intent.vocabulary import fits_of, vocabulary_of
from tests.catalogue.samples import CATEGORIES, COOKIES, PRODUCTS, SYNONYMS
from tests.inference.intent.worlds import event, search, session

VOCABULARY = vocabulary_of(PRODUCTS, CATEGORIES, SYNONYMS)
ONES = np.ones(len(EVIDENCE))


def probabilities(*events: SessionEvent) -> dict[str, float]:
    made = session(*events)
    found = category_probabilities(evidence_of(made, fits_of(made, VOCABULARY), VOCABULARY), ONES)
    return dict(zip(VOCABULARY.category_ids, map(float, found), strict=True))


def test_nothing_said_leaves_what_is_sold() -> None:
    assert list(probabilities().values()) == pytest.approx(VOCABULARY.sales)


@pytest.mark.parametrize(
    "said",
    [
        search("cookies"),
        search("chocolate chip"),
        event(EventKind.CATEGORY_OPENED, category_id="cookies"),
        event(EventKind.PRODUCT_OPENED, product_id=COOKIES),
        event(EventKind.STOOD, category_id="cookies", dwell_s=40.0),
    ],
)
def test_each_kind_of_event_speaks_for_its_category(said: SessionEvent) -> None:
    assert probabilities(said)["cookies"] > probabilities()["cookies"]


def test_words_that_fit_nothing_and_strange_products_change_nothing() -> None:
    said = (search("xqzwv"), event(EventKind.PRODUCT_OPENED, product_id=424242))
    assert probabilities(*said) == pytest.approx(probabilities())


def test_a_neighbour_of_the_department_gains_over_strangers() -> None:
    opened, before = probabilities(event(EventKind.CATEGORY_OPENED, category_id="cheese")), probabilities()
    assert opened["milk"] / opened["bread"] > 1.5 * before["milk"] / before["bread"]


def test_standing_longer_than_a_minute_counts_as_a_minute() -> None:
    minute, hour = (event(EventKind.STOOD, category_id="bread", dwell_s=dwell_s) for dwell_s in (60.0, 3600.0))
    assert probabilities(minute) == probabilities(hour)


def test_evidence_that_tells_the_truth_gets_the_weight() -> None:
    rng = np.random.default_rng(1)
    evidence = rng.normal(size=(800, 5, 2))
    logits = evidence @ np.array([2.0, 0.0]) + rng.gumbel(size=(800, 5))
    weights = fit_category_weights(evidence, logits.argmax(axis=1))
    assert weights == pytest.approx([2.0, 0.0], abs=0.25)
