"""How the tables came to be, one file a step, each with its way back (Alembic)."""
