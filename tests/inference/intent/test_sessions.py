from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from aisle_inference.intent.events import INTENTS, PRESSED, EventKind, Intent, check_session
from aisle_inference.intent.mixing import HELD_OUT, SHIFTED, TRAINING, Mixing
from aisle_inference.intent.sessions import Labelled, made_up_sessions
from tests.inference.intent.worlds import ground


def made(mixing: Mixing = TRAINING, count: int = 400, seed: int = 1) -> tuple[Labelled, ...]:
    return made_up_sessions(ground().wares, mixing, count, seed)


def kinds(labelled: Labelled) -> set[EventKind]:
    return {event.kind for event in labelled.session.events}


def test_the_seed_decides_everything() -> None:
    assert made(seed=1) == made(seed=1)
    assert made(seed=1) != made(seed=2)


@pytest.mark.parametrize("mixing", [TRAINING, HELD_OUT, SHIFTED])
def test_every_session_passes_the_checks(mixing: Mixing) -> None:
    for labelled in made(mixing, count=100):
        assert labelled.session.events
        check_session(labelled.session, ground().vocabulary.column_of)


@pytest.mark.parametrize("mixing", [TRAINING, SHIFTED])
def test_intents_come_in_their_shares(mixing: Mixing) -> None:
    counts = Counter(labelled.intent for labelled in made(mixing, count=1_000))
    assert [counts[intent] / 1_000 for intent in INTENTS] == pytest.approx(mixing.intents, abs=0.05)


def test_without_noise_the_pressed_button_is_the_intent_and_no_step_is_strange() -> None:
    plain = replace(TRAINING, pressed=1.0, pressed_wrong=0.0, stray=0.0, elsewhere=0.0)
    for labelled in made(plain, count=100):
        assert labelled.session.events[0].kind is PRESSED[labelled.intent]
        if labelled.intent is Intent.GO:
            assert not kinds(labelled) & {EventKind.HELP_PRESSED, EventKind.IDEA_OPENED, EventKind.DETAILS_READ}


def test_with_noise_buttons_and_steps_mislead() -> None:
    wanted = [labelled for labelled in made() if labelled.intent is Intent.DO]
    assert any(PRESSED[Intent.BUY] in kinds(labelled) for labelled in wanted)
    assert any(EventKind.TOUR_ASKED in kinds(labelled) for labelled in wanted)


def test_only_what_is_to_be_done_may_be_about_no_category() -> None:
    without = {labelled.intent for labelled in made() if labelled.category_id is None}
    assert without == {Intent.DO}


def test_an_unmisled_shopper_opens_the_category_of_the_label() -> None:
    for labelled in made(replace(TRAINING, elsewhere=0.0), count=100):
        opened = {event.category_id for event in labelled.session.events if event.category_id}
        assert labelled.category_id is None or opened <= {labelled.category_id}


def test_who_wants_something_done_that_is_about_no_category_touches_several() -> None:
    without = [labelled for labelled in made(replace(TRAINING, elsewhere=0.0)) if labelled.category_id is None]
    touched = [{event.category_id for event in labelled.session.events if event.category_id} for labelled in without]
    assert max(map(len, touched)) > 1
