"""Journey events get the channel and the time of what happened; the one question is put once a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; what is there came from a kiosk, and happened when it was received as far as anybody knows."""
    with op.batch_alter_table("journey_events") as table:
        table.add_column(sa.Column("channel", sa.String(16)))
        table.add_column(sa.Column("happened_unix_s", sa.Float))
    op.execute("UPDATE journey_events SET channel = 'kiosk', happened_unix_s = recorded_unix_s")
    with op.batch_alter_table("journey_events") as table:
        table.alter_column("channel", existing_type=sa.String(16), nullable=False)
        table.alter_column("happened_unix_s", existing_type=sa.Float, nullable=False)
        table.create_index("ix_journey_events_happened_unix_s", ["happened_unix_s"])
    op.create_table(
        "prompts",
        sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.session_id"), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("asked_unix_s", sa.Float, nullable=False),
    )
    op.execute("INSERT INTO prompts SELECT session_id, 'kiosk', given_unix_s FROM feedback")


def downgrade() -> None:
    """Forget channels, the senders' times, and where the question was put."""
    op.drop_table("prompts")
    with op.batch_alter_table("journey_events") as table:
        table.drop_index("ix_journey_events_happened_unix_s")
        table.drop_column("happened_unix_s")
        table.drop_column("channel")
