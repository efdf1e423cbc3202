"""The table of screens: all screens times all events."""

import itertools

import pytest

from aisle.messages.visit import Screen
from kiosk_ui.flow import TRANSITIONS, Event, next_screen

ALL = list(itertools.product(Screen, Event))


@pytest.mark.parametrize(("screen", "event"), ALL)
def test_an_event_that_is_not_in_the_table_changes_nothing(screen: Screen, event: Event) -> None:
    assert next_screen(screen, event) is TRANSITIONS.get((screen, event), screen)


@pytest.mark.parametrize("screen", Screen)
def test_every_screen_can_be_left(screen: Screen) -> None:
    assert next_screen(screen, Event.LEAVE) is Screen.ATTRACT


def test_a_tour_is_taken_up_again_from_the_first_screen_only() -> None:
    assert [screen for screen in Screen if (screen, Event.RESUME) in TRANSITIONS] == [Screen.ATTRACT]


def test_only_a_product_leads_to_a_tour_and_only_a_tour_to_a_shelf_or_the_list_that_was_opened_there() -> None:
    assert [
        screen
        for screen, event in ALL
        if event is not Event.RESUME and next_screen(screen, event) is Screen.GUIDING and screen is not Screen.GUIDING
    ] == [Screen.PRODUCT]
    assert {screen for screen, event in ALL if next_screen(screen, event) is Screen.ARRIVAL} == {
        Screen.GUIDING,
        Screen.ARRIVAL,
        Screen.BASKET,
    }


def test_every_screen_can_be_reached_from_attract() -> None:
    reached = {Screen.ATTRACT}
    for _ in Screen:
        reached |= {next_screen(screen, event) for screen in reached for event in Event}
    assert reached == set(Screen)
