"""How sure the robot is of its place: every state meets every sign."""

from __future__ import annotations

import itertools

import pytest

from aisle_navigation.localization.certainty import Certainty, Sign, next_certainty

LOCALIZED, UNSURE, LOST, NEEDS_STAFF = Certainty
STAYS = None
TABLE = {
    LOCALIZED: {
        Sign.AGREES: STAYS, Sign.JUMPED: UNSURE, Sign.BLIND: UNSURE, Sign.OUTDONE: UNSURE, Sign.CONTRADICTED: LOST,
        Sign.RECOGNIZED: STAYS, Sign.UNRESOLVED: STAYS, Sign.PLACED: STAYS, Sign.ASKED: LOST,
    },
    UNSURE: {
        Sign.AGREES: STAYS, Sign.JUMPED: STAYS, Sign.BLIND: STAYS, Sign.OUTDONE: STAYS, Sign.CONTRADICTED: LOST,
        Sign.RECOGNIZED: LOCALIZED, Sign.UNRESOLVED: NEEDS_STAFF, Sign.PLACED: LOCALIZED, Sign.ASKED: LOST,
    },
    LOST: {
        Sign.AGREES: STAYS, Sign.JUMPED: STAYS, Sign.BLIND: STAYS, Sign.OUTDONE: STAYS, Sign.CONTRADICTED: STAYS,
        Sign.RECOGNIZED: LOCALIZED, Sign.UNRESOLVED: NEEDS_STAFF, Sign.PLACED: LOCALIZED, Sign.ASKED: STAYS,
    },
    NEEDS_STAFF: {
        Sign.AGREES: STAYS, Sign.JUMPED: STAYS, Sign.BLIND: STAYS, Sign.OUTDONE: STAYS, Sign.CONTRADICTED: STAYS,
        Sign.RECOGNIZED: LOCALIZED, Sign.UNRESOLVED: STAYS, Sign.PLACED: LOCALIZED, Sign.ASKED: LOST,
    },
}  # fmt: skip


@pytest.mark.parametrize(("now", "sign"), itertools.product(Certainty, Sign))
def test_every_state_answers_every_sign(now: Certainty, sign: Sign) -> None:
    expected = TABLE[now][sign]
    assert next_certainty(now, sign) is (now if expected is STAYS else expected)


@pytest.mark.parametrize("now", [UNSURE, LOST, NEEDS_STAFF])
def test_only_recognition_or_a_person_ends_doubt(now: Certainty) -> None:
    assert {sign for sign in Sign if next_certainty(now, sign) is LOCALIZED} == {Sign.RECOGNIZED, Sign.PLACED}
