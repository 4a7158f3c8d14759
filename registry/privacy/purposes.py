"""What is held about children, their guardians and those who collect them: every column, what for, on what ground,
who sees it, how long (PIPL, articles 6, 13, 17 and 31). A test compares this table with the tables of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.privacy.retention import RULES
from registry.privacy.tables import ConsentItem
from registry.privacy.vault import encrypted_columns

DUTY = "duty"
"""The ground where the law itself asks for it: security of the system, proof of consent, records of access."""


@dataclass(frozen=True, slots=True)
class Use:
    """Columns of a table with one purpose. `ground` is a consent item or `duty`; `kept` a retention rule or a code."""

    table: str
    columns: tuple[str, ...]
    purpose: str
    ground: str
    seen_by: tuple[str, ...]
    kept: str


def _use(table: str, columns: str, purpose: str, ground: str, seen_by: str, kept: str) -> Use:
    return Use(table, tuple(columns.split()), purpose, ground, tuple(seen_by.split()), kept)


DATA, HEALTH, INSURANCE = ConsentItem.DATA.value, ConsentItem.HEALTH.value, ConsentItem.INSURANCE.value
CLASS_PHOTO = ConsentItem.CLASS_PHOTO.value
STAFF, FAMILY = "family lead site office", "family"
CHILD, MONTHS = "child", "sessions"
CLASS = "family lead site"

USES = (
    _use("child", "id created_at changed_at", "order", DATA, STAFF, CHILD),
    _use("child", "name sex", "recognise", DATA, STAFF, CHILD),
    _use("child", "born_on entry_year school", "right_class", DATA, STAFF, CHILD),
    _use("child", "paper_kind paper_number", "insure", INSURANCE, STAFF, "cover_over"),
    _use("child", "health_note", "care", HEALTH, STAFF, "cover_over"),
    _use("guardian", "id account_id created_at", "order", DATA, STAFF, "account"),
    _use("guardian", "name", "reach_family", DATA, STAFF, "account"),
    _use("guardianship", "child_id guardian_id created_at", "order", DATA, STAFF, CHILD),
    _use("guardianship", "relation", "reach_family", DATA, STAFF, CHILD),
    _use("guardian_invitation", "id child_id invited_by_id created_at answered_at tries", "second_guardian", DATA,
         FAMILY, "invitations"),
    _use("guardian_invitation", "phone relation", "second_guardian", DATA, FAMILY, "invitations"),
    _use("authorized_collector", "id child_id", "order", DATA, STAFF, CHILD),
    _use("authorized_collector", "name phone relation", "collect", DATA, STAFF, CHILD),
    _use("collection_restriction", "id child_id", "order", DATA, "family lead", "cover_over"),
    _use("collection_restriction", "name note", "protect", DATA, "family lead", "cover_over"),
    _use("emergency_contact", "id child_id", "order", DATA, STAFF, CHILD),
    _use("emergency_contact", "name phone relation", "emergency", DATA, STAFF, CHILD),
    _use("application", "id round_id child_id guardian_id request_key version created_at submitted_at changed_at",
         "order", DATA, "family site office auditor", CHILD),
    _use("application", "number draw_name status seats weekdays together", "place", DATA,
         "family site office auditor", CHILD),
    _use("application", "group_code group_status group_verified_by group_verified_on", "priority", DATA,
         "family site office auditor", CHILD),
    _use("application", "rejected_because", "answer", DATA, "family site office auditor", CHILD),
    _use("wish", "application_id rank class_run_id", "place", DATA, "family site office auditor", CHILD),
    _use("place", "id application_id class_run_id rank source status offered_at answer_by answered_at", "place", DATA,
         "family lead site office auditor", CHILD),
    _use("waitlist_entry", "id class_run_id application_id rank position state changed_at", "place", DATA,
         "family site office auditor", CHILD),
    _use("application_event", "id application_id at code facts account_id", "history", DATA,
         "family site office auditor", CHILD),
    _use("attendance_event", "id day_id child_id number key account_id source undoes_id", "order", DATA, STAFF,
         "attendance"),
    _use("attendance_event", "kind at device_at recorded_at is_skewed", "attendance", DATA, STAFF, "attendance"),
    _use("attendance_event", "remark", "care", DATA, STAFF, "attendance"),
    _use("attendance_event", "collector collector_name collector_relation verified", "collect", DATA, STAFF,
         "attendance"),
    _use("handover_note", "id class_run_id day volunteer_id written_at", "order", DATA, STAFF, "handover_notes"),
    _use("handover_note", "text", "care", DATA, STAFF, "handover_notes"),
    _use("pickup_delegation", "id child_id guardian_id created_at", "order", DATA, STAFF, "attendance"),
    _use("pickup_delegation", "day name relation code_hash tries used_at withdrawn_at", "collect", DATA, STAFF,
         "attendance"),
    _use("insurance_list", "id term_id scope number covered_until persons added removed digest note made_at made_by_id "
         "approved_at approved_by_id", "order", INSURANCE, "office", "insurance_lists"),
    _use("insurance_list", "rows", "insure", INSURANCE, "office", "insurance_lists"),
    _use("certificate", "id volunteer_id child_id term_id class_run_id year number issued_on issued_at issued_by_id "
         "voided_at voided_by_id replaced_by_id", "order", DATA, "family lead site office", CHILD),
    _use("certificate", "kind code holder facts void_reason", "certify", DATA, "family lead site office", CHILD),
    _use("observation", "id class_run_id author_id request_key photo_id created_at changed_at reviewed_by reviewed_at",
         "order", DATA, "family lead site", CHILD),
    _use("observation", "day course_id domain seen understood support phrase status warnings written_at review_words",
         "growth", DATA, "family lead site", CHILD),
    _use("observation_child", "observation_id child_id", "order", DATA, "family lead site", CHILD),
    _use("observation_edit", "id observation_id account_id at", "order", DATA, "lead site", CHILD),
    _use("observation_edit", "seen understood support domain", "growth", DATA, "lead site", CHILD),
    _use("photo", "id class_run_id uploaded_by request_key file digest width height created_at released_by "
         "released_at removed_at removed_because", "order", CLASS_PHOTO, "family lead site", "photos"),
    _use("photo", "day kind caption secret", "keepsake", CLASS_PHOTO, "family lead site", "photos"),
    _use("photo_child", "photo_id child_id", "order", CLASS_PHOTO, "family lead site", "photos"),
    _use("safeguarding_concern", "id child_id class_run_id reported_by at handled_by handled_at", "order", DUTY,
         "office", "concern"),
    _use("safeguarding_concern", "child_name words outcome", "safeguard", DUTY, "office", "concern"),
    _use("book", "id key kind class_run_id child_id changed_at", "order", DATA, CLASS, CHILD),
    _use("book", "texts notes photos status number content released_at released_by rebuilt_at pdf_digest pdf_file "
         "pdf_secret pdf_size", "keepsake", DATA, CLASS, CHILD),
    _use("book_edit", "id book_id account_id at part before", "history", DATA, "lead site", CHILD),
    _use("guardian_feedback", "id class_run_id child_id author_id written_at changed_at released_at released_by",
         "order", DATA, CLASS, CHILD),
    _use("guardian_feedback", "strengths interests suggestion", "keepsake", DATA, CLASS, CHILD),
    _use("guardian_reply", "id class_run_id child_id guardian_id at", "order", DATA, CLASS, CHILD),
    _use("guardian_reply", "said", "keepsake", DATA, CLASS, CHILD),
    _use("draw", "id round_id status seed seed_source problem_json result_json certificate_json reasons_json "
         "progress_json failure_json created_at finished_at stop_asked_at published_at published_by_id", "fair_draw",
         DATA, "everybody", "draws"),
    _use("public_notice", "id round_id rows published_at withdrawn_at", "notice", DATA, "everybody", "draws"),
    _use("consent_record", "id child_id guardian_id item text_id text_digest is_given at signed_on entered_by",
         "proof", DUTY,
         "family office", "consent_proof"),
    _use("data_request", "id guardian_id child_id kind text status answer created_at decided_at decided_by_id",
         "rights", DUTY, "family office", "account"),
    _use("access_log", "id at account_id action subject subject_id field reason is_refused address", "watch", DUTY,
         "family office auditor", "access_log"),
    _use("bulk_export", "id kind filters reason asked_by_id asked_at approved_by_id approved_at taken_at", "watch",
         DUTY, "office auditor", "account"),
    _use("account", "id volunteer_id is_active created_at language", "order", DATA, "family office auditor",
         "account"),
    _use("account", "phone name password_hash", "sign_in", DATA, "family office auditor", "account"),
    _use("sign_in_code", "id phone code_hash tries sent_at expires_at used_at", "sign_in", DUTY, "nobody",
         "sign_in_codes"),
    _use("sign_in_attempt", "id kind key succeeded at", "sign_in", DUTY, "nobody", "sign_in_attempts"),
    _use("login_session", "id account_id token_hash device address created_at seen_at expires_at revoked_at",
         "sign_in", DUTY, FAMILY, MONTHS),
    _use("outbox_message", "id phone code facts language created_at sent_at due_at tries failure", "tell", DATA,
         "nobody", "messages"),
)  # fmt: skip
"""In the order in which families read it."""

OTHER_TABLES = frozenset({
    "setting", "day_segment", "day_slot", "day_off", "season", "partner", "site", "room", "term", "course",
    "class_run", "volunteer", "volunteer_availability", "dated_availability", "teachable_course", "preferred_site",
    "clearance_check", "training_record", "ban", "roster_draft", "role_grant", "api_token", "priority_group",
    "enrolment_round", "round_class", "class_day", "consent_text", "retention_run", "roster_version",
    "rostered_duty", "rostered_lesson", "roster_board", "board_edit", "board_trial", "board_notice", "week_template",
    "attendance_day", "head_count", "service_stay", "task", "board_repair", "standby_plan", "substitute_search",
    "substitute_ask", "duty_answer", "absence", "used_link", "course_offer", "duty_swap", "volunteer_choice",
    "duty_reminder", "book_batch", "book_batch_part",
})  # fmt: skip
"""Tables that say nothing about a child, its guardians or collectors. Volunteers are told on their own sign-up."""

CHILD_RULES = ("not_placed", "attended", "never_applied")
"""The rules that delete a child with all that belongs to it (`kept` is `child`)."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One column, as it is told."""

    table: str
    column: str
    purpose: str
    ground: str
    seen_by: tuple[str, ...]
    kept: str
    days: int | None
    is_encrypted: bool


def purposes() -> Iterator[Purpose]:
    """Every column of the table above. `days` comes from the retention rule, where there is one of that name."""
    secret = {str(column) for column in encrypted_columns()}
    days = {rule.code: rule.days for rule in RULES}
    for use in USES:
        for column in use.columns:
            yield Purpose(
                use.table, column, use.purpose, use.ground, use.seen_by, use.kept, days.get(use.kept),
                f"{use.table}.{column}" in secret,
            )  # fmt: skip
