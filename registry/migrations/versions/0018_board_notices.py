"""Changed data underneath a board that somebody saw and let be."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_notice",
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["board_id"], ["roster_board.id"], name=op.f("fk_board_notice_board_id_roster_board")
        ),
        sa.ForeignKeyConstraint(["kept_by"], ["account.id"], name=op.f("fk_board_notice_kept_by_account")),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_board_notice")),
    )


def downgrade() -> None:
    op.drop_table("board_notice")
