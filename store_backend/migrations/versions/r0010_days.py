"""Of what is kept of shoppers only the day is told: exact times would tie their numbers to the steps of a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_DAY_S, _TICKET_LIVES_S = 86_400, 300
_TIMES = {
    "consents": ("changed_unix_s",),
    "facts": ("happened_unix_s", "corrected_unix_s", "kept_until_unix_s"),
    "memory_accesses": ("opened_unix_s",),
    "data_keys": ("made_unix_s",),
}


def upgrade() -> None:
    """Forget the time of day, and give tickets their end; those that are open now end."""
    for name, columns in _TIMES.items():
        _set(name, {column: _day_of(column) for column in columns})
    # Any reply may be one to a message about a memory. It is kept a little longer.
    _set("replies", {"given_unix_s": _day_of("given_unix_s") + _DAY_S})
    with op.batch_alter_table("memory_accesses") as accesses:
        accesses.add_column(sa.Column("ticket_until_unix_s", sa.Float))
        accesses.create_index("ix_memory_accesses_ticket_until_unix_s", ["ticket_until_unix_s"])


def downgrade() -> None:
    """Tell again when a ticket began that is open now; the other times stay days."""
    until = sa.column("ticket_until_unix_s", sa.Float)
    opened = sa.func.coalesce(until - _TICKET_LIVES_S, sa.column("opened_unix_s", sa.Float))
    _set("memory_accesses", {"opened_unix_s": opened})
    with op.batch_alter_table("memory_accesses") as accesses:
        accesses.drop_index("ix_memory_accesses_ticket_until_unix_s")
        accesses.drop_column("ticket_until_unix_s")


def _set(name: str, values: dict[str, sa.ColumnElement[float]]) -> None:
    table = sa.table(name, *(sa.column(column, sa.Float) for column in values))
    op.execute(table.update().values(values))


def _day_of(name: str) -> sa.ColumnElement[float]:
    days = sa.column(name, sa.Float) / _DAY_S
    # SQLite cuts in a cast, and need not have FLOOR; PostgreSQL's cast takes the nearest.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    whole: sa.ColumnElement[float] = sa.cast(days, sa.Integer if is_sqlite else sa.Float)
    return (whole if is_sqlite else sa.func.floor(whole)) * float(_DAY_S)
