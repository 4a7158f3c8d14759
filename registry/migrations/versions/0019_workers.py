"""On PostgreSQL, the tables by which workers are woken."""

from alembic import op

from registry.tasks import wake

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        wake.install(op.get_bind())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        wake.remove(op.get_bind())
