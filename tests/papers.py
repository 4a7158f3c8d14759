"""A small week with the names that paper must carry, as it is stored; and pages read back as text.

Monday 2026-07-13: in c1 (20 children, two adults needed) v1 leads all morning and at midday, with v2, then with v4, a
minor, who does not count. v5 comes for one lesson. Nobody comes in the afternoon. Tuesday morning v2 is alone.
c2 has v3 on Monday morning.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from factories import class_run, course, duty, facts, lesson, room, roster, site, volunteer
from pypdf import PdfReader

from api.prints.press import Paper
from api.prints.sheets import Edition
from api.speak.language import Language
from registry.rostering.week import week_view
from registry.rostering.week_store import DraftLine, StoredWeek, class_names
from scheduler import Cost, Problem, Result, Roster, cost, read_problem, write_roster

NAMES = {
    "v1": "李𬱖",
    "v2": "徐㼆",
    "v3": "#let x = 1 *a* $y$",
    "v4": "阿卜杜热西提·买买提",
    "v5": "司马𠀀",
}
"""𠀀 is in no font here; everything else must come out as it is."""

FINISHED = datetime(2026, 7, 10, 8, 5, tzinfo=UTC)
PRINTED = datetime(2026, 7, 10, 16, 30, tzinfo=UTC)
"""In Shanghai half past midnight of the next day."""


def week_facts(**changes: Any) -> dict[str, Any]:
    """The problem file."""
    return facts(
        sites=[
            {**site("s1", 0, 0, room("r1", "舞蹈室")), "name": "东街少年宫"},
            {**site("s2", 3, 4), "name": "西镇少年宫"},
            {**site("s3", 9, 9), "name": "没有班的点"},
        ],
        classes=[
            class_run("c1", "s1", name="1-2年级班", children=20),
            class_run("c2", "s2", name="启航班", children=10, grades=[3, 4], segments=["1-am"], slots=["1-am-1"]),
        ],
        courses=[course("k1", name="中国舞", room_kind="舞蹈室"), course("k2", "physical", name="跳绳")],
        volunteers=[volunteer(v, name=name, adult=v != "v4") for v, name in NAMES.items()],
        **changes,
    )


ENTRIES: Roster = roster(
    duty("v1", "c1", "1-am", "lead"),
    duty("v2", "c1", "1-am"),
    duty("v1", "c1", "1-noon", "lead"),
    duty("v4", "c1", "1-noon"),
    duty("v2", "c1", "2-am", "lead"),
    duty("v3", "c2", "1-am", "lead"),
    lesson("v1", "c1", "1-am-1", "k1", "r1"),
    lesson("v5", "c1", "1-am-2", "k2"),
)


def stored(entries: Roster = ENTRIES, problem_json: dict[str, Any] | None = None) -> StoredWeek:
    """The week as the store hands it out, with full names."""
    problem_json = problem_json or week_facts()
    problem: Problem = read_problem(problem_json)
    result = Result("feasible", cost(problem, entries), Cost(0, 0, 0), 1.0, 1, 1, {})
    names = class_names(problem_json)
    line = DraftLine(7, date(2026, 7, 13), "done", 1, 2, 20.0, "0.1.0", FINISHED, FINISHED, None)
    view = week_view(problem, entries, result, names)
    return StoredWeek(line, problem_json, write_roster(entries, result), problem, entries, view)


def edition(paper: Paper = "a4", language: Language = "zh") -> Edition:
    """How it is printed."""
    return Edition(paper, language, PRINTED)


def pages(pdf: bytes) -> list[str]:
    """The text of every page, without spaces and line ends, which belong to the layout."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """A text as `pages` gives it."""
    return re.sub(r"\s+", "", text)
