"""Finding classes, sites and volunteers in a week. Names are looked for as they are shown, masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.conventions.names import mask_name
from registry.rostering.week_people import VolunteerRow
from registry.rostering.week_rows import ClassRow, SiteRow


def find_classes(rows: Iterable[ClassRow], text: str = "", *, only_gaps: bool = False) -> list[ClassRow]:
    """Classes by their own or their site's name or their number; on request only those with gaps."""
    return [
        row
        for row in rows
        if (not only_gaps or row.safety or row.programme) and _has(text, (row.id, row.name, row.site_name))
    ]


def find_sites(rows: Iterable[SiteRow], text: str = "", *, only_gaps: bool = False) -> list[SiteRow]:
    """Sites by name, number or kind of room; on request only those with gaps."""
    return [
        row
        for row in rows
        if (not only_gaps or row.safety or row.programme) and _has(text, (row.id, row.name, *row.rooms))
    ]


def find_volunteers(
    rows: Iterable[VolunteerRow], text: str = "", *, load: str | None = None, role: str | None = None
) -> list[VolunteerRow]:
    """Volunteers by name, number, course or site; of one load and one role.

    A full name finds everybody whose name looks the same once masked: the search confirms no name.
    """
    return [
        row
        for row in rows
        if (load is None or row.load == load)
        and (role is None or role in row.roles)
        and (_has(text, _words(row)) or (len(text.strip()) > 1 and mask_name(text) == row.name))
    ]


def _words(row: VolunteerRow) -> Sequence[str]:
    sites = (item.site_name for day in row.days for item in day)
    return (row.id, row.name, *row.courses, *sites)


def _has(text: str, words: Iterable[str]) -> bool:
    """Whether every word of the text occurs somewhere."""
    where = " ".join(words).lower()
    return all(part in where for part in text.lower().split())
