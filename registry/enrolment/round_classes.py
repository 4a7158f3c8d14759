"""The class runs of a round, and the counters of their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.enrolment.rounds import find_round
from registry.enrolment.tables import ClassDay, EnrolmentRound, RoundClass
from registry.errors import Conflict, FieldProblem, Invalid
from registry.programme import ClassRun, Site, Term

WEEKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class ClassInput:
    """A class run that a round gives places of. `places` counts those who keep a place from an earlier round too."""

    class_run_id: int
    places: int
    min_to_open: int


def classes_of(session: Session, round_id: int) -> list[RoundClass]:
    """The class runs of a round."""
    own = select(RoundClass).where(RoundClass.round_id == round_id)
    return list(session.exec(own.order_by(col(RoundClass.class_run_id))))


def whole_season(session: Session, season: int) -> list[ClassInput]:
    """Every class run of a season with all its places: what the office begins with."""
    runs = select(ClassRun).join(Term, col(Term.id) == ClassRun.term_id).where(Term.year == season)
    return [
        ClassInput(run.id or 0, run.capacity, run.min_to_open) for run in session.exec(runs.order_by(col(ClassRun.id)))
    ]


@dataclass(frozen=True, slots=True)
class SeasonLine:
    """A class run of the season as the office chooses it for a round. Without any in the round all are chosen, with
    all their places. `capacity` is the most that may be given."""

    class_run_id: int
    site: str
    term: str
    name: str
    capacity: int
    is_chosen: bool
    places: int
    min_to_open: int


def season_lines(session: Session, found: EnrolmentRound) -> list[SeasonLine]:
    """Every class run of a round's season, by site and term."""
    rows = session.exec(
        select(ClassRun, Site.name, Term.name)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(Term.year == found.season)
        .order_by(col(Site.name), col(Term.starts_on), col(ClassRun.grade_low), col(ClassRun.name))
    ).all()
    own = {one.class_run_id: one for one in classes_of(session, found.id or 0)}
    return [_season_line(run, site, term, own) for run, site, term in rows]


def _season_line(run: ClassRun, site: str, term: str, own: Mapping[int, RoundClass]) -> SeasonLine:
    chosen = own.get(run.id or 0)
    places, least = (chosen.places, chosen.min_to_open) if chosen else (run.capacity, run.min_to_open)
    return SeasonLine(run.id or 0, site, term, run.name, run.capacity, chosen is not None or not own, places, least)


def set_classes(session: Session, actor: Actor, round_id: int, given: Sequence[ClassInput]) -> list[RoundClass]:
    """Which class runs a round gives places of, all at once; the counters are made or raised.

    A class run has as many places as the round that gives most of it says, and never fewer than are taken.

    Raises:
        NotAllowed; NotFound: `round_unknown`. Conflict: `round_announced`.
        Invalid: at `classes`: `class_unknown`, `class_twice`, `places_beyond_capacity`, with the class run.
    """
    require(actor, Action.MANAGE_ROUNDS, ANYWHERE)
    found = find_round(session, round_id)
    if found.announced_at is not None or found.cancelled_at is not None:
        raise Conflict("round_announced", round=round_id)
    _check(session, found, given)
    session.exec(delete(RoundClass).where(col(RoundClass.round_id) == round_id))
    session.add_all(
        RoundClass(round_id=round_id, class_run_id=c.class_run_id, places=c.places, min_to_open=c.min_to_open)
        for c in given
    )
    session.flush()
    make_counters(session, [c.class_run_id for c in given])
    return classes_of(session, round_id)


def _check(session: Session, found: EnrolmentRound, given: Sequence[ClassInput]) -> None:
    allowed = {c.class_run_id: c.places for c in whole_season(session, found.season)}
    problems, seen = list[FieldProblem](), set[int]()
    for entry in given:
        facts = {"class_run": entry.class_run_id}
        if entry.class_run_id not in allowed:
            problems.append(FieldProblem("classes", "class_unknown", facts))
        elif entry.class_run_id in seen:
            problems.append(FieldProblem("classes", "class_twice", facts))
        elif not 0 <= entry.places <= allowed[entry.class_run_id] or not 0 <= entry.min_to_open <= 1000:
            problems.append(
                FieldProblem("classes", "places_beyond_capacity", facts | {"limit": allowed[entry.class_run_id]})
            )
        seen.add(entry.class_run_id)
    if problems:
        raise Invalid(*problems)


def make_counters(session: Session, class_run_ids: Sequence[int]) -> None:
    """Counters for these class runs, with as many places as the rounds that were not called off give at most."""
    most = _most_places(session, class_run_ids)
    known = {(day.class_run_id, day.weekday): day for day in _days(session, class_run_ids)}
    for class_run_id in sorted(class_run_ids):
        for weekday in WEEKDAYS:
            day = known.get((class_run_id, weekday))
            day = day or ClassDay(class_run_id=class_run_id, weekday=weekday, places=0, taken=0)
            day.places = max(most.get(class_run_id, 0), day.taken)
            session.add(day)
    session.flush()


def _most_places(session: Session, class_run_ids: Sequence[int]) -> Mapping[int, int]:
    most = (
        select(RoundClass.class_run_id, func.max(RoundClass.places))
        .join(EnrolmentRound, col(EnrolmentRound.id) == RoundClass.round_id)
        .where(col(RoundClass.class_run_id).in_(class_run_ids), col(EnrolmentRound.cancelled_at).is_(None))
        .group_by(col(RoundClass.class_run_id))
    )
    return dict(session.exec(most).all())


def _days(session: Session, class_run_ids: Sequence[int]) -> Sequence[ClassDay]:
    return session.exec(select(ClassDay).where(col(ClassDay.class_run_id).in_(class_run_ids))).all()
