"""The database's tables, as SQLAlchemy Core, one file a domain. What is personal in them is sealed (columns sealed_*).

A change here needs a migration (store_backend/migrations/versions) and its number in TABLES_VERSION; tests compare.
"""

from store_backend.tables.base import TABLES_VERSION, metadata
from store_backend.tables.care import alerts, assistance
from store_backend.tables.complaints import complaint_messages, complaints, suggestion_themes, suggestions
from store_backend.tables.memory import card_links, consents, erasures, facts, greetings, memory_accesses
from store_backend.tables.replies import replies
from store_backend.tables.robots import leases, robot_stops, robot_tasks, robots
from store_backend.tables.stock import pickup_orders, reservation_lines, reservations, stock
from store_backend.tables.tills import hand_off_lines, hand_offs
from store_backend.tables.vault import data_keys
from store_backend.tables.visits import feedback, journey_events, prompts, sessions

__all__ = [
    "TABLES_VERSION",
    "alerts",
    "assistance",
    "card_links",
    "complaint_messages",
    "complaints",
    "consents",
    "data_keys",
    "erasures",
    "facts",
    "feedback",
    "greetings",
    "hand_off_lines",
    "hand_offs",
    "journey_events",
    "leases",
    "memory_accesses",
    "metadata",
    "pickup_orders",
    "prompts",
    "replies",
    "reservation_lines",
    "reservations",
    "robot_stops",
    "robot_tasks",
    "robots",
    "sessions",
    "stock",
    "suggestion_themes",
    "suggestions",
]
