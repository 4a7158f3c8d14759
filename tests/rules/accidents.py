"""Small published weeks to which something happens by chance, and every repair of them by enumeration."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from chance import case, some
from factories import Entry

from scheduler import Duty, Lesson, Problem, RepairCost, Roster, check, cost
from scheduler.roster.problem import Ban, Pins
from scheduler.roster.repair.damage import assess

MOST_ENTRIES = 9


def happened(seed: int) -> Problem:
    """A week with a published roster, one to three accidents, now and then pins and a frozen past."""
    r = Random(seed)
    case_ = case(seed)
    week, published = case_.week, case_.rosters[0]
    found = cost(week, published)
    level = (found.safety, found.programme) if r.random() < 0.8 else (0, 0)
    week = replace(week, published=published, published_cost=level, pins=_some_pins(r, week, published))
    for _ in range(r.choice((1, 1, 2, 3))):
        week = r.choice((_absent, _absent, _absent, _heat, _closed, _banned, _tired, _uncleared, _shorter))(r, week)
    if r.random() < 0.3:
        week = replace(week, frozen_before=r.choice(week.segments).id)
    return week


def _some_pins(r: Random, week: Problem, published: Roster) -> Pins:
    duties = tuple((d, w) for d, w in week.pins.duties if d in published.duties)
    lessons = tuple((x, w) for x, w in week.pins.lessons if x in published.lessons)
    if r.random() < 0.3:
        pinned = {d for d, _ in duties}
        duties += tuple((d, frozenset[str]()) for d in sorted(published.duties, key=repr)[:1] if d not in pinned)
    return Pins(duties, lessons)


def _person(r: Random, week: Problem, **changes: object) -> Problem:
    chosen = r.choice(week.volunteers)
    people = tuple(replace(v, **changes) if v is chosen else v for v in week.volunteers)  # type: ignore[arg-type]
    return replace(week, volunteers=people)


def _absent(r: Random, week: Problem) -> Problem:
    return _person(r, week, available=frozenset(some(r, [s.id for s in week.segments], r.choice((0, 0, 0.5)))))


def _uncleared(r: Random, week: Problem) -> Problem:
    return _person(r, week, cleared=False)


def _tired(r: Random, week: Problem) -> Problem:
    return _person(r, week, max_segments=r.choice((0, 1, 2)))


def _heat(r: Random, week: Problem) -> Problem:
    return replace(week, heat_days=week.heat_days | {r.choice(week.weekdays)})


def _banned(r: Random, week: Problem) -> Problem:
    ban = Ban(r.choice(week.volunteers).id, r.choice(week.classes).id, None)
    return replace(week, bans=(*week.bans, ban))


def _closed(r: Random, week: Problem) -> Problem:
    """A class is gone, and with it what names it; a pin of it would not be read."""
    gone = r.choice(week.classes).id
    if len(week.classes) == 1:
        return week
    pins = Pins(
        tuple(p for p in week.pins.duties if p[0].class_run != gone),
        tuple(p for p in week.pins.lessons if p[0].class_run != gone),
    )
    bans = tuple(b for b in week.bans if b.class_run != gone)
    return replace(week, classes=tuple(c for c in week.classes if c.id != gone), pins=pins, bans=bans)


def _shorter(r: Random, week: Problem) -> Problem:
    limit = max(0, week.policy.max_lessons_per_course - 1)
    return replace(week, policy=replace(week.policy, max_lessons_per_course=limit))


def is_sound_alone(week: Problem, entry: Entry) -> bool:
    """Whether an entry breaks no rule alone; a minor's lesson beside the duty it needs."""
    if isinstance(entry, Duty):
        roster = Roster(frozenset((entry,)))
    else:
        beside = Duty(entry.instructor, entry.class_run, week.slot[entry.slot].segment, "assistant")
        is_adult = week.volunteer[entry.instructor].adult
        roster = Roster(frozenset() if is_adult else frozenset((beside,)), frozenset((entry,)))
    return not [v for v in check(week, roster).violations if v.rule != "pins"]


def possible_entries(week: Problem) -> list[Entry]:
    """Every duty and lesson that could be in a roster at all."""
    duties = (Duty(v.id, c.id, s, x) for v in week.volunteers for c in week.classes for s in c.segments for x in ROLES)
    rooms: list[str | None] = [None, *week.room]
    lessons = (
        Lesson(c.id, t, k.id, v.id, x)
        for c in week.classes
        for t in c.slots
        for k in week.courses
        for v in week.volunteers
        for x in rooms
    )
    return [e for e in (*duties, *lessons) if is_sound_alone(week, e)]


ROLES = ("lead", "assistant")


def is_past(week: Problem, entry: Entry) -> bool:
    """Whether an entry's segment begins before `frozen_before`."""
    if week.frozen_before is None:
        return False
    now = week.segment[week.frozen_before]
    s = week.segment[entry.segment if isinstance(entry, Duty) else week.slot[entry.slot].segment]
    return (s.weekday, s.start) < (now.weekday, now.start)


def is_known(week: Problem, entry: Entry) -> bool:
    """Whether the problem still has all that an entry names."""
    return entry.class_run in week.class_run


@dataclass(frozen=True)
class Accident:
    """A damaged week and the five levels of every repair there is."""

    week: Problem
    repairs: tuple[tuple[RepairCost, Roster], ...]

    @property
    def best(self) -> RepairCost:
        """The least of all."""
        return min(found for found, _ in self.repairs)

    def least(self, level: str, than: RepairCost) -> int:
        """The least of a level over all repairs no worse than a given one at every better level."""
        better = RepairCost._fields[: RepairCost._fields.index(level)]
        return min(
            getattr(found, level)
            for found, _ in self.repairs
            if all(getattr(found, name) <= getattr(than, name) for name in better)
        )


@cache
def accident(seed: int) -> Accident | None:
    """The accident of a seed with all its repairs; None where there are too many to list."""
    week = happened(seed)
    damage = assess(week)
    week = damage.problem
    published = week.published or Roster()
    known = [e for e in (*published.duties, *published.lessons) if is_known(week, e)]
    past = [e for e in known if is_past(week, e)]
    free = [e for e in possible_entries(week) if not is_past(week, e)]
    if len(free) > MOST_ENTRIES:
        return None
    repairs = tuple((measured(week, x), x) for x in _subsets(past, free) if is_sound(week, past, x))
    return Accident(happened(seed), repairs) if repairs else None


def _subsets(past: list[Entry], free: list[Entry]) -> Iterator[Roster]:
    for n in range(len(free) + 1):
        for chosen in itertools.combinations(free, n):
            entries = (*past, *chosen)
            yield Roster(
                frozenset(e for e in entries if isinstance(e, Duty)),
                frozenset(e for e in entries if isinstance(e, Lesson)),
            )


def is_sound(week: Problem, past: list[Entry], roster: Roster) -> bool:
    """Whether every breach is one of past entries among themselves."""
    return all(v.subject and set(v.subject) <= set(past) for v in check(week, roster).violations)


def measured(week: Problem, roster: Roster) -> RepairCost:
    """The five levels, from the words of the contract."""
    old = week.published or Roster()
    went = {*(old.duties - roster.duties), *(old.lessons - roster.lessons)}
    came = {*(roster.duties - old.duties), *(roster.lessons - old.lessons)}
    people = 0
    for v in {who(e) for e in went | came}:
        lost = [e for e in went if who(e) == v]
        people += not (lost and all(_is_impossible(week, e) for e in lost))
    found = cost(week, roster)
    safety, programme = week.published_cost
    return RepairCost(
        max(found.safety, safety), max(found.programme, programme), people, len(went) + len(came), found.quality
    )


def _is_impossible(week: Problem, entry: Entry) -> bool:
    return not is_known(week, entry) or (not is_past(week, entry) and not is_sound_alone(week, entry))


def who(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor
