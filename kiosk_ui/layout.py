"""The whole screen as shapes, words and touchable boxes; the one place that the window and the screen state share."""

from __future__ import annotations

from functools import lru_cache

from aisle.messages.visit import Control
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Item, Scene, Touch
from kiosk_ui.screens.arrival import arrival, score, thanks
from kiosk_ui.screens.attract import attract
from kiosk_ui.screens.basket import basket, code
from kiosk_ui.screens.frame import frame, panel
from kiosk_ui.screens.guiding import guiding
from kiosk_ui.screens.home import home
from kiosk_ui.screens.memory import consent, correct, facts
from kiosk_ui.screens.product import product
from kiosk_ui.screens.search import search
from kiosk_ui.view import (
    ArrivalPage,
    AttractPage,
    BasketPage,
    CodePage,
    ConsentPage,
    CorrectPage,
    FactsPage,
    GuidingPage,
    HomePage,
    ProductPage,
    ScorePage,
    SearchPage,
    ThanksPage,
    View,
)

__all__ = ["Scene", "control_at", "controls", "scene"]


def scene(view: View) -> Scene:
    """Return everything that is drawn, from back to front."""
    items = frame(view, dark=isinstance(view.page, AttractPage)) + _page(view)
    if view.panel is None:
        return tuple(items)
    # Under the panel nothing can be touched.
    return (*(item for item in items if not isinstance(item, Touch)), *panel(view.panel))


def _page(view: View) -> list[Item]:
    match view.page:
        case AttractPage():
            return attract(view.page, view.caption)
        case HomePage():
            return home(view.page)
        case SearchPage():
            return search(view.page)
        case ProductPage():
            return product(view.page)
        case GuidingPage():
            return guiding(view.page)
        case ArrivalPage():
            return arrival(view.page)
        case ScorePage():
            return score(view.page)
        case ThanksPage():
            return thanks(view.page)
        case BasketPage():
            return basket(view.page)
        case CodePage():
            return code(view.page)
        case ConsentPage():
            return consent(view.page)
        case FactsPage():
            return facts(view.page)
        case CorrectPage():
            return correct(view.page)
    raise TypeError(f"no layout for {type(view.page).__name__}")


def controls(shown: Scene) -> tuple[Control, ...]:
    """Return every touchable box in fractions of the screen, with the origin at the lower left."""
    return _controls(tuple(item for item in shown if isinstance(item, Touch)))


@lru_cache(maxsize=8)
def _controls(touches: tuple[Touch, ...]) -> tuple[Control, ...]:
    return tuple(
        Control(
            name=touch.control,
            x=touch.box.x / WIDTH_PX,
            y=1.0 - touch.box.bottom / HEIGHT_PX,
            width=touch.box.width / WIDTH_PX,
            height=touch.box.height / HEIGHT_PX,
        )
        for touch in touches
    )


def control_at(shown: Scene, x: float, y: float) -> str | None:
    """Return what is touched at a point in fractions of the screen, origin at the lower left; None beside all boxes."""
    for one in controls(shown):
        if one.x <= x <= one.x + one.width and one.y <= y <= one.y + one.height:
            return one.name
    return None
