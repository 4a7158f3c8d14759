"""Tasks with leases; of drafts the scope, what they began from, and who asked for them."""

import sqlalchemy as sa
from alembic import op

from registry import clock

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("payload_json", sa.JSON(), nullable=False),
        sa.Column("progress_json", sa.JSON(), nullable=True),
        sa.Column("checkpoint_json", sa.JSON(), nullable=True),
        sa.Column("failure_json", sa.JSON(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("open_key", sa.String(length=230), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("queued_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["queued_by"], ["account.id"], name=op.f("fk_task_queued_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("open_key", name=op.f("uq_task_open_key")),
    )
    op.create_index(op.f("ix_task_key"), "task", ["key"])
    op.create_index(op.f("ix_task_status"), "task", ["status"])
    with op.batch_alter_table("roster_draft") as table:
        table.add_column(sa.Column("scope_json", sa.JSON(), nullable=True))
        table.add_column(sa.Column("start_json", sa.JSON(), nullable=True))
        table.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_roster_draft_made_by_account"), "account", ["made_by"], ["id"])
    _queue_draws()


def _queue_draws() -> None:
    """Draws that waited or were being run have a task from now on."""
    connection = op.get_bind()
    draw = sa.table("draw", sa.column("id", sa.Integer), sa.column("status", sa.String))
    task = sa.table(
        "task", sa.column("kind", sa.String), sa.column("key", sa.String), sa.column("open_key", sa.String),
        sa.column("payload_json", sa.JSON), sa.column("status", sa.String), sa.column("attempts", sa.Integer),
        sa.column("queued_at", sa.DateTime(timezone=True)),
    )
    now = clock.now()
    for (number,) in connection.execute(sa.select(draw.c.id).where(draw.c.status.in_(["queued", "solving"]))).all():
        connection.execute(draw.update().where(draw.c.id == number).values(status="queued"))
        connection.execute(task.insert().values(
            kind="draw", key=str(number), open_key=f"draw/{number}", payload_json={"draw": number}, status="queued",
            attempts=0, queued_at=now,
        ))


def downgrade() -> None:
    with op.batch_alter_table("roster_draft") as table:
        table.drop_constraint(op.f("fk_roster_draft_made_by_account"), type_="foreignkey")
        table.drop_column("made_by")
        table.drop_column("start_json")
        table.drop_column("scope_json")
    op.drop_table("task")
