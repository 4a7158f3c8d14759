"""Handbooks, memory books, feedback to families, batches of books."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _books()
    _edits()
    _feedback()
    _replies()
    _batches()


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _books() -> None:
    op.create_table(
        "book",
        _number("id"),
        _text("key", 40),
        _text("kind", 20),
        _number("class_run_id"),
        _number("child_id", nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("photos", sa.JSON(none_as_null=True), nullable=True),
        _text("status", 20),
        _number("number"),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        _moment("changed_at", nullable=False),
        _moment("released_at"),
        _number("released_by", nullable=True),
        _moment("rebuilt_at"),
        _text("pdf_digest", 64),
        _text("pdf_file", 40),
        sa.Column("pdf_secret", sa.LargeBinary(), nullable=True),
        _number("pdf_size"),
        _fk("book", "class_run_id", "class_run"),
        _fk("book", "child_id", "child"),
        _fk("book", "released_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sa.UniqueConstraint("key", name=op.f("uq_book_key")),
    )
    _index("book", "class_run_id", "child_id")


def _edits() -> None:
    op.create_table(
        "book_edit",
        _number("id"),
        _number("book_id"),
        _number("account_id", nullable=True),
        _moment("at", nullable=False),
        _text("part", 40),
        _text("before", 8000),
        _fk("book_edit", "book_id", "book"),
        _fk("book_edit", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_edit")),
    )
    _index("book_edit", "book_id")


def _feedback() -> None:
    op.create_table(
        "guardian_feedback",
        _number("id"),
        _number("class_run_id"),
        _number("child_id"),
        _number("author_id"),
        _moment("written_at", nullable=False),
        _moment("changed_at", nullable=False),
        _text("strengths", 400),
        _text("interests", 400),
        _text("suggestion", 400),
        _moment("released_at"),
        _number("released_by", nullable=True),
        _fk("guardian_feedback", "class_run_id", "class_run"),
        _fk("guardian_feedback", "child_id", "child"),
        _fk("guardian_feedback", "author_id", "account"),
        _fk("guardian_feedback", "released_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_feedback")),
    )
    _index("guardian_feedback", "class_run_id", "child_id")


def _replies() -> None:
    op.create_table(
        "guardian_reply",
        _number("id"),
        _number("class_run_id"),
        _number("child_id"),
        _number("guardian_id"),
        _moment("at", nullable=False),
        _text("said", 500),
        _fk("guardian_reply", "class_run_id", "class_run"),
        _fk("guardian_reply", "child_id", "child"),
        _fk("guardian_reply", "guardian_id", "guardian"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_reply")),
    )
    _index("guardian_reply", "class_run_id", "child_id")


def _batches() -> None:
    op.create_table(
        "book_batch",
        _number("id"),
        _number("site_id", nullable=True),
        _text("status", 20),
        _number("asked_by", nullable=True),
        _moment("asked_at", nullable=False),
        _moment("started_at"),
        _moment("finished_at"),
        _moment("cancel_asked_at"),
        _fk("book_batch", "site_id", "site"),
        _fk("book_batch", "asked_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_batch")),
    )
    _index("book_batch", "status")
    op.create_table(
        "book_batch_part",
        _number("batch_id"),
        _number("class_run_id"),
        _number("books"),
        _number("made"),
        _number("kept"),
        _moment("finished_at"),
        _text("failure", 200),
        _fk("book_batch_part", "batch_id", "book_batch"),
        _fk("book_batch_part", "class_run_id", "class_run"),
        sa.PrimaryKeyConstraint("batch_id", "class_run_id", name=op.f("pk_book_batch_part")),
    )


def downgrade() -> None:
    for table in ("book_batch_part", "book_batch", "guardian_reply", "guardian_feedback", "book_edit", "book"):
        op.drop_table(table)
