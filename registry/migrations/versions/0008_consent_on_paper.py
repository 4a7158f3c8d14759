"""Of a consent that was signed on paper: the day of the signature, and who entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consent_record") as table:
        table.add_column(sa.Column("signed_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("entered_by", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_consent_record_entered_by_account"), "account", ["entered_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("consent_record") as table:
        table.drop_constraint(op.f("fk_consent_record_entered_by_account"), type_="foreignkey")
        table.drop_column("entered_by")
        table.drop_column("signed_on")
