"""The register of certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("class_run_id", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_certificate_{column}_{target}"))
            for column, target in (
                ("volunteer_id", "volunteer"), ("child_id", "child"), ("term_id", "term"),
                ("class_run_id", "class_run"), ("issued_by_id", "account"), ("voided_by_id", "account"),
                ("replaced_by_id", "certificate"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_certificate_year_number")),
        sa.CheckConstraint("(volunteer_id IS NULL) <> (child_id IS NULL)", name=op.f("ck_certificate_one_holder")),
    )
    for column in ("volunteer_id", "child_id", "term_id", "class_run_id"):
        op.create_index(op.f(f"ix_certificate_{column}"), "certificate", [column])


def downgrade() -> None:
    op.drop_table("certificate")
