"""Published rosters: versions of a week, and the duties and lessons of the version in force."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("problem_json", sa.JSON(), nullable=False),
        sa.Column("roster_json", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("software", sa.String(length=50), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_roster_version_published_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_version")),
        sa.UniqueConstraint("week", "number", name=op.f("uq_roster_version_week_number")),
    )
    op.create_index(op.f("ix_roster_version_week"), "roster_version", ["week"])
    op.create_table(
        "rostered_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("class_run_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_version.id"], name=op.f("fk_rostered_duty_version_id_roster_version")
        ),
        sa.ForeignKeyConstraint(
            ["class_run_id"], ["class_run.id"], name=op.f("fk_rostered_duty_class_run_id_class_run")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_rostered_duty_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rostered_duty")),
        sa.UniqueConstraint(
            "volunteer_id", "class_run_id", "day", "part",
            name=op.f("uq_rostered_duty_volunteer_id_class_run_id_day_part"),
        ),
    )  # fmt: skip
    op.create_table(
        "rostered_lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("class_run_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_version.id"], name=op.f("fk_rostered_lesson_version_id_roster_version")
        ),
        sa.ForeignKeyConstraint(
            ["class_run_id"], ["class_run.id"], name=op.f("fk_rostered_lesson_class_run_id_class_run")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_rostered_lesson_volunteer_id_volunteer")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rostered_lesson_course_id_course")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_rostered_lesson_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rostered_lesson")),
        sa.UniqueConstraint(
            "class_run_id", "day", "slot", name=op.f("uq_rostered_lesson_class_run_id_day_slot")
        ),
    )  # fmt: skip
    for table in ("rostered_duty", "rostered_lesson"):
        for column in ("version_id", "day", "class_run_id", "volunteer_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("rostered_lesson", "rostered_duty", "roster_version"):
        op.drop_table(table)
