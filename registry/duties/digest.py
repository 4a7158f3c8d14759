"""What changed in somebody's week, for one short message: hours that touch are one line, and only a few are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from registry.duties.difference import PersonChange, Told

MOST_LINES = 4
"""So many changes a message names; a telephone shows no more at a glance."""

Line = dict[str, Any]


def digest(person: PersonChange) -> tuple[list[Line], int]:
    """The first few changes as facts of a message, in the order of time, and how many more there are.

    A line has `is_new`, `day`, `starts` and `ends` (HH:MM), `site`, `class`, and `what`: pairs of `duty` and a role or
    of `lesson` and a course.
    """
    lines = sorted(
        (*_merged(person.gone, is_new=False), *_merged(person.new, is_new=True)),
        key=lambda line: (line["day"], line["starts"], line["is_new"]),
    )
    return lines[:MOST_LINES], max(0, len(lines) - MOST_LINES)


def _merged(entries: Iterable[Told], *, is_new: bool) -> list[Line]:
    """Entries at one class whose hours touch, as one line: three parts of a day, the lessons within."""
    found: list[Line] = []
    for told in sorted(entries, key=lambda t: (t.day, t.run, t.starts, t.ends)):
        day, last, what = told.day.isoformat(), found[-1] if found else None, [told.kind, told.what]
        if last and (last["day"], last["run"]) == (day, told.run) and told.starts <= last["ends"]:
            last["ends"] = max(last["ends"], told.ends)
            last["what"] += [what] if what not in last["what"] else []
            continue
        found.append({
            "is_new": is_new, "day": day, "starts": told.starts, "ends": told.ends, "site": told.site,
            "class": told.class_run, "run": told.run, "what": [what],
        })  # fmt: skip
    return found
