"""Lists of persons insured."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "insurance_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("covered_until", sa.Date(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_insurance_list_{column}_{target}"))
            for column, target in (("term_id", "term"), ("made_by_id", "account"), ("approved_by_id", "account"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_list")),
        sa.UniqueConstraint("term_id", "scope", "number", name=op.f("uq_insurance_list_term_id_scope_number")),
    )
    op.create_index(op.f("ix_insurance_list_term_id"), "insurance_list", ["term_id"])


def downgrade() -> None:
    op.drop_table("insurance_list")
