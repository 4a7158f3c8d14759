"""Explanations as plain JSON values: codes and figures, no sentences. Every field is always there, null or empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler.files.rosters import duty_order, lesson_order, write_duty, write_lesson
from scheduler.result import Cost
from scheduler.roster.explain.answers import (
    Answer,
    Candidacy,
    Candidate,
    Change,
    Entry,
    Exclusion,
    Fallback,
    Held,
    Person,
    Place,
    Want,
)
from scheduler.roster.explain.judge import ORDER
from scheduler.roster.explain.parts import POINTS
from scheduler.roster.problem import Duty, Roster

FORMAT = "qingzai.explanation/1"


def write_explanation(week: str, answers: Iterable[Answer]) -> dict[str, object]:
    """Answers about one week, with the two orders that they go by."""
    return {
        "format": FORMAT,
        "week": week,
        "order_of_exclusion": list(ORDER),
        "order_of_costs": dict(POINTS),
        "answers": [write_answer(answer) for answer in answers],
    }


def write_answer(answer: Answer) -> dict[str, object]:
    """One answer."""
    return {
        "place": _place(answer.place) if answer.place else None,
        "volunteer": answer.volunteer,
        "wants": [_want(want) for want in answer.wants],
        "plan": {"changes": [_change(c) for c in answer.plan], "fills": answer.plan_fills},
        "held": [_held(held) for held in answer.held],
        "candidacies": [_candidacy(c) for c in answer.candidacies],
        "fallback": _fallback(answer.fallback) if answer.fallback else None,
        "person": _person(answer.person) if answer.person else None,
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "kind": place.kind,
        "class": place.class_run,
        "segment": place.segment,
        "slot": place.slot,
        "domain": place.domain,
        **place.facts,
    }


def _want(want: Want) -> dict[str, object]:
    return {
        "kind": want.kind,
        "missing": want.missing,
        "volunteers": want.volunteers,
        "here": want.here,
        "free": [_candidate(c) for c in want.free],
        "excluded_first": dict(want.first),
        "excluded_each": dict(want.each),
        "nearest": [_candidate(c) for c in want.nearest],
        "core": list(want.core),
        "changes": [_change(c) for c in want.changes],
    }


def _candidate(found: Candidate) -> dict[str, object]:
    return {
        "volunteer": found.volunteer,
        "entry": _entry(found.entry),
        "replaces": [_entry(e) for e in found.removed],
        "excluded_by": [_exclusion(e) for e in found.exclusions],
    }


def _exclusion(found: Exclusion) -> dict[str, object]:
    return {"rule": found.rule, "facts": _plain(found.facts), "against": [_entry(e) for e in found.against]}


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "points": change.points,
        "parts": [{"kind": part.kind, **_plain(part.facts)} for part in change.parts],
        "moved": list(change.moved),
        "added": _entries(change.added),
        "removed": _entries(change.removed),
        "cost_before": _cost(change.before),
        "cost_after": _cost(change.after),
        "verified": True,
    }


def _held(held: Held) -> dict[str, object]:
    return {
        "entry": _entry(held.entry),
        "is_pinned": held.is_pinned,
        "cost_without": _cost(held.without),
        "instead": [
            {"entry": _entry(way.entry), "cost": _cost(way.cost), "moved": list(way.others)} for way in held.instead
        ],
    }


def _candidacy(found: Candidacy) -> dict[str, object]:
    return {
        "entry": _entry(found.entry),
        "excluded_by": [_exclusion(e) for e in found.exclusions],
        "cost": _cost(found.cost),
        "swaps": [
            {
                "instead_of": _entry(swap.entry),
                "excluded_by": [_exclusion(e) for e in swap.exclusions],
                "cost": _cost(swap.cost),
            }
            for swap in found.swaps
        ],
    }


def _fallback(found: Fallback) -> dict[str, object]:
    return {
        "weekday": found.weekday,
        "is_heat_day": found.is_heat_day,
        "outdoor": found.outdoor,
        "lessons": [
            {"lesson": _entry(way.lesson), "interest": way.interest, "cost": _cost(way.cost)} for way in found.lessons
        ],
    }


def _person(person: Person) -> dict[str, object]:
    return {
        "volunteer": person.volunteer,
        "engaged": person.engaged,
        "max_segments": person.max_segments,
        "held": [_held(held) for held in person.held],
        "open_places": person.open_places,
        "excluded_first": dict(person.first),
        "chances": [{"place": _place(p), "candidate": _candidate(c)} for p, c in person.chances],
        "near": [{"place": _place(p), "candidate": _candidate(c)} for p, c in person.near],
    }


def _entry(entry: Entry | None) -> dict[str, object] | None:
    if entry is None:
        return None
    return write_duty(entry) if isinstance(entry, Duty) else write_lesson(entry)


def _entries(roster: Roster) -> dict[str, object]:
    return {
        "duties": [write_duty(d) for d in sorted(roster.duties, key=duty_order)],
        "lessons": [write_lesson(x) for x in sorted(roster.lessons, key=lesson_order)],
    }


def _cost(cost: Cost | None) -> dict[str, int] | None:
    return None if cost is None else cost._asdict()


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as JSON knows them: tuples become lists."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
