"""Keeps what the robot says in view for long enough: orders carry a sentence for one tick only."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOLD_S = 1.5
"""Longer than a listener that reads ten times a second, and may lose some messages, needs to hear it once."""


@dataclass(slots=True)
class Caption:
    """The last sentence and when it was said."""

    _sentence: str = ""
    _said_s: float = -math.inf

    def hold(self, sentence: str, now_s: float) -> str:
        """Take the sentence of this instant (often empty); return what is to be shown now."""
        if sentence:
            self._sentence, self._said_s = sentence, now_s
        return self._sentence if now_s - self._said_s < HOLD_S else ""
