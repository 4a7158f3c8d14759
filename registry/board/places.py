"""Where something on the board could go: every place of the grid on show, and what would come of putting it there.

A *zone* is what a hand can drop something on: a part of a row, or a piece to trade places with. Every zone that makes
sense is judged by the scheduler's own rules; the answer holds the change itself, so that a drag, a key and a menu do
the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from registry.board.edits import Judged, judged_step
from registry.board.fill import levels, role_in
from registry.board.steps import Wanted, step_for, with_room
from registry.engine.boards import Duty, Entry, Lesson, Position, read_entry, write_entry
from registry.errors import NotFound, RegistryError

VIEWS = ("class", "volunteer", "course", "room")
"""By what the grid of a site is arranged."""


@dataclass(frozen=True)
class Place:
    """A zone, the change that leads there, and what would come of it: `outcome` is `works`, `reason` (a written one
    is needed), `conflict`, `never`, or `taken`, where somebody or something is there already."""

    zone: str
    wanted: Wanted
    outcome: str
    rules: tuple[str, ...] = ()
    cost: tuple[int, int, int] = (0, 0, 0)


def zone_of(entry: Entry) -> str:
    """The zone that a piece on the board is."""
    if isinstance(entry, Duty):
        return f"duty|{entry.volunteer}|{entry.class_run}|{entry.segment}"
    return f"lesson|{entry.class_run}|{entry.slot}|{entry.course}|{entry.instructor}"


def places(position: Position, source: dict[str, Any], site: str, by: str) -> tuple[Place, ...]:
    """Where a duty, a lesson, or somebody of the tray (`{"volunteer": …}`) could go on the grid of a site.

    Raises:
        NotFound: `site_unknown`, `view_unknown`, `volunteer_unknown`.
        Refused: `entry_malformed`.
    """
    if site not in position.problem.site:
        raise NotFound("site_unknown", id=site, week=position.problem.week)
    if by not in VIEWS:
        raise NotFound("view_unknown", view=by[:20])
    if "class" not in source:
        return tuple(_judged(position, z, w) for z, w in _newcomer(position, str(source.get("volunteer")), site))
    entry = read_entry(source, position.problem)
    if isinstance(entry, Duty) and entry not in position.roster.duties:
        return tuple(_judged(position, z, w) for z, w in _newcomer(position, entry.volunteer, site))
    changes = _duty(position, entry, site, by) if isinstance(entry, Duty) else _lesson(position, entry, site, by)
    return tuple(_judged(position, zone, wanted) for zone, wanted in changes)


def _judged(position: Position, zone: str, wanted: Wanted) -> Place:
    try:
        found: Judged = judged_step(position, step_for(position, wanted), wanted.kind)
    except RegistryError:  # Nothing changes, or they are there already.
        return Place(zone, wanted, "taken")
    return Place(zone, wanted, found.outcome, found.rules, levels(found.verdict.cost))


def _newcomer(position: Position, volunteer: str, site: str) -> Iterator[tuple[str, Wanted]]:
    if volunteer not in position.problem.volunteer:
        raise NotFound("volunteer_unknown", id=volunteer[:40], week=position.problem.week)
    for c, s in _cells(position, site):
        duty = Duty(volunteer, c, s, role_in(position, volunteer, c, s))
        yield f"cell|{c}|{s}", Wanted("add", write_entry(duty))


def _cells(position: Position, site: str) -> Iterator[tuple[str, str]]:
    for c in position.problem.classes:
        if c.site == site:
            yield from ((c.id, s) for s in c.segments)


def _duty(position: Position, duty: Duty, site: str, by: str) -> Iterator[tuple[str, Wanted]]:
    entry = write_entry(duty)
    for other in _duties_at(position, site):
        if other.volunteer != duty.volunteer:
            yield zone_of(other), Wanted("swap", entry, other=write_entry(other))
    if by == "volunteer":
        yield from _to_people(position, duty, site)
        return
    for c, s in _cells(position, site):
        if (c, s) != (duty.class_run, duty.segment):
            role = role_in(position, duty.volunteer, c, s)
            yield f"cell|{c}|{s}", Wanted("move", entry, {"class": c, "segment": s, "role": role})


def _duties_at(position: Position, site: str) -> Iterator[Duty]:
    for c in position.problem.classes:
        if c.site == site:
            yield from sorted(position.roster.duties_in.get(c.id, ()), key=repr)


def _to_people(position: Position, duty: Duty, site: str) -> Iterator[tuple[str, Wanted]]:
    """To somebody else at the same time, or to another time of their own."""
    for s in position.problem.class_run[duty.class_run].segments:
        if s != duty.segment:
            yield f"row|{duty.volunteer}|{s}", Wanted("move", write_entry(duty), {"segment": s})
    for v in people_at(position, site):
        if v != duty.volunteer:
            yield f"row|{v}|{duty.segment}", Wanted("move", write_entry(duty), {"volunteer": v})


def _lesson(position: Position, lesson: Lesson, site: str, by: str) -> Iterator[tuple[str, Wanted]]:
    entry = write_entry(lesson)
    for other in _lessons_at(position, site):
        if other != lesson:
            yield zone_of(other), Wanted("exchange", entry, other=write_entry(other))
    if by == "class":
        yield from _to_slots(position, lesson, site)
    elif by == "volunteer":
        s = position.problem.slot[lesson.slot].segment
        for v in people_at(position, site):
            if v != lesson.instructor:
                yield f"row|{v}|{s}", Wanted("move", entry, {"instructor": v})
    else:
        yield from _to_rows(position, lesson, site, by)


def _lessons_at(position: Position, site: str) -> Iterator[Lesson]:
    for c in position.problem.classes:
        if c.site == site:
            yield from sorted(position.roster.lessons_in.get(c.id, ()), key=repr)


def _to_slots(position: Position, lesson: Lesson, site: str) -> Iterator[tuple[str, Wanted]]:
    for c in position.problem.classes:
        taken = {x.slot for x in position.roster.lessons_in.get(c.id, ())}
        if c.site == site:
            for t in c.slots:
                if t not in taken:
                    yield f"slot|{c.id}|{t}", Wanted("move", write_entry(lesson), _to(position, lesson, c.id, t))


def _to(position: Position, lesson: Lesson, c: str, t: str, course: str | None = None) -> dict[str, Any]:
    there = with_room(position, replace(lesson, class_run=c, slot=t, course=course or lesson.course), [lesson])
    return write_entry(there)


def _to_rows(position: Position, lesson: Lesson, site: str, by: str) -> Iterator[tuple[str, Wanted]]:
    """To another time in the class's week, as another course or in another room."""
    rooms = [r.id for r in position.problem.site[site].rooms]
    rows = courses_at(position, site) if by == "course" else rooms
    for s in position.problem.class_run[lesson.class_run].segments:
        slot = _slot_in(position, lesson, s)
        for row in rows if slot is not None else ():
            if by == "course":
                to = _to(position, lesson, lesson.class_run, slot or "", row)
            else:
                to = write_entry(replace(lesson, slot=slot or "", room=row))
            yield f"{by}|{row}|{s}", Wanted("move", write_entry(lesson), to)


def _slot_in(position: Position, lesson: Lesson, segment: str) -> str | None:
    """The slot for a lesson in another segment of its class: the same hour if that is open, else the first open one."""
    problem, own = position.problem, position.problem.slot[lesson.slot]
    if own.segment == segment:
        return own.id
    taken = {x.slot for x in position.roster.lessons_in.get(lesson.class_run, ())}
    slots = problem.class_run[lesson.class_run].slots
    free = [t for t in problem.slots_in.get(segment, ()) if t in slots and t not in taken]
    return min(free, key=lambda t: (problem.slot[t].start != own.start, problem.slot[t].start), default=None)


def people_at(position: Position, site: str) -> tuple[str, ...]:
    """Who has a duty or a lesson at a site, by name."""
    roster, found = position.roster, set()
    for c in position.problem.classes:
        if c.site == site:
            found |= {d.volunteer for d in roster.duties_in.get(c.id, ())}
            found |= {x.instructor for x in roster.lessons_in.get(c.id, ())}
    return tuple(sorted(found, key=lambda v: (position.problem.volunteer[v].name, v)))


def courses_at(position: Position, site: str) -> tuple[str, ...]:
    """The courses that are given at a site, by name."""
    found = {x.course for x in _lessons_at(position, site)}
    return tuple(sorted(found, key=lambda k: (position.problem.course[k].name, k)))


def reached(position: Position, wanted: Wanted) -> Entry:
    """The entry that a change makes of the one that it is about; of a swap or exchange, the other one."""
    if wanted.other is not None:
        return read_entry(wanted.other, position.problem)
    return read_entry({**wanted.entry, **wanted.to}, position.problem)
