"""Causes and empty answers in plain English; the kiosk says them in the shopper's language from the cause itself."""

from __future__ import annotations

from collections.abc import Sequence

from aisle.messages.advice import Advice, Cause, RecommendRequest

_WEEK_D = 7
_IN_WEEKS_D = 21


def reason(cause: Cause, names: Sequence[str], every_days: int) -> str:
    """Return why a product is recommended; `names` are the products of the cause."""
    match cause:
        case Cause.BASKET:
            return f"Often bought together with {_listed(names)}"
        case Cause.WHOLE_BASKET:
            return "Goes with everything in your basket together"
        case Cause.OWN:
            return f"You usually buy this every {_span(every_days)}" if every_days else "You bought this before"
        case Cause.TASTE:
            return f"Others who buy {_listed(names)} buy this too"
        case Cause.STORE:
            return "Bought often in this store"
        case Cause.NEW if names:
            return f"New here; others of its kind are bought with {_listed(names)}"
        case Cause.NEW:
            return "New here; others of its kind are bought often"
        case Cause.NO_SINGLE:
            return "Several small reasons together"


def nothing(request: RecommendRequest) -> str:
    """Return why there is nothing to recommend, and what helps."""
    if request.diets:
        return f"No product declares that it is {_listed(request.diets)}; somebody of the staff can help"
    if request.avoid:
        return f"Nothing that fits is known to be free of {_listed(request.avoid)}; somebody of the staff can help"
    if request.advice is Advice.HERE:
        return "Nothing on this shelf can be recommended now"
    return "Nothing can be recommended now"


def _listed(names: Sequence[str]) -> str:
    # Two labels may read the same ("Milk" of two brands): one name is enough then.
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def _span(days: int) -> str:
    if days == 1:
        return "day"
    if days == _WEEK_D:
        return "week"
    weeks = round(days / _WEEK_D)
    # From two weeks on a day more or less is still "every two weeks".
    is_in_weeks = days > _IN_WEEKS_D or (weeks > 1 and abs(days - weeks * _WEEK_D) <= 1)
    return f"{weeks} weeks" if is_in_weeks else f"{days} days"
