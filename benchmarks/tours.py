"""Tours through the demo store among twenty people: whether the robot arrives, how politely, and how fast."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import msgspec

from aisle import paths
from aisle_navigation.control.profiles import STORE, Pace
from aisle_navigation.driving.outcome import Status
from benchmarks.intervals import wilson
from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.store_drive import Shop, begin, open_shop
from benchmarks.tour_goals import goal_of, way_m
from sim.manners import manners
from sim.scoring import distance_driven_m, score

PEOPLE, LIMIT_S, NEAR_M = 20, 300.0, 1.0
SOCIAL_TOURS, PLAIN_TOURS, QUICK_TOURS = 100, 30, 8
WITHOUT_MANNERS = replace(
    STORE,
    name="store without the social terms",
    costs=STORE.costs._replace(closeness=0.0, intrusion=0.0, between=0.0),
    companionship=None,
    space=None,
    pace=Pace(cruise_mps=STORE.pace.cruise_mps),
)
DETOUR = 1.25
"""A way this many times the shortest one counts as a detour."""


class Tour(msgspec.Struct, frozen=True):
    """One tour, as it is kept for `--resume`."""

    seed: int
    social: bool
    arrived: bool
    sentence: str
    off_m: float
    time_s: float
    driven_m: float
    shortest_m: float
    contacts_by_robot: int
    contacts_by_others: int
    intimate_entries: int
    caused_intimate_s: float
    caused_personal_s: float
    moving_s: float
    near_share: float
    stops: int
    least_gap_m: float

    @property
    def is_success(self) -> bool:
        return self.arrived and self.off_m <= NEAR_M and self.contacts_by_robot == 0

    @property
    def weighted(self) -> float:
        """Return success weighted by path length (Anderson et al., arXiv:1807.06757)."""
        return self.is_success * self.shortest_m / max(self.driven_m, self.shortest_m)


def run(request: Request) -> list[Row]:
    """Drive the tours, with the social terms and without. Raises BenchmarkProblem when the store is not built."""
    shop = open_shop()
    kept = _kept() if request.resume else {}
    wanted = [(True, QUICK_TOURS if request.quick else SOCIAL_TOURS)]
    wanted += [(False, QUICK_TOURS // 2 if request.quick else PLAIN_TOURS)]
    rows: list[Row] = []
    for social, count in wanted:
        tours = [_tour(shop, seed, social, kept, number, count) for number, seed in enumerate(range(1, count + 1), 1)]
        rows += _rows(tours, "with the social terms" if social else "without")
        if social:
            rows += _break_even(tours, shop)
    return rows


def _tour(shop: Shop, seed: int, social: bool, kept: dict[tuple[int, bool], Tour], number: int, count: int) -> Tour:
    tour = kept.get((seed, social)) or drive(shop, seed, social)
    if (seed, social) not in kept:
        _keep(tour)
    end = "arrived" if tour.is_success else tour.sentence or "did not arrive"
    print(f"tour {number} of {count}, {'social' if social else 'plain'}: {end}, {tour.time_s:.0f} s", file=sys.stderr)
    return tour


def drive(shop: Shop, seed: int, social: bool) -> Tour:
    """Drive one tour from home to a shelf."""
    bay_id, goal = goal_of(shop, seed)
    tour = begin(shop, seed, PEOPLE, STORE if social else WITHOUT_MANNERS)
    tour.cores.navigator.go_to(goal)
    last = tour.until(LIMIT_S)
    moments = tour.recording.moments
    judged, polite = score(tour.recording, None, 0.0), manners(tour.recording)
    return Tour(
        seed=seed,
        social=social,
        arrived=last is not None and last.status is Status.ARRIVED,
        sentence=f"{bay_id}: {last.sentence or last.status.value}" if last is not None else "never began",
        off_m=moments[-1].robot.distance_to(goal),
        time_s=tour.world.now_s,
        driven_m=distance_driven_m(moments),
        shortest_m=way_m(shop, goal),
        contacts_by_robot=judged.contacts_by_robot,
        contacts_by_others=judged.contacts_by_others,
        intimate_entries=polite.intimate_entries,
        caused_intimate_s=polite.caused_intimate_s,
        caused_personal_s=polite.caused_personal_s,
        moving_s=polite.moving_s,
        near_share=polite.near_share,
        stops=polite.stops,
        least_gap_m=polite.least_gap_m,
    )


def _rows(tours: list[Tour], how: str) -> list[Row]:
    social = how.startswith("with the")
    successes = sum(tour.is_success for tour in tours)
    low, high = wilson(successes, len(tours))

    def mean(of: Callable[[Tour], float]) -> float:
        return fmean(of(tour) for tour in tours)

    return [
        Row(f"{how}: tours that end within 1 m", 100.0 * successes / len(tours), "%", "98" if social else "",
            f"{len(tours)} tours, 95 % interval {100 * low:.1f} to {100 * high:.1f}"),
        Row(f"{how}: contacts caused by the robot", sum(t.contacts_by_robot for t in tours), "", "0"),
        Row(f"{how}: contacts caused by others", sum(t.contacts_by_others for t in tours), ""),
        Row(f"{how}: success weighted by path length", mean(lambda tour: tour.weighted), ""),
        Row(f"{how}: time of a tour", mean(lambda tour: tour.time_s), "s", "",
            f"shortest way {mean(lambda tour: tour.shortest_m):.1f} m"),
        Row(f"{how}: moved towards somebody nearer than 0.5 m",
            _share(tours, lambda tour: tour.caused_intimate_s, lambda tour: tour.moving_s), "% of the time in motion",
            "0" if social else "", f"{sum(tour.intimate_entries for tour in tours)} times"),
        Row(f"{how}: moved towards somebody nearer than 1.2 m",
            _share(tours, lambda tour: tour.caused_personal_s, lambda tour: tour.moving_s),
            "% of the time in motion", "5" if social else ""),
        Row(f"{how}: the same, of all the time",
            _share(tours, lambda tour: tour.caused_personal_s, lambda tour: tour.time_s), "%"),
        Row(f"{how}: anybody nearer than 1.2 m, of the time in motion",
            _share(tours, lambda tour: tour.near_share * tour.moving_s, lambda tour: tour.moving_s), "%", "",
            "whoever causes it: people who walk behind or past the robot, too"),
        Row(f"{how}: nearest person", min(tour.least_gap_m for tour in tours), "m", "", "surface to surface"),
        Row(f"{how}: stops of a second and more", mean(lambda tour: tour.stops), "per tour"),
        Row(f"{how}: detours", 100.0 * mean(lambda tour: tour.driven_m > DETOUR * tour.shortest_m), "%", "",
            f"ways over {DETOUR:g} times the shortest"),
    ]  # fmt: skip


def _share(tours: list[Tour], part: Callable[[Tour], float], whole: Callable[[Tour], float]) -> float:
    whole_s = sum(map(whole, tours))
    return 100.0 * sum(map(part, tours)) / whole_s if whole_s else 0.0


def _break_even(tours: list[Tour], shop: Shop) -> list[Row]:
    """How fast somebody who looks for the shelf alone must pass shelves to be there as soon as with the robot."""
    shelves_m = sum(bay.width_m for bay in shop.plan.bays.values())
    speeds = [0.5 * shelves_m / tour.time_s for tour in tours if tour.is_success]
    if not speeds:
        return []
    note = f"half of the {shelves_m:.0f} m of shelves, in the time of a tour: who reads shelves slower gains"
    return [Row("break-even search speed", fmean(speeds), "m of shelf per s", "", note)]


def _file() -> Path:
    return paths.var_dir() / "bench" / "tours.jsonl"


def _keep(tour: Tour) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("ab") as lines:
        lines.write(msgspec.json.encode(tour) + b"\n")


def _kept() -> dict[tuple[int, bool], Tour]:
    path = _file()
    if not path.exists():
        return {}
    try:
        tours = [msgspec.json.decode(line, type=Tour) for line in path.read_bytes().splitlines()]
    except msgspec.DecodeError as error:
        raise BenchmarkProblem(f"{path} holds no tours ({error}); delete it to begin anew") from error
    return {(tour.seed, tour.social): tour for tour in tours}
