"""Answers of volunteers: coming, absent, used links, notes, offers of courses, swaps, choices, reminders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _answers()
    _absences()
    _notes()
    _offers()
    _swaps()
    _choices()


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _answers() -> None:
    op.create_table(
        "duty_answer",
        _number("volunteer_id"), sa.Column("day", sa.Date(), nullable=False), _text("entries", 12),
        _text("source", 10), _moment("answered_at", nullable=False),
        _fk("duty_answer", "volunteer_id", "volunteer"),
        sa.PrimaryKeyConstraint("volunteer_id", "day", "entries", name=op.f("pk_duty_answer")),
    )  # fmt: skip
    op.create_table(
        "used_link",
        _text("token_hash", 64), _number("volunteer_id"), _moment("used_at", nullable=False),
        _fk("used_link", "volunteer_id", "volunteer"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_link")),
    )  # fmt: skip


def _absences() -> None:
    op.create_table(
        "absence",
        _number("id"), _number("volunteer_id"), sa.Column("day", sa.Date(), nullable=False), _text("part", 10),
        _text("reason", 20), _text("note", 200), _text("source", 10), _number("reported_by_id", nullable=True),
        _moment("reported_at", nullable=False), _moment("withdrawn_at"),
        _fk("absence", "volunteer_id", "volunteer"), _fk("absence", "reported_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )  # fmt: skip
    for column in ("volunteer_id", "day"):
        op.create_index(op.f(f"ix_absence_{column}"), "absence", [column])


def _notes() -> None:
    op.create_table(
        "handover_note",
        _number("id"), _number("class_run_id"), sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False), _number("volunteer_id"),
        _moment("written_at", nullable=False),
        _fk("handover_note", "class_run_id", "class_run"), _fk("handover_note", "volunteer_id", "volunteer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_note")),
    )  # fmt: skip
    op.create_index(op.f("ix_handover_note_class_run_id"), "handover_note", ["class_run_id"])


def _offers() -> None:
    op.create_table(
        "course_offer",
        _number("volunteer_id"), _number("course_id"), _moment("made_at", nullable=False), _text("answer", 5),
        _moment("answered_at"), _number("answered_by_id", nullable=True),
        _fk("course_offer", "volunteer_id", "volunteer"), _fk("course_offer", "course_id", "course"),
        _fk("course_offer", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("volunteer_id", "course_id", name=op.f("pk_course_offer")),
    )  # fmt: skip


def _swaps() -> None:
    op.create_table(
        "duty_swap",
        _number("id"), sa.Column("week", sa.Date(), nullable=False), _number("from_id"), _number("to_id"),
        sa.Column("give_json", sa.JSON(), nullable=False), sa.Column("take_json", sa.JSON(), nullable=False),
        _text("status", 10), _moment("made_at", nullable=False), _moment("expires_at", nullable=False),
        _moment("answered_at"), _number("version", nullable=True),
        _fk("duty_swap", "from_id", "volunteer"), _fk("duty_swap", "to_id", "volunteer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swap")),
    )  # fmt: skip
    for column in ("week", "from_id", "to_id"):
        op.create_index(op.f(f"ix_duty_swap_{column}"), "duty_swap", [column])


def _choices() -> None:
    op.create_table(
        "volunteer_choice",
        _number("volunteer_id"), sa.Column("is_reminded", sa.Boolean(), server_default=sa.true(), nullable=False),
        _text("feed_hash", 64, nullable=True), _moment("feed_made_at"),
        _fk("volunteer_choice", "volunteer_id", "volunteer"),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_volunteer_choice")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_volunteer_choice_feed_hash")),
    )  # fmt: skip
    op.create_table(
        "duty_reminder",
        _number("volunteer_id"), sa.Column("day", sa.Date(), nullable=False), _moment("posted_at", nullable=False),
        _fk("duty_reminder", "volunteer_id", "volunteer"),
        sa.PrimaryKeyConstraint("volunteer_id", "day", name=op.f("pk_duty_reminder")),
    )  # fmt: skip


def downgrade() -> None:
    for table in (
        *("duty_reminder", "volunteer_choice", "duty_swap", "course_offer", "handover_note", "absence", "used_link"),
        "duty_answer",
    ):
        op.drop_table(table)
