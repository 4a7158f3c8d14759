"""When a volunteer can come on a certain day, or not."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dated_availability",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_dated_availability_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "day", "part", name=op.f("pk_dated_availability")),
    )
    op.create_index(op.f("ix_dated_availability_day"), "dated_availability", ["day"])


def downgrade() -> None:
    op.drop_table("dated_availability")
