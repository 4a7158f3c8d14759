"""What the weeks by chance hold of the things that rules trip over, counted."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from chance import Case, case
from test_twins import SEEDS
from twins import entries

from scheduler import Duty, Problem, Roster, check
from scheduler.files.rosters import WAIVABLE
from scheduler.roster.problem import Segment


def counts() -> dict[str, int]:
    """Of how many weeks, and of how many of their four rosters each, something is true."""
    found: Counter[str] = Counter()
    for some in map(case, SEEDS):
        found.update(_of_week(some.week))
        for roster in some.rosters:
            found.update(_of_roster(some, roster))
    return {name: found[name] for name in NAMES}


WAIVERS = tuple(f"weeks with a pin that waives {rule}" for rule in sorted(WAIVABLE))
NAMES = (
    "weeks with segments that overlap",
    "rosters in which a volunteer is engaged in two of them",
    "weeks with a minor",
    "rosters in which a minor has an entry",
    "weeks with somebody who has time in a part of the week only",
    "rosters with an entry of such a person in a segment without time",
    "rosters with an entry of such a person in a segment with time",
    "weeks with a class that comes for a part of the week only",
    "weeks with a pin",
    *WAIVERS,
    "rosters with a breach that a pin overrides",
    "rosters that break no rule",
)


def _of_week(week: Problem) -> set[str]:
    pins = [*week.pins.duties, *week.pins.lessons]
    waived = {rule for _, waives in pins for rule in waives}
    facts = {
        NAMES[0]: bool(week.overlapping_segments),
        NAMES[2]: any(not v.adult for v in week.volunteers),
        NAMES[4]: any(_comes_now_and_then(week, v.id) for v in week.volunteers),
        NAMES[7]: any(0 < len(c.segments) < len(week.segments) for c in week.classes),
        "weeks with a pin": bool(pins),
        **{name: rule in waived for name, rule in zip(WAIVERS, sorted(WAIVABLE), strict=True)},
    }
    return {name for name, is_true in facts.items() if is_true}


def _of_roster(some: Case, roster: Roster) -> set[str]:
    week = some.week
    held = [(who(e), segment_of(week, e)) for e in entries(roster)]
    partly = [(v, s) for v, s in held if _comes_now_and_then(week, v)]
    report = check(week, roster)
    facts = {
        NAMES[1]: any(v == w and _overlap(a, b) for (v, a), (w, b) in combinations(held, 2)),
        NAMES[3]: any(not week.volunteer[v].adult for v, _ in held),
        NAMES[5]: any(s.id not in week.volunteer[v].available for v, s in partly),
        NAMES[6]: any(s.id in week.volunteer[v].available for v, s in partly),
        "rosters with a breach that a pin overrides": bool(report.overridden),
        "rosters that break no rule": not report.violations,
    }
    return {name for name, is_true in facts.items() if is_true}


def _comes_now_and_then(week: Problem, v: str) -> bool:
    return 0 < len(week.volunteer[v].available) < len(week.segments)


def who(entry: object) -> str:
    """The volunteer of an entry."""
    return str(entry.volunteer if isinstance(entry, Duty) else entry.instructor)  # type: ignore[attr-defined]


def segment_of(week: Problem, entry: object) -> Segment:
    """The segment of an entry."""
    return week.segment[entry.segment if isinstance(entry, Duty) else week.slot[entry.slot].segment]  # type: ignore[attr-defined]


def _overlap(a: Segment, b: Segment) -> bool:
    return a.id != b.id and a.weekday == b.weekday and a.start < b.end and b.start < a.end
