"""The database's tables, as SQLAlchemy Core, one file a domain. Everything here is free of personal data.

A change here needs a migration (store_backend/migrations/versions) and its number in TABLES_VERSION; tests compare.
"""

from store_backend.tables.base import TABLES_VERSION, metadata
from store_backend.tables.care import assistance
from store_backend.tables.replies import replies
from store_backend.tables.robots import leases, robot_stops, robot_tasks, robots
from store_backend.tables.stock import pickup_orders, reservation_lines, reservations, stock
from store_backend.tables.tills import hand_off_lines, hand_offs
from store_backend.tables.visits import feedback, journey_events, sessions

__all__ = [
    "TABLES_VERSION",
    "assistance",
    "feedback",
    "hand_off_lines",
    "hand_offs",
    "journey_events",
    "leases",
    "metadata",
    "pickup_orders",
    "replies",
    "reservation_lines",
    "reservations",
    "robot_stops",
    "robot_tasks",
    "robots",
    "sessions",
    "stock",
]
