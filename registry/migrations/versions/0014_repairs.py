"""Repairs of boards, stand-bys of versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_repair",
        sa.Column("causes_json", sa.JSON(), nullable=False),
        sa.Column("without_json", sa.JSON(), nullable=False),
        sa.Column("sites_json", sa.JSON(), nullable=False),
        sa.Column("problem_json", sa.JSON(), nullable=False),
        sa.Column("roster_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("people_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("another_of", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["another_of"], ["board_repair.id"], name=op.f("fk_board_repair_another_of_board_repair")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_board_repair_asked_by_account")),
        sa.ForeignKeyConstraint(["board_id"], ["roster_board.id"], name=op.f("fk_board_repair_board_id_roster_board")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_board_repair_decided_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_repair")),
    )
    op.create_index(op.f("ix_board_repair_board_id"), "board_repair", ["board_id"])
    op.create_index(op.f("ix_board_repair_status"), "board_repair", ["status"])
    op.create_table(
        "standby_plan",
        sa.Column("days_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_standby_plan_asked_by_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_version.id"], name=op.f("fk_standby_plan_version_id_roster_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standby_plan")),
        sa.UniqueConstraint("version_id", name=op.f("uq_standby_plan_version_id")),
    )
    op.create_index(op.f("ix_standby_plan_status"), "standby_plan", ["status"])


def downgrade() -> None:
    op.drop_table("standby_plan")
    op.drop_table("board_repair")
