"""Finding the place again: searches over the whole map, and contenders followed until one is clearly the right one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from aisle.geometry import Pose2
from aisle_navigation.localization.agreement import AgreementSettings, match_at
from aisle_navigation.localization.beams import Beams
from aisle_navigation.localization.certainty import Certainty, Sign
from aisle_navigation.localization.contenders import Contender, Contenders, ContenderSettings
from aisle_navigation.localization.likelihood import LikelihoodField
from aisle_navigation.localization.whole_map import SearchSettings, WholeMapSearch, places_on
from store_model.clearance import ClearanceMap

_SAME_PLACE_M = 0.5
_TURN_M = 0.5
"""Turning by a radian shows as much anew as moving by so many metres."""
_NOWHERE = Pose2(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RelocalizerSettings:
    """Leads are of mean log-likelihoods of one beam; times in seconds, distances in metres.

    What the map does not know (people, glass, feet of shelves) shifts leads: at 500 places of the demo store among 20
    people the largest lead of a wrong place was 0.028, the next 0.012. A place is only recognized when so much of the
    map is seen from there that a crowd cannot pass for it. A believed place is outdone only by one that stays better
    while the base moves by `outdone_after_m`: whoever stands sees the same people again, which proves nothing new.
    Amid a crowd a wrong place in a narrow aisle explains the short beams better, but other beams go through its
    shelves, which people never cause: so a place must not have `more_through` than the believed one.
    """

    clear_lead: float = 0.04
    believed_lead: float = -0.02
    outdone_lead: float = 0.05
    outdone_after_m: float = 0.5
    confirmed_by: int = 5
    least_fitting: float = 0.70
    believed_fitting: float = 0.50
    believed_through: float = 0.08
    most_through: float = 0.04
    more_through: float = 0.02
    least_beams: int = 60
    patience_s: float = 10.0
    search_again_s: float = 3.0
    check_again_s: float = 5.0
    probation_m: float = 5.0
    search: SearchSettings = field(default_factory=SearchSettings)
    contenders: ContenderSettings = field(default_factory=ContenderSettings)


@dataclass(slots=True)
class _Streak:
    """For how many scans in a row the same thing was true of the same place, and how much the base moved meanwhile."""

    scans: int = 0
    place: Pose2 = _NOWHERE
    moved_m: float = 0.0

    def note(self, place: Pose2 | None, step: Pose2) -> int:
        """Count one more scan for a place, which the base has left by `step` since; None ends the row."""
        goes_on = place is not None and self.scans > 0 and (self.place @ step).distance_to(place) < _SAME_PLACE_M
        self.scans = 0 if place is None else self.scans + 1 if goes_on else 1
        self.moved_m = self.moved_m + math.hypot(step.x_m, step.y_m) + _TURN_M * abs(step.yaw_rad) if goes_on else 0.0
        self.place = place or self.place
        return self.scans


@dataclass(frozen=True, slots=True)
class Scene:
    """What one scan brings: its beams, how the base has moved since the last one and in how many seconds.

    `turn` counts the scans, so that each may use other beams.
    """

    beams: Beams
    step: Pose2
    passed_s: float
    turn: int


class Relocalizer:
    """Looks for the robot while it is not localized, and checks on it when the believed place looks odd."""

    def __init__(
        self, grid: ClearanceMap, likelihoods: LikelihoodField, settings: RelocalizerSettings = RelocalizerSettings()
    ) -> None:
        self._grid, self._field, self._settings = grid, likelihoods, settings
        self._agreement = AgreementSettings()
        self._places = places_on(grid, settings.search)
        self._contenders = Contenders(grid, likelihoods, settings.contenders)
        self._search: WholeMapSearch | None = None
        self.place: Pose2 | None = None
        self.forget()

    def forget(self) -> None:
        """Drop all contenders and begin anew, with one look over the whole map even if a place is believed.

        People show wrong places, and of two that look alike only the whole map says which is the better one.
        """
        self._contenders.clear()
        self._search = None
        self._since_search_s = math.inf
        self._unresolved_s = 0.0
        self._followed_m = 0.0
        self._is_checked = False
        self._clear, self._held, self._outdone = _Streak(), _Streak(), _Streak()

    def settle(self) -> None:
        """Note that a place was recognized; the others are followed on for a while, in case it was the wrong one."""
        self._unresolved_s = self._followed_m = 0.0
        self._clear, self._held, self._outdone = _Streak(), _Streak(), _Streak()

    def step(self, certainty: Certainty, believed: Pose2, scene: Scene, thin: bool) -> Sign:
        """Go on looking, and return RECOGNIZED (see `place`), OUTDONE, UNRESOLVED or AGREES for nothing new.

        `believed` is the pose believed now, `thin` says that little of the map is seen from there.
        """
        is_localized = certainty is Certainty.LOCALIZED
        self._contenders.step(scene.step, scene.beams, scene.turn, believed)
        self._search_on(believed, scene, wanted=thin or not is_localized, pause_s=self._pause_s(is_localized))
        self._unresolved_s = 0.0 if is_localized else self._unresolved_s + scene.passed_s
        sees = len(scene.beams) >= self._settings.least_beams
        if is_localized:
            return self._check(believed, scene) if sees else Sign.AGREES
        if sees and self._recognized(believed if certainty is Certainty.UNSURE else None, scene):
            return Sign.RECOGNIZED
        return Sign.UNRESOLVED if self._unresolved_s > self._settings.patience_s else Sign.AGREES

    def _pause_s(self, is_localized: bool) -> float:
        return self._settings.check_again_s if is_localized else self._settings.search_again_s

    def _search_on(self, believed: Pose2, scene: Scene, wanted: bool, pause_s: float) -> None:
        """Begin a search if one is due, or go on with it; what it finds joins the contenders."""
        step, beams, settings = scene.step, scene.beams, self._settings
        self._since_search_s += scene.passed_s
        is_due = (wanted or not self._is_checked) and self._since_search_s >= pause_s
        if self._search is None and is_due and len(beams) >= settings.least_beams:
            self._search, step = WholeMapSearch(self._field, self._places, beams, settings.search), _NOWHERE
        found = self._search.advance(step) if self._search is not None else None
        if found is not None:
            self._contenders.add(np.array([[believed.x_m, believed.y_m, believed.yaw_rad]]))
            self._contenders.add(found)
            self._search, self._is_checked = None, True
            self._since_search_s = self._followed_m = 0.0

    def _recognized(self, believed: Pose2 | None, scene: Scene) -> bool:
        """Tell whether one place has been clearly the best for long enough, or the believed one is not beaten."""
        settings = self._settings
        best = self._contenders.best()
        most_through = self._most_through(believed, scene.beams)
        clear = best if best is not None and best.lead >= settings.clear_lead else None
        held = self._contenders.at(believed) if believed is not None else None
        held = held if held is not None and held.lead >= settings.believed_lead else None
        for streak, contender, least, through in (
            (self._clear, clear, settings.least_fitting, most_through),
            (self._held, held, settings.believed_fitting, settings.believed_through),
        ):
            place = self._fitting(contender, scene.beams, least, through)
            if streak.note(place, scene.step) >= settings.confirmed_by:
                self.place = streak.place
                return True
        return False

    def _most_through(self, believed: Pose2 | None, beams: Beams) -> float:
        """Return the largest share of beams that may go through something at a place that is to be believed instead."""
        if believed is None:
            return self._settings.most_through
        present = match_at(self._grid, believed, beams, self._agreement)
        return min(self._settings.most_through, present.through + self._settings.more_through)

    def _fitting(self, contender: Contender | None, beams: Beams, least: float, most_through: float) -> Pose2 | None:
        """Return the contender's place when the map is seen from there as it should be, else None."""
        if contender is None:
            return None
        match = match_at(self._grid, contender.map_from_base, beams, self._agreement)
        fits = match.fitting >= least and match.through <= most_through
        return contender.map_from_base if fits else None

    def _check(self, believed: Pose2, scene: Scene) -> Sign:
        """Compare the believed place with the contenders, if there are any."""
        settings = self._settings
        if len(self._contenders) == 0:
            return Sign.AGREES
        self._followed_m += math.hypot(scene.step.x_m, scene.step.y_m)
        if self._followed_m > settings.probation_m:
            self._contenders.clear()
            return Sign.AGREES
        rival = self._contenders.rival_of(believed)
        beaten = rival if rival is not None and rival.lead >= settings.outdone_lead else None
        most_through = self._most_through(believed, scene.beams)
        place = self._fitting(beaten, scene.beams, settings.least_fitting, most_through)
        scans = self._outdone.note(place, scene.step)
        is_proved = scans >= settings.confirmed_by and self._outdone.moved_m >= settings.outdone_after_m
        return Sign.OUTDONE if is_proved else Sign.AGREES
