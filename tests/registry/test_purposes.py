"""The table of purposes, compared with the tables of the database."""

from __future__ import annotations

from collections import Counter

from registry import tables
from registry.db import Table
from registry.privacy.purposes import CHILD_RULES, OTHER_TABLES, purposes
from registry.privacy.retention import RULES


def test_every_column_has_its_purpose_once() -> None:
    assert tables.ALL
    told = Counter((one.table, one.column) for one in purposes())
    held = {
        (table.name, column.name)
        for table in Table.metadata.sorted_tables
        if table.name not in OTHER_TABLES
        for column in table.columns
    }
    assert (held - set(told), set(told) - held, [name for name, n in told.items() if n > 1]) == (set(), set(), [])


def test_what_is_kept_until_a_rule_names_one() -> None:
    rules = {rule.code for rule in RULES}
    assert {one.kept for one in purposes()} - rules == {"child", "account", "draws", "concern"}
    assert set(CHILD_RULES) <= rules


def test_sensitive_columns_are_told_as_encrypted() -> None:
    assert sorted(f"{one.table}.{one.column}" for one in purposes() if one.is_encrypted) == [
        "attendance_event.remark", "book.pdf_secret", "child.health_note", "child.paper_number",
        "collection_restriction.name", "collection_restriction.note", "handover_note.text",
        "insurance_list.rows", "photo.secret",
        "safeguarding_concern.child_name",
        "safeguarding_concern.outcome", "safeguarding_concern.words",
    ]  # fmt: skip
