"""The backend itself."""

from __future__ import annotations

from aisle.messages.operation import Health, HealthQuery, PilotGroups, PilotsQuery
from store_backend.unit_of_work import UnitOfWork


def tell_health(_command: HealthQuery, work: UnitOfWork) -> Health:
    """Say whether the backend can do its work."""
    return work.health()


def tell_groups(command: PilotsQuery, work: UnitOfWork) -> PilotGroups:
    """Return which features on trial a visit has; whoever asks again hears the same."""
    return PilotGroups(groups=work.pilots.groups_of(command.session_id))
