"""The class runs of a round as a family looks for them: where, when, lunch and nap, for which grade, how many ask.

Everything of a round is read with five questions, however many class runs it has.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import case, func, true
from sqlmodel import Session, col, select

from registry.conventions.grades import grade_on
from registry.enrolment.tables import Application, ApplicationStatus, ClassDay, EnrolmentRound, RoundClass, Wish
from registry.geography import Plane, Point
from registry.programme import ClassRun, DaySegment, Site, Term

UNSENT = (ApplicationStatus.DRAFT.value, ApplicationStatus.WITHDRAWN.value)


@dataclass(frozen=True)
class ClassRow:
    """A class run of a round. `applied`: applications that list it; `first`: as their first wish; `free`: on the
    fullest weekday; `km` is the distance from where the search begins, None where that is not known."""

    id: int
    name: str
    site: str
    site_id: int
    subdistrict: str
    address: str
    phone: str | None
    term_id: int
    term: str
    starts_on: date
    ends_on: date
    grades: tuple[int, int]
    parts: tuple[str, ...]
    opens: time | None
    closes: time | None
    has_lunch: bool
    has_nap: bool
    places: int
    free: int
    applied: int
    first: int
    km: float | None = None

    def fits(self, grade: int) -> bool:
        """Whether a child of this grade may go there."""
        return self.grades[0] <= grade <= self.grades[1]


@dataclass(frozen=True)
class Wanted:
    """What a family looks for; what is None or False does not matter. `near` is a sub-district to measure from, or
    `here` is (longitude, latitude)."""

    subdistrict: str | None = None
    term_id: int | None = None
    grade: int | None = None
    lunch: bool = False
    nap: bool = False
    from_: time | None = None
    until: time | None = None
    near: str | None = None
    here: tuple[float, float] | None = None
    within_km: float | None = None
    words: str = ""


def grade_in(season: int, entry_year: int) -> int:
    """The grade in the school year that ends in the summer of this season: who began in September 2024 has finished
    grade 1 in the summer of 2025 (DOMAIN.md, Enrolment). 0 or less is not at school yet."""
    return grade_on(entry_year, date(season, 7, 1))


def classes(session: Session, a_round: EnrolmentRound, only: Collection[int] | None = None) -> list[ClassRow]:
    """The class runs of a round, by site and term; all of them, or those with the numbers in `only`."""
    assert a_round.id is not None
    hours = {segment.part: segment for segment in session.exec(select(DaySegment))}
    asked, free = _asked(session, a_round.id, only), _free(session, a_round.id)
    rows = (
        select(RoundClass, ClassRun, Site, Term)
        .join(ClassRun, col(ClassRun.id) == RoundClass.class_run_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(RoundClass.round_id == a_round.id, true() if only is None else col(ClassRun.id).in_(only))
        .order_by(col(Term.starts_on), col(Site.subdistrict), col(Site.name), col(ClassRun.grade_low))
    )
    return [
        _row(given, run, site, term, hours, *asked.get(run.id or 0, (0, 0)), free.get(run.id or 0, given.places))
        for given, run, site, term in session.exec(rows)
    ]


def _row(
    given: RoundClass, run: ClassRun, site: Site, term: Term, hours: dict[str, DaySegment], applied: int, first: int,
    free: int,
) -> ClassRow:  # fmt: skip
    day = [hours[part] for part in run.parts if part in hours]
    return ClassRow(
        id=run.id or 0, name=run.name, site=site.name, site_id=site.id or 0, subdistrict=site.subdistrict,
        address=site.address, phone=site.public_phone, term_id=term.id or 0, term=term.name,
        starts_on=term.starts_on, ends_on=term.ends_on, grades=(run.grade_low, run.grade_high),
        parts=tuple(part for part in ("am", "noon", "pm") if part in run.parts),
        opens=min((s.starts_at for s in day), default=None), closes=max((s.ends_at for s in day), default=None),
        has_lunch=site.serves_lunch and "noon" in run.parts, has_nap=site.offers_nap and "noon" in run.parts,
        places=given.places, free=max(0, free), applied=applied, first=first,
    )  # fmt: skip


def _asked(session: Session, round_id: int, only: Collection[int] | None) -> dict[int, tuple[int, int]]:
    """How many applications list a class run, and how many as their first wish."""
    counted = (
        select(Wish.class_run_id, func.count(), func.sum(case((col(Wish.rank) == 1, 1), else_=0)))
        .join(Application, col(Application.id) == Wish.application_id)
        .where(Application.round_id == round_id, col(Application.status).not_in(UNSENT))
        .where(true() if only is None else col(Wish.class_run_id).in_(only))
        .group_by(col(Wish.class_run_id))
    )
    return {run: (applied, int(first or 0)) for run, applied, first in session.exec(counted)}


def _free(session: Session, round_id: int) -> dict[int, int]:
    """Free places of each class run on its fullest weekday."""
    least = (
        select(ClassDay.class_run_id, func.min(col(ClassDay.places) - col(ClassDay.taken)))
        .join(RoundClass, col(RoundClass.class_run_id) == ClassDay.class_run_id)
        .where(RoundClass.round_id == round_id)
        .group_by(col(ClassDay.class_run_id))
    )
    return dict(session.exec(least).all())


def search(
    session: Session, a_round: EnrolmentRound, wanted: Wanted, rows: Sequence[ClassRow] | None = None
) -> list[ClassRow]:
    """Class runs of the round that are as wanted: the nearest first where a beginning is known.

    `rows` are all of the round, where they were read already.
    """
    from dataclasses import replace

    rows = classes(session, a_round) if rows is None else rows
    found = [row for row in rows if _is_wanted(row, wanted)]
    begin, at = _begin(session, rows, wanted)
    if begin is None:
        return found
    near = [replace(row, km=round(math.dist(begin, at[row.site_id]), 2)) for row in found]
    if wanted.within_km is not None:
        near = [row for row in near if row.km is not None and row.km <= wanted.within_km]
    return sorted(near, key=lambda row: (row.km or 0.0, row.starts_on, row.site, row.grades))


def _is_wanted(row: ClassRow, wanted: Wanted) -> bool:
    return (
        wanted.subdistrict in (None, row.subdistrict)
        and wanted.term_id in (None, row.term_id)
        and (wanted.grade is None or row.fits(wanted.grade))
        and (row.has_lunch or not wanted.lunch)
        and (row.has_nap or not wanted.nap)
        and (wanted.from_ is None or (row.opens is not None and row.opens <= wanted.from_))
        and (wanted.until is None or (row.closes is not None and row.closes >= wanted.until))
        and all(word in f"{row.site} {row.subdistrict} {row.address} {row.name}" for word in wanted.words.split())
    )


def _begin(session: Session, rows: Sequence[ClassRow], wanted: Wanted) -> tuple[Point | None, dict[int, Point]]:
    """Where distances are measured from, and where the sites are, in kilometres on one plane."""
    if not rows or (wanted.near is None and wanted.here is None):
        return None, {}
    sites = list(session.exec(select(Site)))
    plane = Plane(sites)
    at = {site.id or 0: plane.at(site) for site in sites}
    return (plane.point(*wanted.here) if wanted.here else plane.home(wanted.near or "")), at


def subdistricts(rows: Iterable[ClassRow]) -> list[str]:
    """The sub-districts of these class runs, to choose from."""
    return sorted({row.subdistrict for row in rows})


def terms_of(rows: Iterable[ClassRow]) -> list[tuple[int, str]]:
    """The terms of these class runs, the earliest first."""
    found = {row.term_id: (row.starts_on, row.term) for row in rows}
    return [(term, found[term][1]) for term in sorted(found, key=lambda t: (found[t], t))]
