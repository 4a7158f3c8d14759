"""The grid of a site, arranged by class, volunteer, course or room: groups of rows, a column a weekday."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from registry.board.grid import Cell, Marks, Piece, cell_of, marks_of, piece_of
from registry.board.places import VIEWS, courses_at, people_at
from registry.engine.boards import Entry, Lesson, Position, Problem, read_entry
from registry.errors import NotFound, Refused

Hours = tuple[int, int]
Told = Mapping[tuple[str, str], bool]
"""What volunteers said for dates: by volunteer and segment, whether they can come."""
_NOTHING: Told = {}


@dataclass(frozen=True, slots=True)
class Box:
    """What a row has in one part of a day. `cell` is there where the row is a class's; `is_away` says that the
    volunteer of the row has no time then, `said` what they told for this very date: whether they can come."""

    zone: str
    segment: str
    pieces: tuple[Piece, ...]
    cell: Cell | None = None
    is_away: bool = False
    said: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the day, from and to in minutes, and its box on each weekday; None where there is nothing then."""

    start: int
    end: int
    boxes: tuple[Box | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A class, volunteer, course or room with its rows. `number` is what is told beside its name: how many children,
    how many segments of the week, how many lessons, how many seats; `most` what that may be, 0 if there is no limit."""

    id: str
    name: str
    number: int
    most: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The grid of a site."""

    site: str
    by: str
    weekdays: tuple[int, ...]
    groups: tuple[Group, ...]


def sheet_of(
    position: Position, site: str, by: str, names: Mapping[str, str], day: int = 0, told: Told = _NOTHING
) -> Sheet:
    """The grid of a site; of one weekday only where `day` is not 0. `names` are the district's words for the classes,
    `told` is what volunteers said for dates of the week.

    Raises:
        NotFound: `site_unknown`, `view_unknown`.
    """
    if site not in position.problem.site:
        raise NotFound("site_unknown", id=site, week=position.problem.week)
    if by not in VIEWS:
        raise NotFound("view_unknown", view=by[:20])
    days = tuple(d for d in position.problem.weekdays if day in (0, d))
    if by == "volunteer":
        return Sheet(site, by, days, tuple(_by_volunteer(position, site, days, told)))
    make = {"class": _by_class, "course": _by_course, "room": _by_room}[by]
    return Sheet(site, by, days, tuple(make(position, site, days, names)))


def _rows(position: Position, days: tuple[int, ...], box: Callable[[str], Box | None]) -> tuple[Row, ...]:
    """A row for each part of the day that has a box; parts of different weekdays are one if their hours are."""
    segments = {(s.weekday, s.start, s.end): s.id for s in position.problem.segments}
    hours: Iterable[Hours] = sorted({(start, end) for _, start, end in segments})
    rows = []
    for start, end in hours:
        ids = [segments.get((day, start, end)) for day in days]
        boxes = tuple(None if s is None else box(s) for s in ids)
        if any(boxes):
            rows.append(Row(start, end, boxes))
    return tuple(rows)


def _by_class(position: Position, site: str, days: tuple[int, ...], names: Mapping[str, str]) -> Iterable[Group]:
    marks = marks_of(position)
    for run in position.problem.classes:
        if run.site == site:

            def box(s: str, c: str = run.id, segments: tuple[str, ...] = run.segments) -> Box | None:
                if s not in segments:
                    return None
                cell = cell_of(position, c, s, marks)
                return Box(f"cell|{c}|{s}", s, (*cell.people, *cell.lessons), cell)

            yield Group(run.id, names.get(run.id, run.id), run.children, 0, _rows(position, days, box))


def _by_volunteer(position: Position, site: str, days: tuple[int, ...], told: Told) -> Iterable[Group]:
    marks, problem = marks_of(position), position.problem
    for v in people_at(position, site):
        entries = [*position.roster.duties_of.get(v, ()), *position.roster.lessons_of.get(v, ())]
        inside = _by_segment(position, entries, marks)

        def box(s: str, v: str = v, inside: Mapping[str, list[Piece]] = inside) -> Box | None:
            is_away = s not in problem.volunteer[v].available
            return Box(f"row|{v}|{s}", s, tuple(inside.get(s, ())), is_away=is_away, said=told.get((v, s)))

        most = problem.volunteer[v].max_segments
        yield Group(v, problem.volunteer[v].name, len(inside), most, _rows(position, days, box))


def _by_course(position: Position, site: str, days: tuple[int, ...], _: Mapping[str, str]) -> Iterable[Group]:
    for k in courses_at(position, site):
        found = [x for x in _lessons(position, site) if x.course == k]
        yield _lesson_group(position, days, "course", k, position.problem.course[k].name, found, 0)


def _by_room(position: Position, site: str, days: tuple[int, ...], _: Mapping[str, str]) -> Iterable[Group]:
    for room in position.problem.site[site].rooms:
        found = [x for x in _lessons(position, site) if x.room == room.id]
        yield _lesson_group(position, days, "room", room.id, room.kind, found, room.capacity)


def _lesson_group(
    position: Position, days: tuple[int, ...], by: str, id_: str, name: str, lessons: list[Lesson], most: int
) -> Group:
    inside = _by_segment(position, lessons, marks_of(position))
    rows = _rows(position, days, lambda s: Box(f"{by}|{id_}|{s}", s, tuple(inside.get(s, ()))))
    return Group(id_, name, len(lessons), most, rows)


def _lessons(position: Position, site: str) -> list[Lesson]:
    runs = [c.id for c in position.problem.classes if c.site == site]
    return [x for c in runs for x in position.roster.lessons_in.get(c, ())]


def _by_segment(position: Position, entries: Iterable[Entry], marks: Marks) -> dict[str, list[Piece]]:
    problem, found = position.problem, dict[str, list[Piece]]()

    def begins(entry: Entry) -> tuple[int, str]:
        return (problem.slot[entry.slot].start if isinstance(entry, Lesson) else 0), repr(entry)

    for entry in sorted(entries, key=begins):
        s = problem.slot[entry.slot].segment if isinstance(entry, Lesson) else entry.segment
        found.setdefault(s, []).append(piece_of(position, entry, marks))
    return found


def entries_of(problem: Problem, change: Mapping[str, object], key: str) -> list[Entry]:
    """The entries of a stored change under a key that the problem still knows."""
    rows, found = change.get(key), []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(read_entry(row, problem))
        except Refused:  # Somebody who has left the problem since.
            continue
    return found
