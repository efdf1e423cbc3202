"""What Alembic runs for every migration: it works on the connection, and in the transaction, that it is given."""

from __future__ import annotations

from alembic import context

from store_backend.tables import metadata

# SQLite can take back changes of tables too, and cannot alter a table in place (batch).
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
