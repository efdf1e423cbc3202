"""Which place is recognized, and what has to be seen before a believed one is given up for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2, advance
from aisle_navigation.localization.beams import Beams, beams_of
from aisle_navigation.localization.certainty import Certainty, Sign
from aisle_navigation.localization.likelihood import likelihood_field
from aisle_navigation.localization.relocalizer import Relocalizer, RelocalizerSettings, Scene
from aisle_navigation.localization.whole_map import SearchSettings
from tests.navigation.rooms import grid, room, scan_of, with_box

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
TWICE_THE_SAME = with_box(room(), 4.5, 3.5, 5.5, 4.5)
WITH_A_SHELF_MORE = with_box(CELLS, 0.5, 5.6, 1.3, 7.0)
"""What the map has and the real place has not: from HERE beams go through it."""
HERE, WRONG = Pose2(2.0, 1.2, 0.1), Pose2(5.0, 6.5, 3.1)
STILL = Pose2(0.0, 0.0, 0.0)
SETTINGS = RelocalizerSettings(search=SearchSettings(spacing_m=0.5))
PERIOD_S = 0.1
ENOUGH = 30


@dataclass
class Look:
    """A robot that really is in `cells` at `place`, believes to be at `believed`, and has the map `on_map`."""

    place: Pose2 = HERE
    believed: Pose2 = HERE
    cells: np.ndarray = field(default_factory=lambda: CELLS)
    on_map: np.ndarray = field(default_factory=lambda: CELLS)
    settings: RelocalizerSettings = SETTINGS
    certainty: Certainty = Certainty.LOST
    thin: bool = False
    turn: int = 0

    def __post_init__(self) -> None:
        clearances = grid(self.on_map)
        self.one = Relocalizer(clearances, likelihood_field(clearances), self.settings)

    def sign(self, step: Pose2 = STILL, beams: Beams | None = None) -> Sign:
        self.place, self.believed, self.turn = self.place @ step, self.believed @ step, self.turn + 1
        seen = beams_of(scan_of(self.cells, self.place), 0.0) if beams is None else beams
        scene = Scene(seen, step, PERIOD_S, self.turn)
        return self.one.step(self.certainty, self.believed, scene, self.thin)

    def signs(self, steps: Iterable[Pose2] = (STILL,) * ENOUGH) -> list[Sign]:
        return [self.sign(step) for step in steps]


def ahead(way_m: float, scans: int = ENOUGH) -> list[Pose2]:
    return [Pose2(way_m / scans, 0.0, 0.0)] * scans


def turning(angle_rad: float, scans: int = ENOUGH) -> list[Pose2]:
    return [advance(STILL, Twist2(0.0, angle_rad / scans), 1.0)] * scans


def test_a_lost_robot_finds_its_place_by_one_look_over_the_map() -> None:
    look = Look(believed=WRONG)
    assert Sign.RECOGNIZED in look.signs()
    assert look.one.place is not None
    assert look.one.place.distance_to(HERE) < 0.1


def test_a_place_has_to_be_best_for_some_scans_in_a_row() -> None:
    look = Look(settings=replace(SETTINGS, confirmed_by=20))
    signs = look.signs()
    assert signs.index(Sign.RECOGNIZED) >= Look().signs().index(Sign.RECOGNIZED) + 15


def test_of_two_places_that_look_alike_none_is_recognized_and_after_a_while_it_says_so() -> None:
    look = Look(cells=TWICE_THE_SAME, on_map=TWICE_THE_SAME, believed=WRONG)
    signs = look.signs((STILL,) * 110)
    assert Sign.RECOGNIZED not in signs
    assert (signs[90], signs[-1]) == (Sign.AGREES, Sign.UNRESOLVED)


def test_of_two_places_that_look_alike_the_believed_one_is_kept() -> None:
    look = Look(cells=TWICE_THE_SAME, on_map=TWICE_THE_SAME, certainty=Certainty.UNSURE)
    assert Sign.RECOGNIZED in look.signs()
    assert look.one.place is not None
    assert look.one.place.distance_to(HERE) < 0.1


def test_a_laser_that_sees_too_little_recognizes_nothing() -> None:
    look = Look()
    few = beams_of(scan_of(CELLS, HERE), 0.0).thinned(SETTINGS.least_beams - 1)
    signs = [look.sign(beams=few) for _ in range(110)]
    assert set(signs[:90]) == {Sign.AGREES}
    assert signs[-1] is Sign.UNRESOLVED


def test_a_right_place_is_not_outdone_however_long_it_drives() -> None:
    look = Look(certainty=Certainty.LOCALIZED, thin=True)
    assert set(look.signs(ahead(4.0))) == {Sign.AGREES}


def outdone(steps: list[Pose2], **changes: object) -> bool:
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    look = Look(believed=WRONG, certainty=Certainty.LOCALIZED, settings=settings)
    return Sign.OUTDONE in look.signs(steps)


def test_a_wrong_place_is_outdone_once_the_robot_has_moved() -> None:
    assert outdone(ahead(1.5))
    assert outdone(turning(2.0))


def test_standing_proves_nothing_new_however_often_it_looks() -> None:
    assert not outdone([STILL] * 60)
    assert not outdone(ahead(0.3))
    assert outdone(ahead(0.3), outdone_after_m=0.1)


def test_what_is_found_is_compared_for_a_few_metres_only() -> None:
    assert not outdone(ahead(2.0, scans=60), outdone_after_m=1.5, probation_m=1.0)
    assert outdone(ahead(2.0, scans=60), outdone_after_m=0.8, probation_m=1.8)


def seen_through(**changes: object) -> Look:
    """A robot that has forgotten its place; from the true one beams go through a shelf that the map has."""
    settings = replace(SETTINGS, least_fitting=0.5, **changes)  # type: ignore[arg-type]
    return Look(on_map=WITH_A_SHELF_MORE, believed=WRONG, settings=settings)


def test_a_place_with_beams_through_its_shelves_is_not_recognized() -> None:
    assert Sign.RECOGNIZED not in seen_through(most_through=0.01).signs()
    assert Sign.RECOGNIZED in seen_through(most_through=0.3).signs()


def test_a_place_must_not_be_seen_through_much_more_than_the_believed_one_that_it_outdoes() -> None:
    def is_outdone(more_through: float) -> bool:
        look = seen_through(most_through=0.3, more_through=more_through)
        look.certainty = Certainty.LOCALIZED
        return Sign.OUTDONE in look.signs(turning(2.0))

    assert not is_outdone(-0.3)
    assert is_outdone(0.3)


@pytest.mark.parametrize(("believed_through", "is_kept"), [(0.0, False), (0.3, True)])
def test_a_believed_place_is_kept_unless_too_many_beams_go_through_its_shelves(
    believed_through: float, is_kept: bool
) -> None:
    look = seen_through(most_through=0.0, believed_through=believed_through)
    look.believed, look.certainty = HERE, Certainty.UNSURE
    assert (Sign.RECOGNIZED in look.signs()) is is_kept


def test_forgetting_begins_a_new_patience() -> None:
    look = Look(cells=TWICE_THE_SAME, on_map=TWICE_THE_SAME, believed=WRONG)
    look.signs((STILL,) * 90)
    look.one.forget()
    assert Sign.UNRESOLVED not in look.signs((STILL,) * 90)
