"""Who is really to be seen in a camera's image: the labels against which a detector is scored.

Like `scoring` this reads what the robot cannot know, and nothing of the robot's software may import it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.people.stage import Stage
from sim.sensors.camera_renderer import Renderer

IntArray = npt.NDArray[np.int32]

_LEAST_PIXELS = 40


@dataclass(frozen=True, slots=True)
class Label:
    """One person in an image. The box, in pixels, is around what the frame shows of the person standing alone.

    `shown_share` is how much of that nothing hides; `is_cut` tells that the frame's edge cuts the person.
    """

    number: int
    left: int
    top: int
    right: int
    bottom: int
    shown_share: float
    is_cut: bool

    @property
    def height_px(self) -> int:
        return self.bottom - self.top


def labels_of(stage: Stage, renderer: Renderer) -> list[Label]:
    """Return everybody of whom anything is to be seen from where the renderer is aimed."""
    shown = renderer.render_geoms(stage.data)
    found = []
    for geom, number in stage.people_of_geoms().items():
        visible = int(np.count_nonzero(shown == geom))
        if visible < _LEAST_PIXELS:
            continue
        label = _label(number, visible, renderer.render_geoms(stage.data, only=geom) == geom)
        found.append(label)
    return found


def _label(number: int, visible: int, alone: npt.NDArray[np.bool_]) -> Label:
    rows, columns = np.nonzero(alone.any(axis=1))[0], np.nonzero(alone.any(axis=0))[0]
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    height, width = alone.shape
    is_cut = top == 0 or left == 0 or bottom == height or right == width
    return Label(number, left, top, right, bottom, visible / max(int(alone.sum()), 1), is_cut)
