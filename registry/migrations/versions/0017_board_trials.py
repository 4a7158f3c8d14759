"""Changes that somebody stacks on a board to see what they would do together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_trial",
        sa.Column("changes_json", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["roster_board.id"], name=op.f("fk_board_trial_board_id_roster_board")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_board_trial_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_trial")),
        sa.UniqueConstraint("board_id", "account_id", name=op.f("uq_board_trial_board_id_account_id")),
    )
    op.create_index(op.f("ix_board_trial_board_id"), "board_trial", ["board_id"])


def downgrade() -> None:
    op.drop_table("board_trial")
