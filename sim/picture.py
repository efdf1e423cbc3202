"""Pictures of a run: the top-down plan of where everybody went, and a rendered view of the store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from aisle.geometry import Pose2
from sim.scene.layout import Layout
from sim.scoring import CUSTOMER_ID, Goal, Recording, Score, moment_at

FloatArray = npt.NDArray[np.float64]

_PAPER, _INK, _WALL = "#fbfaf7", "#2b2f36", "#8d8a84"
_ROBOT, _CUSTOMER, _GOAL, _CONTACT = "#d1495b", "#00798c", "#edae49", "#b00020"
_OTHERS = ("#8fa3ad", "#a5b4a0", "#b9a5b5", "#a9a48f", "#93a8b5", "#b0a99f", "#9fb0a8", "#a8a0b8")
_PERSON_STEP_S = 0.2


def draw_run(layout: Layout, recording: Recording, goal: Goal | None, score: Score | None, title: str) -> Figure:
    """Return the top-down picture of a recorded run, in map coordinates."""
    width_m, height_m = layout.size_m
    figure = Figure(figsize=(13.0, 13.0 * height_m / width_m + 1.3), dpi=110, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.045, 0.10, 0.94, 0.80))
    _draw_store(axes, layout)
    for number, person_id in enumerate(sorted(_person_ids(recording) - {CUSTOMER_ID})):
        _draw_person(axes, recording, person_id, _OTHERS[number % len(_OTHERS)], "shoppers" if not number else None)
    _draw_person(axes, recording, CUSTOMER_ID, _CUSTOMER, "customer", line_width=1.8)
    _draw_robot(axes, recording, layout.size_m[0])
    if goal is not None:
        axes.plot(goal.x_m, goal.y_m, "*", color=_GOAL, markersize=20, markeredgecolor=_INK, label=f"bay {goal.bay_id}")
    if score is not None:
        _draw_contacts(axes, recording, score)
    _finish(figure, axes, layout, title, _summary(score))
    return figure


def save_run(
    path: Path, layout: Layout, recording: Recording, goal: Goal | None, score: Score | None, title: str
) -> None:
    """Write the top-down picture as PNG."""
    draw_run(layout, recording, goal, score, title).savefig(path, facecolor=_PAPER)


def _draw_store(axes: Axes, layout: Layout) -> None:
    for solid in layout.solids:
        is_wall = solid.name.startswith("wall")
        face = _WALL if is_wall else (*solid.colour[:3], 0.55)
        axes.add_patch(Polygon(solid.outline, closed=True, facecolor=face, edgecolor=_WALL, linewidth=0.6, zorder=2))
    axes.plot(*layout.entrance, marker="v", color=_INK, markersize=9, linestyle="none", label="entrance")


def _draw_person(
    axes: Axes, recording: Recording, person_id: int, colour: str, label: str | None, line_width: float = 1.1
) -> None:
    track = _person_track(recording, person_id)
    if not len(track):
        return
    axes.plot(track[:, 0], track[:, 1], color=colour, linewidth=line_width, alpha=0.85, zorder=3, label=label)
    x_m, y_m, radius_m = track[-1]
    axes.add_patch(Circle((x_m, y_m), radius_m, facecolor=colour, edgecolor=_INK, linewidth=0.5, zorder=5))


def _draw_robot(axes: Axes, recording: Recording, width_m: float) -> None:
    moments = recording.moments
    if not moments:
        return
    axes.plot([m.x_m for m in moments], [m.y_m for m in moments], color=_ROBOT, linewidth=2.6, zorder=4, label="robot")
    start = moments[0].robot
    axes.plot(start.x_m, start.y_m, "o", color=_PAPER, markeredgecolor=_ROBOT, markersize=10, zorder=6, label="start")
    for pose, names in _stops(recording):
        _draw_pose(axes, pose, recording.robot_radius_m, 0.35)
        # Beside the robot, towards the middle of the store: at a wall the words would be cut off.
        side, align = (-12, "right") if pose.x_m > 0.8 * width_m else (12, "left")
        axes.annotate(
            "\n".join(names), (pose.x_m, pose.y_m), xytext=(side, 10), textcoords="offset points",
            ha=align, fontsize=8.5, color=_INK, zorder=9,
            bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )  # fmt: skip
    _draw_pose(axes, moments[-1].robot, recording.robot_radius_m, 1.0)


def _stops(recording: Recording) -> list[tuple[Pose2, list[str]]]:
    """Return where the robot was when the steps of the visit began, steps at one place together."""
    stops: list[tuple[Pose2, list[str]]] = []
    steps = (step for step in recording.steps if not step.name.startswith("touch key"))
    for number, step in enumerate(steps, start=1):
        name = f"{number} {step.name.replace('_', ' ')}, {step.now_s:.0f} s"
        pose = moment_at(recording, step.now_s).robot
        near = next((names for place, names in stops if place.distance_to(pose) < 1.0), None)
        if near is None:
            stops.append((pose, [name]))
        else:
            near.append(name)
    return stops


def _draw_pose(axes: Axes, pose: Pose2, radius_m: float, alpha: float) -> None:
    axes.add_patch(
        Circle((pose.x_m, pose.y_m), radius_m, facecolor=_ROBOT, edgecolor=_INK, linewidth=0.8, alpha=alpha, zorder=7)
    )
    nose = pose.x_m + 1.7 * radius_m * math.cos(pose.yaw_rad), pose.y_m + 1.7 * radius_m * math.sin(pose.yaw_rad)
    axes.plot([pose.x_m, nose[0]], [pose.y_m, nose[1]], color=_INK, linewidth=1.4, alpha=alpha, zorder=8)


def _draw_contacts(axes: Axes, recording: Recording, score: Score) -> None:
    for contact in score.contacts:
        moment = moment_at(recording, contact.now_s)
        label = f"contact ({contact.cause.value.replace('_', ' ')})"
        axes.plot(moment.x_m, moment.y_m, "X", color=_CONTACT, markersize=13, zorder=10, label=label)


def _finish(figure: Figure, axes: Axes, layout: Layout, title: str, summary: str) -> None:
    axes.set_xlim(-0.3, layout.size_m[0] + 0.3)
    axes.set_ylim(-0.3, layout.size_m[1] + 0.3)
    axes.set_aspect("equal")
    axes.set_facecolor("white")
    axes.set_xlabel("x in metres (map)", color=_INK)
    axes.set_ylabel("y in metres (map)", color=_INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(colors=_INK, length=3)
    figure.text(0.045, 0.955, title, fontsize=16, weight="bold", color=_INK)
    figure.text(0.045, 0.925, summary, fontsize=10.5, color=_INK)
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    figure.legend(
        unique.values(), unique.keys(), loc="lower center", ncol=8, frameon=False, fontsize=9.5, labelcolor=_INK
    )


def _summary(score: Score | None) -> str:
    if score is None:
        return ""
    parts = [
        f"{score.distance_m:.1f} m driven in {score.sim_time_s:.0f} s",
        f"nearest bystander {score.nearest_bystander_m:.2f} m",
        f"contacts: {score.contacts_by_robot} by the robot, {score.contacts_by_others} by others",
    ]
    if score.arrival is not None:
        parts.insert(1, f"{score.arrival.distance_m:.2f} m and {score.arrival.angle_deg:.0f}° from the bay")
    return "  ·  ".join(parts)


def _person_ids(recording: Recording) -> set[int]:
    return {person.person_id for person in recording.moments[0].people} if recording.moments else set()


def _person_track(recording: Recording, person_id: int) -> FloatArray:
    """Return x, y and radius of one person, thinned, shape (k, 3)."""
    rows: list[Sequence[float]] = []
    due_s = -math.inf
    for moment in recording.moments:
        if moment.now_s < due_s:
            continue
        due_s = moment.now_s + _PERSON_STEP_S
        rows += [(p.x_m, p.y_m, p.radius_m) for p in moment.people if p.person_id == person_id]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)
