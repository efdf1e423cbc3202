"""How the adviser of a store is trained: thoroughly, or quickly for a first try."""

from __future__ import annotations

from dataclasses import replace

from aisle_inference.ranking.ranker import SETTINGS, RankerSettings
from aisle_inference.training.course import Course


def thorough() -> Course:
    """Return the settings that the figures of this project are measured with."""
    return Course(SETTINGS)


def quick() -> Course:
    """Return a course of about a minute: one month, few questions, few trees, and nothing measured."""
    return Course({task: _quick(settings) for task, settings in SETTINGS.items()}, is_measured=False)


def _quick(settings: RankerSettings) -> RankerSettings:
    return replace(
        settings,
        windows=replace(settings.windows, windows=1, most_queries=1200),
        forest=replace(settings.forest, trees=60, learning_rate=0.15),
        seeds=1,
    )
