"""An answer told: its sentences in the order in which they are read, for the terminal, the pages and the interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.speak import explanations as say
from api.speak.commands import line
from api.speak.language import pick
from api.speak.names import Names
from scheduler.roster.explain.answers import Answer, Change, Held, Place, Want
from scheduler.roster.explain.judge import who
from scheduler.roster.problem import Duty

MOST_NEAREST = 5


@dataclass(frozen=True)
class ToldChange:
    """A change, what it does to the cost, and who then moves."""

    kind: str
    said: str
    cost: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ToldNear:
    """Somebody who comes near, and what is in the way."""

    volunteer: str
    name: str
    said: str


@dataclass(frozen=True)
class ToldWant:
    """Something that is missing."""

    title: str
    looked_at: str
    counts: tuple[str, ...]
    verdict: str
    free: tuple[ToldNear, ...]
    changes: tuple[ToldChange, ...]
    nearest: tuple[ToldNear, ...]


@dataclass(frozen=True)
class ToldHeld:
    """Somebody who is there: what and where, and why."""

    volunteer: str
    name: str
    entry: str
    class_run: str
    weekday: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ToldPerson:
    """Somebody's week."""

    name: str
    engaged: str
    held: tuple[ToldHeld, ...]
    open_for: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An answer in sentences. What does not belong to the question is empty."""

    title: str
    wants: tuple[ToldWant, ...]
    plan_title: str
    plan: tuple[ToldChange, ...]
    held: tuple[ToldHeld, ...]
    candidacies: tuple[tuple[str, ...], ...]
    fallback: tuple[str, ...]
    person: ToldPerson | None


def told(answer: Answer, names: Names) -> Told:
    """An answer in the language of the names."""
    place, person = answer.place, answer.person
    is_plan = len(answer.plan) > 1
    return Told(
        title=say.place(place, names) if place else "",
        wants=tuple(_want(want, place, names) for want in answer.wants if place),
        plan_title=line("plan" if answer.plan_fills else "plan_part", names.language) if is_plan else "",
        plan=tuple(_change(c, names) for c in answer.plan) if is_plan else (),
        held=tuple(_held(h, names) for h in answer.held),
        candidacies=tuple(tuple(say.candidacy(c, names)) for c in answer.candidacies),
        fallback=tuple(say.fallback(answer.fallback, names)) if answer.fallback else (),
        person=ToldPerson(
            names.person(person.volunteer),
            say.engaged(person, names),
            tuple(_held(h, names) for h in person.held),
            tuple(say.open_for(person, names)),
        )
        if person
        else None,
    )


def _want(want: Want, place: Place, names: Names) -> ToldWant:
    return ToldWant(
        title=say.want(want, place, names),
        looked_at=say.looked_at(want, names),
        counts=(*say.counts(want.first, names, of=want.kind), *say.here(want, names)),
        verdict=say.verdict(want, names),
        free=tuple(ToldNear(c.volunteer, names.person(c.volunteer), "") for c in want.free[:MOST_NEAREST]),
        changes=tuple(_change(c, names) for c in want.changes),
        nearest=tuple(
            ToldNear(c.volunteer, names.person(c.volunteer), say.exclusions(c.exclusions, names))
            for c in want.nearest[:MOST_NEAREST]
        ),
    )


def _change(change: Change, names: Names) -> ToldChange:
    # Where one person takes one more duty, the change has said it all.
    needless = change.parts and not change.added.lessons and not change.removed.duties
    steps = () if needless else tuple(say.steps(change, names))
    return ToldChange(change.kind, say.change(change, names), say.saved(change, names), steps)


def _held(held: Held, names: Names) -> ToldHeld:
    entry, problem = held.entry, names.problem
    segment = entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment
    return ToldHeld(
        volunteer=who(entry),
        name=names.person(who(entry)),
        entry=names.entry(entry),
        class_run=entry.class_run,
        weekday=problem.segment[segment].weekday,
        lines=tuple(say.held(held, names)),
    )


def lines(found: Told, names: Names) -> Iterator[tuple[int, str]]:
    """All sentences as one text, each with its indent."""
    if found.title:
        yield 0, found.title
    for want in found.wants:
        yield 1, want.title
        yield from _want_lines(want, names)
    if found.plan:
        yield 1, found.plan_title
        yield from ((2, _bracketed(change, names)) for change in found.plan)
    for held in found.held:
        yield 1, f"{held.name} · {held.entry}"
        yield from ((2, text) for text in held.lines)
    yield from ((1, text) for several in found.candidacies for text in several)
    yield from ((1 if n == 0 else 2, text) for n, text in enumerate(found.fallback))
    if person := found.person:
        yield 0, f"{person.name} · {person.engaged}"
        for held in person.held:
            yield 1, held.entry
            yield from ((2, text) for text in held.lines)
        yield from ((1, text) for text in person.open_for)


def _want_lines(want: ToldWant, names: Names) -> Iterator[tuple[int, str]]:
    yield 2, want.looked_at
    yield from ((3, text) for text in want.counts)
    yield 2, want.verdict
    if want.changes:
        yield 2, line("changes", names.language)
    for n, change in enumerate(want.changes, start=1):
        yield 3, f"{n}. {_bracketed(change, names)}"
        yield from ((4, text) for text in change.steps)
    if want.nearest:
        yield 2, line("nearest", names.language)
        colon = pick(("：", ": "), names.language)
        yield from ((3, f"{near.name}{colon}{near.said}") for near in want.nearest)


def _bracketed(change: ToldChange, names: Names) -> str:
    return pick(("{}（{}）", "{} ({})"), names.language).format(change.said, change.cost)
