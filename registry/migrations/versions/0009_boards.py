"""The working copy of each week, and the changes made to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_board",
        sa.Column("problem_json", sa.JSON(), nullable=False),
        sa.Column("roster_json", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_roster_board_opened_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_board")),
        sa.UniqueConstraint("week", name=op.f("uq_roster_board_week")),
    )
    op.create_table(
        "board_edit",
        sa.Column("change_json", sa.JSON(), nullable=False),
        sa.Column("cost_json", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("waived", sa.String(length=100), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["roster_board.id"], name=op.f("fk_board_edit_board_id_roster_board")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_board_edit_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_edit")),
        sa.UniqueConstraint("board_id", "revision", name=op.f("uq_board_edit_board_id_revision")),
    )
    op.create_index(op.f("ix_board_edit_board_id"), "board_edit", ["board_id"])


def downgrade() -> None:
    op.drop_table("board_edit")
    op.drop_table("roster_board")
