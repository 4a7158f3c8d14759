"""Which entries go or come by a repair."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def changed_rows(problem: Json, roster: Json) -> list[Json]:
    """The entries in which a roster differs from the one that the problem says was in force, as they stand in a roster
    file."""
    found: list[Json] = []
    for kind in ("duties", "lessons"):
        before, after = (
            {tuple(sorted((name, str(value)) for name, value in row.items())): row for row in file[kind]}
            for file in (problem["published"], roster)
        )
        found += [row for key, row in (before | after).items() if (key in before) != (key in after)]
    return found
