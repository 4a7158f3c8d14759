"""Why somebody is not there: each rule that excludes them, with figures, or what it would cost."""

from __future__ import annotations

from scheduler.roster.explain.answers import Candidacy, Candidate, Entry, Person, Place, Swap
from scheduler.roster.explain.count import candidate, nearness, tally
from scheduler.roster.explain.held import held
from scheduler.roster.explain.judge import Judge
from scheduler.roster.explain.places import open_places
from scheduler.roster.explain.wants import AnyLesson, DomainLesson, wants_of
from scheduler.roster.problem import Duty, Lesson, Volunteer

MOST_OPTIONS = 4
"""So many lessons that somebody could give in a slot are answered one by one, the nearest first."""
MOST_NEAR = 5
CLOSE = frozenset({"reach", "availability", "one_place", "travel", "load"})
"""Rules that a person or a coordinator could do something about."""


def candidacies(judge: Judge, place: Place, v: Volunteer) -> tuple[Candidacy, ...]:
    """One answer for each way in which the volunteer could be there and is not."""
    if place.segment is not None:
        entries: list[Entry] = list(_duties(place.class_run, place.segment, v))
    else:
        entries = _lessons(judge, place, v)
    if not entries:
        none = candidate(judge, _lesson_want(place), v)
        return (Candidacy(None, none.exclusions, None),)
    held_already = {*judge.roster.duties, *judge.roster.lessons}
    return tuple(_candidacy(judge, e) for e in entries if e not in held_already)


def _duties(c: str, s: str, v: Volunteer) -> list[Duty]:
    """As the lead where that is a role of theirs, and as an assistant."""
    roles = ("lead", "assistant") if "lead" in v.roles else ("assistant",)
    return [Duty(v.id, c, s, role) for role in roles]


def _lesson_want(place: Place) -> AnyLesson | DomainLesson:
    if place.slot is not None:
        return AnyLesson(place.class_run, place.slot)
    return DomainLesson(place.class_run, place.domain or "")


def _lessons(judge: Judge, place: Place, v: Volunteer) -> list[Entry]:
    """Each lesson that the volunteer could give there, the nearest first."""
    ways = _lesson_want(place).ways(judge, v)
    some = [(nearness(Candidate(v.id, entry, judge.exclusions(entry, gone))), entry) for entry, gone in ways]
    return [entry for _, entry in sorted(some, key=lambda item: (item[0], repr(item[1])))][:MOST_OPTIONS]


def _candidacy(judge: Judge, entry: Entry) -> Candidacy:
    """On top of what there is, and in the place of each of those who are there."""
    excluded = judge.exclusions(entry)
    cost = None if excluded else judge.worth([entry])
    swaps = sorted(_swaps(judge, entry), key=lambda s: (s.cost is None, s.cost or (), repr(s.entry)))
    return Candidacy(entry, excluded, cost, tuple(swaps))


def _swaps(judge: Judge, entry: Entry) -> list[Swap]:
    if isinstance(entry, Duty):
        cell = judge.cell(entry.class_run, entry.segment)
        now: list[Entry] = [d for d in cell if d.role == entry.role and d.volunteer != entry.volunteer]
    else:
        lesson = judge.lesson(entry.class_run, entry.slot)
        now = [lesson] if lesson else []
    return [_swap(judge, entry, other) for other in now]


def _swap(judge: Judge, entry: Entry, other: Entry) -> Swap:
    excluded = judge.exclusions(entry, [other])
    return Swap(other, excluded, None if excluded else judge.worth([entry], [other]))


def person(judge: Judge, v: Volunteer) -> Person:
    """What somebody holds, and why none of the open places is theirs."""
    places = [p for p in open_places(judge.problem, judge.roster) if _has_time(judge, p, v)]
    found = [(p, nearest) for p in places if (nearest := _nearest(judge, p, v))]
    close = sorted((f for f in found if len(f[1].rules) == 1 and f[1].rules <= CLOSE), key=lambda f: nearness(f[1]))
    mine: list[Duty | Lesson] = [*judge.roster.duties_of.get(v.id, ()), *judge.roster.lessons_of.get(v.id, ())]
    return Person(
        volunteer=v.id,
        engaged=len({segment_of(judge, e) for e in mine}),
        max_segments=v.max_segments,
        held=tuple(held(judge, e, moves=False) for e in sorted(mine, key=lambda e: _when(judge, e))),
        open_places=len(found),
        first=tally(c.exclusions[0].rule for _, c in found if c.exclusions),
        chances=tuple(f for f in found if not f[1].exclusions)[:MOST_NEAR],
        near=tuple(close[:MOST_NEAR]),
    )


def _has_time(judge: Judge, place: Place, v: Volunteer) -> bool:
    """Whether the volunteer has time in the segment of a place; a domain may be filled on any day."""
    if place.domain is not None:
        return bool(v.available & set(judge.problem.class_run[place.class_run].segments))
    segment = place.segment or judge.problem.slot[place.slot or ""].segment
    return segment in v.available


def _nearest(judge: Judge, place: Place, v: Volunteer) -> Candidate | None:
    """The volunteer's nearest way to anything that the place lacks; None for somebody who is there anyway."""
    wants = [want for want in wants_of(place, judge.problem, judge.roster) if not want.is_here(judge, v)]
    return min((candidate(judge, want, v) for want in wants), key=nearness, default=None)


def segment_of(judge: Judge, entry: Entry) -> str:
    """The segment of a duty or lesson."""
    return entry.segment if isinstance(entry, Duty) else judge.problem.slot[entry.slot].segment


def _when(judge: Judge, entry: Entry) -> tuple[int, int, str]:
    segment = judge.problem.segment[segment_of(judge, entry)]
    start = segment.start if isinstance(entry, Duty) else judge.problem.slot[entry.slot].start
    return segment.weekday, start, repr(entry)
