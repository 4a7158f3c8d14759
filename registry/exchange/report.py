"""What an import found: counts per sheet, and every problem with its place, as codes and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]
Outcome = Literal["new", "changed", "unchanged", "skipped"]

CODES: Mapping[str, Severity] = {
    # A cell that cannot be read: an error where the row cannot be stored without it, else a warning.
    "value_missing": "error",
    "date_unreadable": "error",
    "month_unreadable": "error",
    "month_ambiguous": "error",
    "number_unreadable": "error",
    "number_out_of_range": "error",
    "number_as_text": "error",
    "text_too_long": "error",
    "word_unknown": "error",
    "grades_unreadable": "error",
    "rooms_unreadable": "warning",
    "mark_unreadable": "warning",
    "phone_invalid": "warning",
    # A row that names something that is not there, or contradicts itself or another row.
    "duplicate_row": "warning",
    "site_unknown": "error",
    "term_unknown": "error",
    "course_unknown": "warning",
    "subdistrict_unknown": "warning",
    "room_kind_unknown": "warning",
    "fallback_unknown": "warning",
    "fallback_missing": "warning",
    "subject_teaching": "warning",
    "dates_reversed": "error",
    "coordinates_far_off": "warning",
    "below_minimum": "warning",
    "over_capacity": "warning",
    "phone_missing": "warning",
    "phone_shared": "warning",
    "preferred_over_max": "warning",
    "preferred_over_available": "note",
    "availability_missing": "warning",
    "courses_missing": "warning",
    "role_missing_for_courses": "warning",
    "preferred_site_too_far": "note",
    "preferred_site_banned": "warning",
    "out_of_reach": "warning",
    # Who may be with children.
    "clearance_missing": "warning",
    "clearance_expired": "warning",
    "clearance_too_late": "warning",
    "minor": "note",
    "minor_lead_removed": "warning",
    "minor_lead_until_adult": "warning",
    "too_young": "error",
    # Read in a way that a person should know of.
    "digits_full_width": "note",
    "name_spaces_removed": "note",
    "ban_interpreted": "note",
    "ban_place_unknown": "warning",
    "column_ignored": "note",
    "sheet_empty": "warning",
}
"""Every code a report may hold, with its usual severity."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One thing to know about one cell. `row` is Excel's row number, `column` the header as it stands there.

    `value` is the cell as a person sees it; an empty `column` means the row as a whole.
    """

    sheet: str
    row: int
    column: str
    value: str
    severity: Severity
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetCount:
    """What became of the rows of a sheet: `read` is the sum of the other four."""

    sheet: str
    read: int
    new: int
    changed: int
    unchanged: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole of an import, in the order of sheets and rows. With `dry_run` nothing was stored."""

    dry_run: bool
    counts: tuple[SheetCount, ...]
    problems: tuple[ImportProblem, ...]

    def by_code(self) -> dict[str, int]:
        """How many problems there are of each code, most frequent first, ties by name."""
        found = Counter(p.code for p in self.problems)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def by_severity(self) -> dict[str, int]:
        """How many errors, warnings and notes there are."""
        found = Counter(p.severity for p in self.problems)
        return {severity: found[severity] for severity in ("error", "warning", "note")}

    def as_dict(self) -> dict[str, object]:
        """Plain data, ready for JSON."""
        return asdict(self)


class Log:
    """Collects problems and outcomes while a workbook is read."""

    def __init__(self) -> None:
        self.problems: list[ImportProblem] = []
        self._outcomes: dict[str, Counter[Outcome]] = {}

    def count(self, sheet: str, outcome: Outcome) -> None:
        """One more row of the sheet came out like this."""
        self._outcomes.setdefault(sheet, Counter())[outcome] += 1

    def report(self, sheets: list[str], *, dry_run: bool) -> ImportReport:
        """Everything so far, sheets in the given order."""
        place = {name: index for index, name in enumerate(sheets)}
        problems = sorted(self.problems, key=lambda p: (place[p.sheet], p.row))
        counts = tuple(self._count(name) for name in sheets)
        return ImportReport(dry_run=dry_run, counts=counts, problems=tuple(problems))

    def _count(self, sheet: str) -> SheetCount:
        found = self._outcomes.get(sheet, Counter())
        return SheetCount(sheet, found.total(), found["new"], found["changed"], found["unchanged"], found["skipped"])
