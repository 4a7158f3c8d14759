"""Repairs and stand-bys that wait have a task, which tells how far they are and whether they are to stop."""

import sqlalchemy as sa
from alembic import op

from registry import clock

revision = "0022"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = (("repair", "board_repair"), ("standby", "standby_plan"))


def upgrade() -> None:
    for kind, waits in KINDS:
        _queue(kind, waits)
    with op.batch_alter_table("board_repair") as table:
        table.drop_column("progress_json")
        table.drop_column("stop_asked_at")


def _queue(kind: str, table: str) -> None:
    connection = op.get_bind()
    waits = sa.table(table, sa.column("id", sa.Integer), sa.column("status", sa.String))
    task = sa.table(
        "task", sa.column("kind", sa.String), sa.column("key", sa.String), sa.column("open_key", sa.String),
        sa.column("payload_json", sa.JSON), sa.column("status", sa.String), sa.column("attempts", sa.Integer),
        sa.column("queued_at", sa.DateTime(timezone=True)),
    )
    for (number,) in connection.execute(sa.select(waits.c.id).where(waits.c.status.in_(["queued", "solving"]))).all():
        connection.execute(waits.update().where(waits.c.id == number).values(status="queued"))
        connection.execute(task.insert().values(
            kind=kind, key=str(number), open_key=f"{kind}/{number}", payload_json={kind: number}, status="queued",
            attempts=0, queued_at=clock.now(),
        ))


def downgrade() -> None:
    with op.batch_alter_table("board_repair") as table:
        table.add_column(sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("progress_json", sa.JSON(), nullable=True))
    op.execute(sa.text("DELETE FROM task WHERE kind IN ('repair', 'standby')"))
