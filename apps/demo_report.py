"""The report of a demo visit: what was wished, where the robot led, how it drove, and the pictures."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.table import Table

from aisle.messages.visit import Screen, ScreenState
from apps.processes import Site
from catalogue.replica import open_replica
from catalogue.search import SearchIndex
from sim.picture import save_run
from sim.scene.store_layout import layout_of
from sim.scoring import Goal, Recording, Score, score
from store_model.manifest import CATALOGUE_FILE
from store_model.plan import load_plan
from store_model.planogram import load_planogram

_REST_S = 3.0
PICTURE = "path.png"
REPORT = "report.json"


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What report.json holds; distances in metres, times in seconds of the simulation unless said otherwise."""

    mode: str
    seed: int
    shoppers: int
    wish: str
    product_id: int | None
    product: str | None
    bay_id: str | None
    success: bool
    why_not: str
    score: Score
    fingerprint: str | None


@dataclass(slots=True)
class Visit:
    """What can be seen of a visit from outside: the screens it went through."""

    product_id: int | None = None
    toured: bool = False
    rest_since_s: float | None = None
    rest_s: float = _REST_S

    def see(self, state: ScreenState, now_s: float) -> None:
        """Take in the screen as it is now."""
        if state.screen is Screen.GUIDING:
            self.toured, self.product_id = True, state.product_id
        # Without a tour the answer to a call for a person is the end: it leaves nothing to touch but "close".
        called = not self.toured and any(control.name == "close" for control in state.controls)
        rests = called or (self.toured and state.screen is Screen.ATTRACT)
        self.rest_since_s = (self.rest_since_s or now_s) if rests else None

    def is_over(self, now_s: float) -> bool:
        """Tell whether the screen has been at rest for a while after a tour, or a person was called instead."""
        return self.rest_since_s is not None and now_s - self.rest_since_s > self.rest_s


@dataclass(frozen=True, slots=True)
class Played:
    """A visit that was played: how, what was recorded, which product it was about, and the wall time in seconds."""

    mode: str
    recording: Recording
    product_id: int | None
    wall_s: float
    fingerprint: str | None


def report_of(site: Site, played: Played) -> DemoReport:
    """Score a visit against the planogram."""
    goal = _goal(site, played.product_id)
    result = score(played.recording, goal, played.wall_s)
    product, is_wanted = _led_to(site, played.product_id)
    why_not = _why_not(goal, result) if product is None or is_wanted else f"{product} is not what was asked for"
    return DemoReport(
        mode=played.mode,
        seed=site.seed,
        shoppers=site.shoppers,
        wish=site.script_product,
        product_id=played.product_id,
        product=product,
        bay_id=goal.bay_id if goal else None,
        success=not why_not,
        why_not=why_not,
        score=result,
        fingerprint=played.fingerprint,
    )


def _led_to(site: Site, product_id: int | None) -> tuple[str | None, bool]:
    """Return the name of the product that the tour was for, and whether the store's search finds it for the wish."""
    with open_replica(site.store_dir / CATALOGUE_FILE) as replica:
        product = replica.product(product_id) if product_id is not None else None
        index = SearchIndex(replica.products(), replica.categories(), replica.synonyms())
        hits = {hit.product.product_id for hit in index.find(site.script_product, site.language)}
    return (product.name, product.product_id in hits) if product is not None else (None, False)


def _goal(site: Site, product_id: int | None) -> Goal | None:
    placement = load_planogram(site.store_dir).placement(product_id) if product_id is not None else None
    if placement is None:
        return None
    bay = load_plan(site.store_dir).bays[placement.bay_id]
    return Goal(bay.bay_id, bay.front_x_m, bay.front_y_m)


def _why_not(goal: Goal | None, result: Score) -> str:
    """Return why the visit failed, empty when it succeeded."""
    if goal is None:
        return "no tour was started (nothing was found, or the shelf is not known); see the last screens"
    if result.contacts_by_robot:
        return f"the robot touched somebody {result.contacts_by_robot} times"
    if result.arrival is None:
        return "the robot never said that it had arrived"
    if not result.arrival.is_good:
        return (
            f"it stood {result.arrival.distance_m:.2f} m and {result.arrival.angle_deg:.0f} degrees from the right bay"
        )
    if not any(step.name == "leaving" or step.name == "gone" for step in result.steps):
        return "the visit did not end"
    return ""


def write_report(site: Site, played: Played, console: Console) -> DemoReport:
    """Write report.json and the picture, print the figures, and return the report."""
    report = report_of(site, played)
    layout, goal = layout_of(load_plan(site.store_dir)), _goal(site, played.product_id)
    title = f"{report.wish!r}, seed {report.seed}, {report.mode}"
    save_run(site.run_dir / PICTURE, layout, played.recording, goal, report.score, title)
    (site.run_dir / REPORT).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2))
    console.print(_table(report))
    console.print(f"report, screens and picture: {site.run_dir}")
    return report


def _table(report: DemoReport) -> Table:
    result = report.score
    table = Table(title=f"Visit: {report.wish!r}, seed {report.seed}, {report.mode}", show_header=False)
    for name, value in _figures(report, result).items():
        table.add_row(name, value)
    for step in result.steps:
        if not step.name.startswith("touch key"):
            table.add_row(f"{step.now_s:7.1f} s", step.name)
    return table


def _figures(report: DemoReport, result: Score) -> dict[str, str]:
    arrival = result.arrival
    where = f", {arrival.distance_m:.2f} m away, off by {arrival.angle_deg:.1f} degrees" if arrival else ""
    bystander = f"others than the customer: {result.nearest_bystander_m:.2f} m"
    pace = f"{result.real_time_factor:.2f} x real time"
    return {
        "result": "success" if report.success else f"failed: {report.why_not}",
        "product": report.product or "none",
        "shelf": f"{report.bay_id}{where}" if report.bay_id else "none",
        "contacts": f"{result.contacts_by_robot} caused by the robot, {result.contacts_by_others} by others",
        "nearest person": f"{result.nearest_person_m:.2f} m ({bystander})",
        "driven": f"{result.distance_m:.1f} m",
        "time": f"{result.sim_time_s:.0f} s simulated, {result.wall_time_s:.0f} s wall, {pace}",
    }
