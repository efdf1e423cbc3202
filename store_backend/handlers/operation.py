"""The backend itself."""

from __future__ import annotations

from aisle.messages.operation import Health, HealthQuery
from store_backend.unit_of_work import UnitOfWork


def tell_health(_command: HealthQuery, work: UnitOfWork) -> Health:
    """Say whether the backend can do its work."""
    return work.health()
