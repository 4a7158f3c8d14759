"""The places of a week: their figures, and those that are open."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.roster.explain.answers import Place
from scheduler.roster.explain.wants import Adult, AnyLesson, DomainLesson, Lead
from scheduler.roster.problem import Problem, Roster


def place_of(
    problem: Problem,
    roster: Roster,
    class_run: str,
    *,
    segment: str | None = None,
    slot: str | None = None,
    domain: str | None = None,
) -> Place:
    """A place with its figures. All ids must be known, the segment or slot the class's own."""
    if segment is not None:
        return Place(class_run, segment=segment, facts=_people(problem, roster, class_run, segment))
    if slot is not None:
        return Place(class_run, slot=slot, facts=_lesson(problem, roster, class_run, slot))
    assert domain is not None
    want = DomainLesson(class_run, domain)
    minimum = problem.minimums(problem.class_run[class_run]).get(domain, 0)
    facts = {
        "minimum": minimum,
        "given": want.given(problem, roster),
        "missing": want.missing(problem, roster),
    }
    return Place(class_run, domain=domain, facts=facts)


def _people(problem: Problem, roster: Roster, c: str, s: str) -> dict[str, object]:
    run, want = problem.class_run[c], Adult(c, s)
    adults = want.adults(problem, roster)
    return {
        "need": problem.need(run),
        "adults": adults,
        "missing": want.missing(problem, roster),
        "below_minimum": max(0, problem.policy.min_adults - adults),
        "has_lead": not Lead(c, s).missing(problem, roster),
        "children": run.children,
    }


def _lesson(problem: Problem, roster: Roster, c: str, t: str) -> dict[str, object]:
    weekday = problem.segment[problem.slot[t].segment].weekday
    lesson = next((x for x in roster.lessons_in.get(c, ()) if x.slot == t), None)
    return {
        "weekday": weekday,
        "is_heat_day": weekday in problem.heat_days,
        "is_open": bool(AnyLesson(c, t).missing(problem, roster)),
        "course": lesson.course if lesson else None,
    }


def places_of_class(problem: Problem, roster: Roster, class_run: str) -> Iterator[Place]:
    """The open places of a class: people, then lessons, then domains."""
    run = problem.class_run[class_run]
    for s in run.segments:
        place = place_of(problem, roster, run.id, segment=s)
        if place.facts["missing"] or place.facts["below_minimum"] or not place.facts["has_lead"]:
            yield place
    for t in run.slots:
        place = place_of(problem, roster, run.id, slot=t)
        if place.facts["is_open"]:
            yield place
    for domain in sorted(problem.minimums(run)):
        place = place_of(problem, roster, run.id, domain=domain)
        if place.facts["missing"]:
            yield place


def open_places(problem: Problem, roster: Roster) -> tuple[Place, ...]:
    """All open places of the week: people first, then lessons, then domains, in the file's order of classes."""
    found = [place for c in problem.classes for place in places_of_class(problem, roster, c.id)]
    order = ("people", "lesson", "domain")
    return tuple(sorted(found, key=lambda place: order.index(place.kind)))
