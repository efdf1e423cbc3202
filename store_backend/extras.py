"""What a valued shopper gets on top, never instead: everybody has the floor, and nobody waits or pays for it. Pure.

Extras are things that staff give; none of them takes a place in a queue, changes a price, or touches safety.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Service(Enum):
    """What a shopper may count on. The first four are everybody's."""

    ADVICE = "advice by the robot"
    GUIDANCE = "a tour to the shelf"
    PERSON = "a person when asked for, in the order of asking"
    PICKUP = "orders for pickup"
    THANK_YOU = "a word of thanks from staff"
    TASTING = "an invitation to a tasting"
    GIFT_WRAP = "gift wrapping free of charge"


FLOOR = frozenset({Service.ADVICE, Service.GUIDANCE, Service.PERSON, Service.PICKUP})


@dataclass(frozen=True, slots=True)
class ExtraSettings:
    """From which expected value of the year ahead, in cents, each extra is given."""

    from_cents: tuple[tuple[Service, int], ...] = (
        (Service.THANK_YOU, 20_000),
        (Service.GIFT_WRAP, 60_000),
        (Service.TASTING, 120_000),
    )


def services_for(value_cents: float | None, settings: ExtraSettings = ExtraSettings()) -> frozenset[Service]:
    """Return what a shopper may count on; None, when nothing is known or may be used, gets the floor."""
    if value_cents is None:
        return FLOOR
    return FLOOR | {service for service, least_cents in settings.from_cents if value_cents >= least_cents}
