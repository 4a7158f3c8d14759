"""What a coordinator wants, as a step: move, swap, add, remove, pin, unpin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from registry.accounts.permissions import Action, Actor, Subject, require
from registry.board.tables import RosterBoard
from registry.duties.publish import number_of
from registry.engine.boards import (
    WAIVABLE,
    Duty,
    Entry,
    Lesson,
    Position,
    Problem,
    Roster,
    Step,
    Verdict,
    Violation,
    read_entry,
    who,
)
from registry.errors import Conflict, Refused

KINDS = ("move", "swap", "exchange", "add", "remove", "pin", "unpin", "override", "fix")

NEVER = frozenset({"clearance", "adulthood", "bans", "duty", "pins"})
"""What protects children, and what has no place on a grid: no hand puts it there, not even for a while. What breaks
another rule may stand as a conflict until somebody solves it; a week with one is not published."""


@dataclass(frozen=True)
class Wanted:
    """A change as it is asked for: entries as in the roster file. A move leads from `entry` to `to`, a swap changes
    the people of `entry` and `other`, an exchange the places of two lessons; the rest need the entry alone. An override
    pins what stands as a conflict with a written reason. A fix takes `gone` away and puts `come` there, all at once."""

    kind: str
    entry: dict[str, Any]
    to: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] | None = None
    gone: tuple[dict[str, Any], ...] = ()
    come: tuple[dict[str, Any], ...] = ()


def step_for(position: Position, wanted: Wanted) -> Step:
    """The step.

    Raises:
        Refused: `kind_unknown`, `entry_malformed`, `swap_uneven` (a duty and a lesson), `nothing_changes`,
            `already_here`, where the person has that very place; `no_such_slot`, the class has no such slot.
        Conflict: `entry_gone`: it is not, or already, on the board.
    """
    if wanted.kind not in KINDS:
        raise Refused("kind_unknown", kind=wanted.kind[:40])
    if wanted.kind == "fix":
        return _fixed(position, wanted)
    entry = read_entry(wanted.entry, position.problem)
    is_there = entry in position.roster.duties or entry in position.roster.lessons
    if is_there == (wanted.kind == "add"):
        raise Conflict("entry_gone")
    if wanted.kind in ("pin", "unpin") and (entry in position.pins) == (wanted.kind == "pin"):
        raise Refused("nothing_changes")
    if wanted.kind in ("swap", "exchange"):
        trade = _swapped if wanted.kind == "swap" else _exchanged
        return trade(position, entry, read_entry(wanted.other, position.problem))
    return (
        _moved(position, entry, wanted) if wanted.kind in ("add", "remove", "move") else _held(position, entry, wanted)
    )


def _fixed(position: Position, wanted: Wanted) -> Step:
    gone, come = ([read_entry(row, position.problem) for row in rows] for rows in (wanted.gone, wanted.come))
    if not all(entry in position.roster.duties or entry in position.roster.lessons for entry in gone):
        raise Conflict("entry_gone")
    return _step(position, gone, come)


def _moved(position: Position, entry: Entry, wanted: Wanted) -> Step:
    if wanted.kind == "move":
        return _step(position, [entry], [read_entry({**wanted.entry, **wanted.to}, position.problem)])
    return _step(position, [], [entry]) if wanted.kind == "add" else _step(position, [entry], [])


def _held(position: Position, entry: Entry, wanted: Wanted) -> Step:
    if wanted.kind == "override":
        return _overridden(position, entry)
    return Step(pinned={entry: frozenset()}) if wanted.kind == "pin" else Step(unpinned=frozenset({entry}))


def _swapped(position: Position, one: Entry, other: Entry) -> Step:
    if isinstance(one, Duty) and isinstance(other, Duty):
        come: list[Entry] = [replace(one, volunteer=other.volunteer), replace(other, volunteer=one.volunteer)]
    elif isinstance(one, Lesson) and isinstance(other, Lesson):
        come = [replace(one, instructor=other.instructor), replace(other, instructor=one.instructor)]
    else:
        raise Refused("swap_uneven")
    if other not in position.roster.duties and other not in position.roster.lessons:
        raise Conflict("entry_gone")
    return _step(position, [one, other], come)


def _overridden(position: Position, entry: Entry) -> Step:
    rules = {v.rule for v in position.report.violations if entry in v.subject} & WAIVABLE
    if not rules:
        raise Refused("nothing_changes")
    return Step(pinned={entry: position.pins.get(entry, frozenset()) | rules})


def _exchanged(position: Position, one: Entry, other: Entry) -> Step:
    if not isinstance(one, Lesson) or not isinstance(other, Lesson):
        raise Refused("swap_uneven")
    if other not in position.roster.lessons:
        raise Conflict("entry_gone")
    gone: list[Entry] = [one, other]
    come: list[Entry] = [
        with_room(position, replace(a, class_run=b.class_run, slot=b.slot), gone)
        for a, b in ((one, other), (other, one))
    ]
    return _step(position, gone, come)


def with_room(position: Position, lesson: Lesson, gone: Iterable[Entry] = ()) -> Lesson:
    """The lesson in a room that its course needs: its own if that will do, else the first that is free, else any of
    the kind; None where the course is given in the class's own room or the site has no such room."""
    problem, run = position.problem, position.problem.class_run[lesson.class_run]
    kind = problem.course[lesson.course].room_kind
    if kind is None:
        return replace(lesson, room=None)
    fit = [r.id for r in problem.site[run.site].rooms if r.kind == kind and r.capacity >= run.children]
    ranked = sorted(fit, key=lambda r: (not _is_free(position, r, lesson.slot, set(gone)), r != lesson.room, r))
    return replace(lesson, room=ranked[0] if ranked else None)


def _is_free(position: Position, room: str, slot: str, gone: set[Entry]) -> bool:
    return not any(x.slot == slot and x not in gone for x in position.lessons_at.get(room, ()))


def _step(position: Position, gone: list[Entry], come: list[Entry]) -> Step:
    """A pinned entry that moves loses its pin: the hand may do what a solver may not."""
    if set(gone) == set(come):
        raise Refused("nothing_changes")
    if any(_is_there(position, entry, gone) for entry in set(come) - set(gone)):
        raise Refused("already_here")
    if any(isinstance(e, Lesson) and e.slot not in position.problem.class_run[e.class_run].slots for e in come):
        raise Refused("no_such_slot")
    return Step(as_roster(gone), as_roster(come), frozenset(e for e in gone if e in position.pins))


def _is_there(position: Position, entry: Entry, gone: list[Entry]) -> bool:
    """Whether this very place is that person's already, in whatever role, and stays so."""
    if isinstance(entry, Duty):
        same = {replace(entry, role=role) for role in ("lead", "assistant")}
        return bool(same & position.roster.duties - set(gone))
    return entry in position.roster.lessons


def as_roster(entries: Sequence[Entry]) -> Roster:
    """Entries of both kinds as a roster."""
    duties = frozenset(e for e in entries if isinstance(e, Duty))
    return Roster(duties, frozenset(e for e in entries if isinstance(e, Lesson)))


def worsened(verdict: Verdict) -> tuple[Violation, ...]:
    """The breaches that a step makes, without those that it only makes smaller: somebody with ten segments of eight
    who loses one still has too many."""
    smaller = [(v.rule, frozenset(v.subject)) for v in verdict.mended]
    return tuple(
        v for v in verdict.broken
        if not any(rule == v.rule and frozenset(v.subject) < subject for rule, subject in smaller)
    )  # fmt: skip


def with_override(step: Step, broken: tuple[Violation, ...]) -> Step:
    """The same step with its new entries pinned, each waiving the rules that are broken and may be waived."""
    rules = frozenset(v.rule for v in broken) & WAIVABLE
    return replace(step, pinned=dict.fromkeys((*step.added.duties, *step.added.lessons), rules))


def require_sites(actor: Actor, problem: Problem, step: Step) -> None:
    """Make sure that the actor may change every class that the step touches.

    Raises:
        NotAllowed: `not_allowed`.
    """
    for site in {problem.class_run[entry.class_run].site for entry in step.entries}:
        require(actor, Action.MANAGE_ROSTER, Subject(site_ids=frozenset({number_of(site)})))


def require_future(board: RosterBoard, problem: Problem, step: Step, today: date) -> None:
    """Make sure that no day that is over is touched.

    Raises:
        Refused: `day_over`, with the day.
    """
    for entry in step.entries:
        segment = entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment
        day = board.week + timedelta(days=problem.segment[segment].weekday - 1)
        if day < today:
            raise Refused("day_over", day=day.isoformat())


def touches(problem: Problem, step: Step) -> frozenset[tuple[str, ...]]:
    """What a step is about: its people on the days, and its places. Two steps with none in common do not meet."""
    found: set[tuple[str, ...]] = set()
    for entry in step.entries:
        segment = entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment
        found |= {("person", who(entry)), ("place", entry.class_run, segment)}
    return frozenset(found)
