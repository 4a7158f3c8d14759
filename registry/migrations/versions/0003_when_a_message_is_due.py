"""When a message of the outbox is to be tried next."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_message") as table:
        table.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index(op.f("ix_outbox_message_due_at"), ["due_at"])


def downgrade() -> None:
    with op.batch_alter_table("outbox_message") as table:
        table.drop_index(op.f("ix_outbox_message_due_at"))
        table.drop_column("due_at")
