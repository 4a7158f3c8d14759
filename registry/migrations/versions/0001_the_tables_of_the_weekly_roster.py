"""The tables of the weekly roster."""

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("domain", sa.String(length=20), nullable=False),
        sa.Column("grade_low", sa.Integer(), nullable=False),
        sa.Column("grade_high", sa.Integer(), nullable=False),
        sa.Column("room_kind", sa.String(length=50), nullable=True),
        sa.Column("outdoor", sa.Boolean(), nullable=False),
        sa.Column("indoor_fallback", sa.String(length=100), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("name", name=op.f("uq_course_name")),
    )
    op.create_table(
        "day_segment",
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_day_segment")),
    )
    op.create_table(
        "roster_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("version", sa.String(length=50), nullable=False),
        sa.Column("problem_json", sa.JSON(), nullable=False),
        sa.Column("roster_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("result_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_draft")),
    )
    with op.batch_alter_table("roster_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_draft_week"), ["week"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=50), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("subdistrict", sa.String(length=50), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("coordinator_name", sa.String(length=100), nullable=False),
        sa.Column("coordinator_phone", sa.String(length=20), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name", name=op.f("uq_site_name")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_subdistrict"), ["subdistrict"], unique=False)

    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_term_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("year", "name", name=op.f("uq_term_year_name")),
    )
    op.create_table(
        "volunteer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("is_assistant", sa.Boolean(), nullable=False),
        sa.Column("is_instructor", sa.Boolean(), nullable=False),
        sa.Column("max_segments", sa.Integer(), nullable=False),
        sa.Column("preferred_segments", sa.Integer(), nullable=False),
        sa.Column("home_subdistrict", sa.String(length=50), nullable=False),
        sa.Column("reach_km", sa.Float(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "preferred_segments <= max_segments", name=op.f("ck_volunteer_preferred_within_max")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("name", "phone", name=op.f("uq_volunteer_name_phone")),
    )
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_name"), ["name"], unique=False)

    op.create_table(
        "class_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("grade_low", sa.Integer(), nullable=False),
        sa.Column("grade_high", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("min_to_open", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_class_run_site_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_class_run_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_run")),
        sa.UniqueConstraint("site_id", "term_id", "name", name=op.f("uq_class_run_site_id_term_id_name")),
    )
    with op.batch_alter_table("class_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_run_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_run_term_id"), ["term_id"], unique=False)

    op.create_table(
        "clearance_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_clearance_check_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance_check")),
        sa.UniqueConstraint(
            "volunteer_id",
            "checked_on",
            "source",
            name=op.f("uq_clearance_check_volunteer_id_checked_on_source"),
        ),
    )
    with op.batch_alter_table("clearance_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearance_check_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "day_slot",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["part"], ["day_segment.part"], name=op.f("fk_day_slot_part")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_day_slot")),
    )
    op.create_table(
        "preferred_site",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_preferred_site_site_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_preferred_site_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "site_id", name=op.f("pk_preferred_site")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("site_id", "kind", "number", name=op.f("uq_room_site_id_kind_number")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_site_id"), ["site_id"], unique=False)

    op.create_table(
        "teachable_course",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_teachable_course_course_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_teachable_course_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "course_id", name=op.f("pk_teachable_course")),
    )
    op.create_table(
        "volunteer_availability",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_volunteer_availability_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "weekday", "part", name=op.f("pk_volunteer_availability")),
    )
    op.create_table(
        "ban",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("class_run_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(site_id IS NULL) <> (class_run_id IS NULL)", name=op.f("ck_ban_one_target")),
        sa.ForeignKeyConstraint(["class_run_id"], ["class_run.id"], name=op.f("fk_ban_class_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ban_site_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_ban_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
    )
    with op.batch_alter_table("ban", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ban_volunteer_id"), ["volunteer_id"], unique=False)
    _store_the_typical_day()


def _store_the_typical_day() -> None:
    """The day that the programme ships with (DOMAIN.md, A typical day); a district edits the rows."""
    hours = [sa.column("starts_at", sa.Time()), sa.column("ends_at", sa.Time())]
    segment = sa.table("day_segment", sa.column("part", sa.String()), *hours)
    hours = [sa.column("starts_at", sa.Time()), sa.column("ends_at", sa.Time())]
    slot = sa.table("day_slot", sa.column("part", sa.String()), sa.column("number", sa.Integer()), *hours)
    op.bulk_insert(
        segment,
        [
            {"part": "am", "starts_at": time(8, 30), "ends_at": time(12, 0)},
            {"part": "noon", "starts_at": time(12, 0), "ends_at": time(14, 30)},
            {"part": "pm", "starts_at": time(14, 30), "ends_at": time(17, 30)},
        ],
    )
    op.bulk_insert(
        slot,
        [
            {"part": "am", "number": 1, "starts_at": time(10, 50), "ends_at": time(11, 40)},
            {"part": "pm", "number": 2, "starts_at": time(14, 30), "ends_at": time(15, 20)},
            {"part": "pm", "number": 3, "starts_at": time(15, 45), "ends_at": time(16, 35)},
            {"part": "pm", "number": 4, "starts_at": time(16, 40), "ends_at": time(17, 10)},
        ],
    )


def downgrade() -> None:
    with op.batch_alter_table("ban", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ban_volunteer_id"))

    op.drop_table("ban")
    op.drop_table("volunteer_availability")
    op.drop_table("teachable_course")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_site_id"))

    op.drop_table("room")
    op.drop_table("preferred_site")
    op.drop_table("day_slot")
    with op.batch_alter_table("clearance_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearance_check_volunteer_id"))

    op.drop_table("clearance_check")
    with op.batch_alter_table("class_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_run_term_id"))
        batch_op.drop_index(batch_op.f("ix_class_run_site_id"))

    op.drop_table("class_run")
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_name"))

    op.drop_table("volunteer")
    op.drop_table("term")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_subdistrict"))

    op.drop_table("site")
    op.drop_table("setting")
    with op.batch_alter_table("roster_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_draft_week"))

    op.drop_table("roster_draft")
    op.drop_table("day_segment")
    op.drop_table("course")
