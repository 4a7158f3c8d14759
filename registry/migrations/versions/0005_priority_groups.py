"""The groups that are served before others, as most districts know them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GROUPS = (
    ("hardship", "困境儿童", "Children in hardship", 0),
    ("left_behind", "留守儿童", "Children whose parents work away", 0),
    ("poor_workers", "困难职工子女", "Children of workers in hardship", 1),
    ("both_working", "双职工家庭", "Both parents work", 1),
    ("front_line", "一线、新就业群体子女", "Children of front-line and gig workers", 1),
    ("migrant", "随迁子女", "Children of migrant workers", 1),
)


def upgrade() -> None:
    group = sa.table(
        "priority_group",
        sa.column("code", sa.String),
        sa.column("name_zh", sa.String),
        sa.column("name_en", sa.String),
        sa.column("tier", sa.Integer),
        sa.column("is_active", sa.Boolean),
    )
    names = ("code", "name_zh", "name_en", "tier")
    op.bulk_insert(group, [{**dict(zip(names, row, strict=True)), "is_active": True} for row in GROUPS])


def downgrade() -> None:
    op.execute("DELETE FROM priority_group")
