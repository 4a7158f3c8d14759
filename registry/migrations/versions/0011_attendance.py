"""Attendance: days of classes, marks, head counts, codes for somebody else to collect, stays of volunteers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _days()
    _events()
    _counts()
    _delegations()
    _stays()


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _days() -> None:
    op.create_table(
        "attendance_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_run_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("closed_at"),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        _moment("reopened_at"),
        sa.Column("reopened_because", sa.String(length=200), nullable=False),
        sa.Column("alerted", sa.Integer(), nullable=False),
        _fk("attendance_day", "class_run_id", "class_run"),
        _fk("attendance_day", "closed_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_day")),
        sa.UniqueConstraint("class_run_id", "day", name=op.f("uq_attendance_day_class_run_id_day")),
    )
    op.create_index(op.f("ix_attendance_day_day"), "attendance_day", ["day"])


def _events() -> None:
    op.create_table(
        "attendance_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        _moment("at", nullable=False),
        _moment("device_at"),
        _moment("recorded_at", nullable=False),
        sa.Column("is_skewed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.Column("collector", sa.String(length=40), nullable=False),
        sa.Column("collector_name", sa.String(length=100), nullable=False),
        sa.Column("collector_relation", sa.String(length=20), nullable=False),
        sa.Column("verified", sa.String(length=20), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        _fk("attendance_event", "day_id", "attendance_day"),
        _fk("attendance_event", "child_id", "child"),
        _fk("attendance_event", "account_id", "account"),
        _fk("attendance_event", "undoes_id", "attendance_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_event")),
        sa.UniqueConstraint("key", name=op.f("uq_attendance_event_key")),
        sa.UniqueConstraint("day_id", "child_id", "number", name=op.f("uq_attendance_event_day_id_child_id_number")),
    )
    op.create_index(op.f("ix_attendance_event_child_id"), "attendance_event", ["child_id"])


def _counts() -> None:
    op.create_table(
        "head_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        _moment("at", nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _fk("head_count", "day_id", "attendance_day"),
        _fk("head_count", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_count")),
        sa.UniqueConstraint("key", name=op.f("uq_head_count_key")),
    )
    op.create_index(op.f("ix_head_count_day_id"), "head_count", ["day_id"])


def _delegations() -> None:
    op.create_table(
        "pickup_delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("used_at"),
        _moment("withdrawn_at"),
        _fk("pickup_delegation", "child_id", "child"),
        _fk("pickup_delegation", "guardian_id", "guardian"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_delegation")),
    )
    for column in ("child_id", "day"):
        op.create_index(op.f(f"ix_pickup_delegation_{column}"), "pickup_delegation", [column])


def _stays() -> None:
    op.create_table(
        "service_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        _moment("came_at", nullable=False),
        _moment("left_at"),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("recorded_at", nullable=False),
        sa.Column("is_void", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _fk("service_stay", "volunteer_id", "volunteer"),
        _fk("service_stay", "site_id", "site"),
        _fk("service_stay", "account_id", "account"),
        _fk("service_stay", "corrects_id", "service_stay"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_stay")),
        sa.UniqueConstraint("key", name=op.f("uq_service_stay_key")),
    )
    for column in ("volunteer_id", "site_id", "day"):
        op.create_index(op.f(f"ix_service_stay_{column}"), "service_stay", [column])


def downgrade() -> None:
    for table in ("service_stay", "pickup_delegation", "head_count", "attendance_event", "attendance_day"):
        op.drop_table(table)
