"""A stored week's own figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from registry.engine.rosters import read, read_result, read_roster
from registry.rostering.week import week_view
from registry.rostering.week_people import VolunteerRow
from registry.rostering.week_store import DraftLine, StoredWeek

DATA = Path(__file__).parent.parent / "data"
MADE = datetime(2026, 7, 10, tzinfo=UTC)
LINE = DraftLine(1, date(2026, 7, 13), "done", 1, 1, 5.0, "0", MADE, MADE, None)


def stored(*others: dict[str, Any]) -> StoredWeek:
    """The smallest example's week, with further volunteers who are like its first one but for these fields."""
    problem_json = json.loads((DATA / "tiny-week.json").read_text())
    first = problem_json["volunteers"][0]
    problem_json["volunteers"] += [first | {"id": f"x{n}"} | fields for n, fields in enumerate(others)]
    roster_json = json.loads((DATA / "tiny-week.best.json").read_text())
    problem = read(problem_json)
    roster, result = read_roster(roster_json, problem), read_result(roster_json)
    assert result
    return StoredWeek(LINE, problem_json, roster_json, problem, roster, week_view(problem, roster, result, {}))


def test_only_adults_with_time_and_a_check_can_fill_a_place() -> None:
    minor, away, unchecked = {"adult": False}, {"available": []}, {"cleared": False}
    before = stored()
    week = stored({}, minor, away, unchecked)
    assert (week.unused - before.unused, week.spare_adults - before.spare_adults) == (2, 1)
    assert (week.not_cleared - before.not_cleared, len(week.volunteers) - len(before.volunteers)) == (1, 3)


def test_where_somebody_is_told_once_a_site() -> None:
    row = next(row for row in stored().volunteers if row.engaged)
    [item, *_] = [item for day in row.days for item in day]
    elsewhere = replace(item, site="s9", site_name="远处")
    week: VolunteerRow = replace(
        row,
        days=(
            (replace(item, weekday=1), replace(elsewhere, weekday=1)),
            (replace(item, weekday=2), replace(item, weekday=2, role="visit")),
            (replace(elsewhere, weekday=4),),
        ),
    )
    assert week.where == ((item.site_name, (1, 2)), ("远处", (1, 4)))
    assert (week.weekdays_at(item.site), week.weekdays_at("s9"), week.weekdays_at("s0")) == ((1, 2), (1, 4), ())
