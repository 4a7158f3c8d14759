"""Searches for substitutes, and the people whom they ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitute_search",
        sa.Column("places_json", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("class_run_id", sa.Integer(), nullable=False),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["account.id"], name=op.f("fk_substitute_search_begun_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["class_run_id"], ["class_run.id"], name=op.f("fk_substitute_search_class_run_id_class_run")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of_id"], ["volunteer.id"], name=op.f("fk_substitute_search_instead_of_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_search")),
    )
    op.create_index(op.f("ix_substitute_search_week"), "substitute_search", ["week"])
    op.create_index(op.f("ix_substitute_search_status"), "substitute_search", ["status"])
    op.create_table(
        "substitute_ask",
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["substitute_search.id"], name=op.f("fk_substitute_ask_search_id_substitute_search")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_substitute_ask_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_ask")),
        sa.UniqueConstraint("search_id", "volunteer_id", name=op.f("uq_substitute_ask_search_id_volunteer_id")),
    )
    for name in ("search_id", "volunteer_id", "status"):
        op.create_index(op.f(f"ix_substitute_ask_{name}"), "substitute_ask", [name])


def downgrade() -> None:
    op.drop_table("substitute_ask")
    op.drop_table("substitute_search")
