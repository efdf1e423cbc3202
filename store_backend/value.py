"""Depth of relationship and the value report. Pure; money in integer cents, what is assumed stands in the settings."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.messages.journey import Figure

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class ValueSettings:
    """What no record can tell. Every report prints these beside its figures."""

    basket_cents: int = 2500
    gone_without_help: float = 0.5
    returns_without_advice: float = 0.04
    returns_with_advice: float = 0.02
    return_cents: int = 600
    staff_cents_per_hour: int = 2200
    robot_cents_per_hour: int = 450


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of a period by what happened in each, how long robots and staff were busy with them, and consents."""

    visits: int
    resolved: int
    recovered: int
    troubled: int
    advised: int
    sold: int
    came_back: int
    robot_s: float
    staff_s: float
    consents_given: int
    consents_withdrawn: int


def depth(period: Visits) -> tuple[Figure, ...]:
    """Return the shares that tell how deep the relationship is, and their mean, first.

    Needs met, returning, consent kept and sales weigh alike, so that sales are one among others; a share that nothing
    speaks to stays out of the mean.
    """
    shares = (
        _share("needs met", period.resolved, period.visits),
        _share("returning with consent", period.came_back, period.visits if period.consents_given else 0),
        _share("consent kept", period.consents_given - period.consents_withdrawn, period.consents_given),
        _share("with a sale", period.sold, period.visits),
    )
    known = [one.value for one in shares if one.value is not None]
    mean = sum(known) / len(known) if known else None
    counts = (
        Figure(name="consents given", value=period.consents_given, n=period.visits, unit="consents"),
        Figure(name="consents withdrawn", value=period.consents_withdrawn, n=period.visits, unit="consents"),
    )
    return (Figure(name="depth of relationship", value=mean, n=period.visits, unit="share"), *shares, *counts)


def _share(name: str, part: int, n: int) -> Figure:
    return Figure(name=name, value=min(1.0, max(0.0, part / n)) if n else None, n=n, unit="share")


def value(period: Visits, settings: ValueSettings) -> tuple[Figure, ...]:
    """Return needs resolved, sales saved and returns avoided, and beside them the cost of staff and robots."""
    saved = period.recovered * settings.gone_without_help
    avoided = period.advised * (settings.returns_without_advice - settings.returns_with_advice)
    staff_h, robot_h = period.staff_s / _HOUR_S, period.robot_s / _HOUR_S
    gain_cents = round(saved * settings.basket_cents) + round(avoided * settings.return_cents)
    cost_cents = round(staff_h * settings.staff_cents_per_hour) + round(robot_h * settings.robot_cents_per_hour)
    rows = (
        ("needs resolved", period.resolved, period.visits, "visits"),
        ("sales saved", saved, period.recovered, "sales"),
        ("returns avoided", avoided, period.advised, "returns"),
        ("gain", gain_cents, period.visits, "cents"),
        ("staff", staff_h * 60.0, period.visits, "minutes"),
        ("robots", robot_h, period.visits, "hours"),
        ("cost", cost_cents, period.visits, "cents"),
        ("gain less cost", gain_cents - cost_cents, period.visits, "cents"),
    )
    return tuple(Figure(name=name, value=amount, n=n, unit=unit) for name, amount, n, unit in rows)


def assumptions(settings: ValueSettings) -> tuple[str, ...]:
    """Return what was assumed, in words."""
    return (
        f"a sale is worth {settings.basket_cents} cents",
        f"{settings.gone_without_help:.0%} of those who met an obstacle and then found what they wanted "
        "would have gone without help",
        f"{settings.returns_without_advice:.1%} of goods come back without advice, "
        f"{settings.returns_with_advice:.1%} with it; each costs {settings.return_cents} cents",
        f"an hour of staff costs {settings.staff_cents_per_hour} cents, "
        f"one of a robot {settings.robot_cents_per_hour} cents",
        "a robot is busy from the first to the last step of a visit, staff from claim to end of a call",
    )
