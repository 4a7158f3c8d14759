"""Stand-bys of small weeks against every set of people, and every way to take over, one by one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random

from accidents import possible_entries, who
from chance import case, some
from factories import Entry

from scheduler import Duty, Lesson, Problem, Roster, check, cost
from scheduler.roster.standby import Absence, standbys


def _with_idle_people(seed: int) -> Problem:
    """The week of a case with three people more, who have nothing to do."""
    r, week = Random(seed), case(seed).week
    people = [
        replace(
            r.choice(week.volunteers),
            id=f"x{i}",
            adult=True,
            cleared=True,
            roles=frozenset(some(r, ["lead", "assistant", "instructor"])),
            courses=frozenset(some(r, [k.id for k in week.courses])),
            available=frozenset(some(r, [s.id for s in week.segments], 0.8)),
            max_segments=r.choice((1, 2, 9)),
        )
        for i in range(3)
    ]
    return replace(week, volunteers=(*week.volunteers, *people))


def _without(roster: Roster, gone: list[Entry]) -> Roster:
    return Roster(roster.duties - set(gone), roster.lessons - set(gone))


def _with(roster: Roster, come: tuple[Entry, ...]) -> Roster:
    duties = frozenset(e for e in come if isinstance(e, Duty))
    return Roster(roster.duties | duties, roster.lessons | frozenset(e for e in come if isinstance(e, Lesson)))


def _entries(week: Problem, roster: Roster, volunteer: str, weekday: int) -> list[Entry]:
    mine: list[Entry] = [*roster.duties_of.get(volunteer, ()), *roster.lessons_of.get(volunteer, ())]
    return [e for e in mine if week.segment[_segment(week, e)].weekday == weekday]


def _segment(week: Problem, e: Entry) -> str:
    return e.segment if isinstance(e, Duty) else week.slot[e.slot].segment


def _stands_for(entry: Entry, missed: Entry) -> bool:
    if isinstance(missed, Duty) or isinstance(entry, Duty):
        return isinstance(entry, Duty) and replace(entry, volunteer=who(missed)) == missed
    return (entry.class_run, entry.slot) == (missed.class_run, missed.slot)


def _is_covered(week: Problem, roster: Roster, absence: Absence, people: tuple[str, ...]) -> bool:
    """Whether these people can take over, by the check and the cost alone."""
    left = _without(roster, _entries(week, roster, absence.volunteer, absence.weekday))
    before = cost(week, roster)
    options = [
        [e for e in possible_entries(week) if who(e) in people and _stands_for(e, missed)] for missed in absence.missed
    ]
    for come in itertools.product(*options):
        mended = _with(left, come)
        found = cost(week, mended)
        if not check(week, mended).violations and found.safety <= before.safety and found.programme <= before.programme:
            return True
    return False


def test_the_smallest_sets_that_cover_all_that_can_be_covered() -> None:
    """A week without pins: an absence that pins speak against is another matter."""
    seen = {"covered": 0, "uncovered": 0, "harmless": 0, "several": 0}
    for seed in range(250):
        week, roster = _with_idle_people(seed), case(seed).rosters[0]
        if week.pins.duties or week.pins.lessons:
            continue
        for day in standbys(week, roster, seconds=20):
            assert day.fewest == len(day.standbys)
            for absence in day.covered:
                assert _is_covered(week, roster, absence, day.standbys), (seed, absence)
            for size in range(len(day.standbys)):
                for fewer in itertools.combinations(_idle(week, roster, day.weekday), size):
                    assert not all(_is_covered(week, roster, a, fewer) for a in day.covered), (seed, fewer)
            everybody = tuple(_idle(week, roster, day.weekday))
            for absence in day.uncovered:
                strict = _is_covered(week, roster, absence, everybody)
                # A lesson of another domain is accepted only where its own has enough left in any case.
                assert not strict or any(isinstance(e, Lesson) for e in absence.missed), (seed, absence)
            seen["covered"] += len(day.covered)
            seen["uncovered"] += len(day.uncovered)
            seen["harmless"] += day.harmless
            seen["several"] += len(day.standbys) > 1
    assert min(seen.values()) > 0, seen


def _idle(week: Problem, roster: Roster, weekday: int) -> list[str]:
    return [v.id for v in week.volunteers if v.adult and not _entries(week, roster, v.id, weekday)]
