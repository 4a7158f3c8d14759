"""Why this person: what the roster would cost without an entry, and the next best ways to fill its place."""

from __future__ import annotations

from dataclasses import replace

from scheduler.result import Cost
from scheduler.roster.check import cost
from scheduler.roster.explain.answers import Entry, Held, Instead
from scheduler.roster.explain.judge import Judge, added_to, entries, is_sound, roster_of, who
from scheduler.roster.explain.local import solve_near
from scheduler.roster.explain.moves import with_moves
from scheduler.roster.explain.wants import Adult, AnyLesson, AnyWant, Lead
from scheduler.roster.problem import Duty, Lesson, Roster
from scheduler.roster.rules import forbidden_by

MOST_INSTEAD = 3


def without(judge: Judge, entry: Entry) -> Cost:
    """What the roster would cost more with this entry gone and nothing put in its place.

    A minor's lessons beside a duty go with it: they could not stand alone.
    """
    return judge.worth(removed=_going(judge, entry))


def held(judge: Judge, entry: Entry, *, moves: bool) -> Held:
    """The entry's worth, and the best three ways without this person there.

    With `moves`, where each of these leaves something open, others may move: then the solver looks for a way.
    """
    if entry in judge.pinned:
        return Held(entry, without(judge, entry), (), is_pinned=True)
    found = instead(judge, entry)
    if moves and not any(_is_as_safe(way.cost) for way in found) and (way := _by_moving(judge, entry)):
        found = [way, *found][:MOST_INSTEAD]
    return Held(entry, without(judge, entry), tuple(found))


def instead(judge: Judge, entry: Entry) -> list[Instead]:
    """Others who could do it as the roster stands, each in their best way, the cheapest first."""
    going, want = _going(judge, entry), _want(entry)
    best: dict[str, Instead] = {}
    for v in judge.problem.volunteers:
        for other, removed in want.ways(judge, v) if v.id != who(entry) and not want.is_here(judge, v) else ():
            gone = {*going, *removed}
            if not want.unfit(v) and not forbidden_by(judge.problem, other) and not judge.exclusions(other, gone):
                way = Instead(other, judge.worth([other], gone))
                best[v.id] = min(best.get(v.id, way), way, key=_cheapness)
    return sorted(best.values(), key=_cheapness)[:MOST_INSTEAD]


def _cheapness(way: Instead) -> tuple[Cost, str]:
    return way.cost, repr(way.entry)


def _want(entry: Entry) -> AnyWant:
    if isinstance(entry, Lesson):
        return AnyLesson(entry.class_run, entry.slot)
    kind = Lead if entry.role == "lead" else Adult
    return kind(entry.class_run, entry.segment)


def _going(judge: Judge, entry: Entry) -> set[Entry]:
    """The entry, and what cannot stay without it."""
    going: set[Entry] = {entry}
    if isinstance(entry, Duty) and not judge.problem.volunteer[entry.volunteer].adult:
        lessons = judge.roster.lessons_of.get(entry.volunteer, ())
        going |= {x for x in lessons if judge.problem.slot[x.slot].segment == entry.segment}
    return going


def _less(roster: Roster, going: set[Entry]) -> Roster:
    gone = roster_of(going)
    return Roster(roster.duties - gone.duties, roster.lessons - gone.lessons)


def _is_as_safe(more: Cost) -> bool:
    return more.safety <= 0 and more.programme <= 0


def _by_moving(judge: Judge, entry: Entry) -> Instead | None:
    """The fewest moves of others after which nothing is open that is not open now."""
    want, person = _want(entry), who(entry)
    left = Judge(judge.problem, _less(judge.roster, _going(judge, entry)))
    near = with_moves(left, want, [])
    near = replace(near, people=near.people - {person})
    found = solve_near(
        judge.problem,
        left.roster,
        near,
        lambda model: want.require(model, left.roster),
        saving=want.level,
    )
    if found is None:
        return None
    new = next((e for e in entries(added_to(left.roster, found)) if _is_there(e, entry)), None)
    if new is None or not is_sound(judge, judge.problem, found):
        return None
    more = Cost(*(b - a for a, b in zip(cost(judge.problem, judge.roster), cost(judge.problem, found), strict=True)))
    others = {who(e) for e in entries(added_to(found, left.roster))}
    return Instead(new, more, tuple(sorted(others)))


def _is_there(found: Entry, entry: Entry) -> bool:
    if isinstance(found, Duty) and isinstance(entry, Duty):
        same_role = entry.role in (found.role, "assistant")
        return (found.class_run, found.segment) == (entry.class_run, entry.segment) and same_role
    if isinstance(found, Lesson) and isinstance(entry, Lesson):
        return (found.class_run, found.slot) == (entry.class_run, entry.slot)
    return False
