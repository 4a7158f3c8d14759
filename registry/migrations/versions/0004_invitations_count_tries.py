"""Wrong answers to an invitation are counted; a new database knows the holidays and the texts of consent."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from registry.conventions.holidays import announced
from registry.privacy.default_texts import FIRST, digest_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guardian_invitation", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    days = sa.table("day_off", sa.column("day", sa.Date), sa.column("is_worked", sa.Boolean), sa.column("name"))
    known = set(op.get_bind().execute(sa.select(days.c.day)).scalars())
    op.bulk_insert(days, [{"day": d, "is_worked": w, "name": n} for d, w, n in announced() if d not in known])
    names = ("item", "version", "zh", "en", "digest", "is_required")
    texts = sa.table("consent_text", *map(sa.column, names), sa.column("valid_from", sa.Date))
    known = set(op.get_bind().execute(sa.select(texts.c.item)).scalars())
    op.bulk_insert(
        texts,
        [
            {
                "item": text.item, "version": 1, "zh": text.zh, "en": text.en, "digest": digest_of(text.zh, text.en),
                "is_required": text.is_required, "valid_from": date(2026, 1, 1),
            }
            for text in FIRST
            if text.item not in known
        ],
    )


def downgrade() -> None:
    op.drop_column("guardian_invitation", "tries")
