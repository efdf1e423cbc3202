"""Which screen follows which: a table over every screen and every event."""

from __future__ import annotations

from enum import Enum

from aisle.messages.visit import Screen


class Event(Enum):
    """What can change the screen."""

    START = "start"
    ASK = "ask"
    CHOOSE = "choose"
    LEAD = "lead"
    ARRIVE = "arrive"
    HALT = "halt"
    BACK = "back"
    HOME = "home"
    LEAVE = "leave"
    RESUME = "resume"
    LIST = "list"
    REMEMBER = "remember"


TRANSITIONS: dict[tuple[Screen, Event], Screen] = {
    (Screen.ATTRACT, Event.START): Screen.HOME,
    (Screen.ATTRACT, Event.RESUME): Screen.GUIDING,
    (Screen.HOME, Event.ASK): Screen.SEARCH,
    (Screen.HOME, Event.CHOOSE): Screen.PRODUCT,
    (Screen.SEARCH, Event.CHOOSE): Screen.PRODUCT,
    (Screen.SEARCH, Event.BACK): Screen.HOME,
    (Screen.SEARCH, Event.HOME): Screen.HOME,
    (Screen.PRODUCT, Event.CHOOSE): Screen.PRODUCT,
    (Screen.PRODUCT, Event.ASK): Screen.SEARCH,
    (Screen.PRODUCT, Event.BACK): Screen.HOME,
    (Screen.PRODUCT, Event.HOME): Screen.HOME,
    (Screen.PRODUCT, Event.LEAD): Screen.GUIDING,
    (Screen.GUIDING, Event.ARRIVE): Screen.ARRIVAL,
    (Screen.GUIDING, Event.HALT): Screen.PRODUCT,
    (Screen.ARRIVAL, Event.ASK): Screen.SEARCH,
    (Screen.ARRIVAL, Event.CHOOSE): Screen.PRODUCT,
    (Screen.ARRIVAL, Event.HOME): Screen.HOME,
    **{(screen, Event.LIST): Screen.BASKET for screen in (Screen.HOME, Screen.SEARCH, Screen.PRODUCT, Screen.ARRIVAL)},
    (Screen.BASKET, Event.CHOOSE): Screen.PRODUCT,
    (Screen.BASKET, Event.ASK): Screen.SEARCH,
    (Screen.BASKET, Event.ARRIVE): Screen.ARRIVAL,
    (Screen.BASKET, Event.BACK): Screen.HOME,
    (Screen.BASKET, Event.HOME): Screen.HOME,
    (Screen.HOME, Event.REMEMBER): Screen.MEMORY,
    (Screen.MEMORY, Event.BACK): Screen.HOME,
    (Screen.MEMORY, Event.HOME): Screen.HOME,
    **{(screen, Event.LEAVE): Screen.ATTRACT for screen in Screen},
}


def next_screen(screen: Screen, event: Event) -> Screen:
    """Return the screen after an event; one that means nothing on this screen changes nothing."""
    return TRANSITIONS.get((screen, event), screen)
