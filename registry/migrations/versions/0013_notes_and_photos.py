"""Notes about children, their photos, concerns."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _photos()
    _notes()
    _edits()
    _concerns()


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _photos() -> None:
    op.create_table(
        "photo",
        _number("id"),
        _number("class_run_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _number("uploaded_by"),
        _text("request_key", 40),
        _text("kind", 20),
        _text("caption", 100),
        _text("file", 40),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        _text("digest", 64),
        _number("width"),
        _number("height"),
        _moment("created_at", nullable=False),
        _number("released_by", nullable=True),
        _moment("released_at"),
        _moment("removed_at"),
        _text("removed_because", 20),
        _fk("photo", "class_run_id", "class_run"),
        _fk("photo", "uploaded_by", "account"),
        _fk("photo", "released_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("file", name=op.f("uq_photo_file")),
        sa.UniqueConstraint("uploaded_by", "request_key", name=op.f("uq_photo_uploaded_by_request_key")),
    )
    op.create_index(op.f("ix_photo_class_run_id_day"), "photo", ["class_run_id", "day"])
    _tie("photo_child", "photo_id", "photo")


def _tie(name: str, column: str, target: str) -> None:
    op.create_table(
        name,
        _number(column),
        _number("child_id"),
        _fk(name, column, target),
        _fk(name, "child_id", "child"),
        sa.PrimaryKeyConstraint(column, "child_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_child_id"), name, ["child_id"])


def _notes() -> None:
    op.create_table(
        "observation",
        _number("id"),
        _number("class_run_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _number("author_id"),
        _text("request_key", 40),
        _number("course_id", nullable=True),
        _text("domain", 20),
        _text("seen", 200),
        _text("understood", 200),
        _text("support", 200),
        _text("phrase", 40, nullable=True),
        _text("status", 20),
        sa.Column("warnings", sa.JSON(), nullable=False),
        _number("photo_id", nullable=True),
        _moment("written_at"),
        _moment("created_at", nullable=False),
        _moment("changed_at", nullable=False),
        _number("reviewed_by", nullable=True),
        _moment("reviewed_at"),
        _text("review_words", 200),
        _fk("observation", "class_run_id", "class_run"),
        _fk("observation", "author_id", "account"),
        _fk("observation", "course_id", "course"),
        _fk("observation", "photo_id", "photo"),
        _fk("observation", "reviewed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("author_id", "request_key", name=op.f("uq_observation_author_id_request_key")),
    )
    op.create_index(op.f("ix_observation_class_run_id_day"), "observation", ["class_run_id", "day"])
    for column in ("author_id", "status", "photo_id"):
        op.create_index(op.f(f"ix_observation_{column}"), "observation", [column])
    _tie("observation_child", "observation_id", "observation")


def _edits() -> None:
    op.create_table(
        "observation_edit",
        _number("id"),
        _number("observation_id"),
        _number("account_id"),
        _moment("at", nullable=False),
        _text("seen", 200),
        _text("understood", 200),
        _text("support", 200),
        _text("domain", 20),
        _fk("observation_edit", "observation_id", "observation"),
        _fk("observation_edit", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_edit")),
    )
    op.create_index(op.f("ix_observation_edit_observation_id"), "observation_edit", ["observation_id"])


def _concerns() -> None:
    op.create_table(
        "safeguarding_concern",
        _number("id"),
        _number("child_id"),
        _number("class_run_id"),
        sa.Column("child_name", sa.LargeBinary(), nullable=False),
        _number("reported_by"),
        _moment("at", nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        _number("handled_by", nullable=True),
        _moment("handled_at"),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        _fk("safeguarding_concern", "child_id", "child"),
        _fk("safeguarding_concern", "class_run_id", "class_run"),
        _fk("safeguarding_concern", "reported_by", "account"),
        _fk("safeguarding_concern", "handled_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_concern")),
    )
    op.create_index(op.f("ix_safeguarding_concern_child_id"), "safeguarding_concern", ["child_id"])


def downgrade() -> None:
    for table in (
        "safeguarding_concern", "observation_edit", "observation_child", "observation", "photo_child", "photo",
    ):  # fmt: skip
        op.drop_table(table)
