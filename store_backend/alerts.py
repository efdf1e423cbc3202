"""When a visit goes wrong: rules on its steps, on the answer to the one question, and on a text. Pure.

A rule looks at everything that is known of the visit by now; whoever calls keeps it to one alert a visit and rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aisle.messages.staff import Rule
from store_backend.journey import Step
from store_backend.outcomes import BACK, SEARCH_FAILED, TOUR_ABANDONED

_LONGEST_STORY = 1900
_STORY_STEPS = 20


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """From which counts on, and up to which answer, staff are told."""

    empty_searches: int = 2
    backs_in_a_row: int = 3
    low_score: int = 6


def alerts_of_steps(steps: Sequence[Step], settings: AlertSettings | None = None) -> list[Rule]:
    """Return the rules that a visit's steps, in their order, have met."""
    settings = settings or AlertSettings()
    rules = []
    if sum(step.outcome == SEARCH_FAILED for step in steps) >= settings.empty_searches:
        rules.append(Rule.TWO_EMPTY_SEARCHES)
    if any(step.outcome in TOUR_ABANDONED for step in steps):
        rules.append(Rule.ABANDONED_TOUR)
    if _longest_run_of_backs(steps) >= settings.backs_in_a_row:
        rules.append(Rule.REPEATED_BACK)
    return rules


def is_low(score: int, settings: AlertSettings | None = None) -> bool:
    """Tell whether an answer, 0 to 10, is a reason to look after the visit."""
    return score <= (settings or AlertSettings()).low_score


def _longest_run_of_backs(steps: Sequence[Step]) -> int:
    """Count backs with at most one other step between two of them: into a product and out again."""
    longest = run = others = 0
    for step in steps:
        run, others = (run + 1, 0) if step.outcome == BACK else (run, others + 1)
        run = 0 if others > 1 else run
        longest = max(longest, run)
    return longest


# Word beginnings, in the four languages of the screen.
_ANGRY = re.compile(
    r"\b(angry|furious|outrag|disgust|terribl|horribl|unacceptabl|ridiculous|useless|worst|scandal|rip-?off|never again"
    r"|wütend|unverschämt|frechheit|empör|unmöglich|katastroph|schrecklich|nie wieder|sauer|skandal|saftladen"
    r"|furios|indignad|inaceptabl|horroros|pésim|vergüenza|nunca más|escándal|enfadad"
    r"|furieu|scandaleu|inadmissibl|inacceptabl|honteu|jamais plus|plus jamais|en colère|lamentabl)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(not|nicht|kein\w*|no|pas|n't)\s+(\w+\s+)?$", re.IGNORECASE)
_SHOUTED_LETTERS, _SHOUTED_SHARE, _EXCLAMATIONS = 20, 0.7, 3


def is_angry(text: str) -> bool:
    """Guess whether a text is angry: its words, shouting in capitals, or many exclamation marks.

    A list of words does not understand; it is only a reason for a person to read the text soon.
    """
    said = any(not _NEGATED.search(text[: match.start()]) for match in _ANGRY.finditer(text))
    letters = [letter for letter in text if letter.isalpha()]
    shouted = len(letters) >= _SHOUTED_LETTERS and sum(map(str.isupper, letters)) > _SHOUTED_SHARE * len(letters)
    return said or shouted or "!" * _EXCLAMATIONS in "".join(text.split())


def story(steps: Sequence[Step]) -> str:
    """Tell the last steps of a visit in words, with the time since its beginning; free of personal data."""
    if not steps:
        return ""
    begin_s = steps[0].happened_unix_s
    told = [_sentence(step, step.happened_unix_s - begin_s) for step in steps[-_STORY_STEPS:]]
    left_out = len(steps) - len(told)
    beginning = [f"{left_out} earlier steps."] if left_out else []
    return " ".join((*beginning, *told))[:_LONGEST_STORY]


def _sentence(step: Step, at_s: float) -> str:
    return f"{at_s:.0f} s: {step.outcome.replace('_', ' ')} ({step.stage}, {step.touch_point}, {step.channel})."
