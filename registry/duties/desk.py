"""What coordinators see of their volunteers' answers: who cannot come, who has not answered, by site and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.duties.answer_tables import DutyAnswer
from registry.duties.answers import OpenAbsence, open_absences
from registry.duties.links import digest
from registry.duties.moment import moment, monday_of
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.people import Volunteer
from registry.programme import ClassRun, Site


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who cannot come: when, to which classes, why."""

    absence_id: int
    volunteer_id: int
    name: str
    phone: str | None
    part: str
    classes: tuple[str, ...]
    reason: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who has not answered for a day. `parts` are those that they have at this site."""

    volunteer_id: int
    name: str
    phone: str | None
    classes: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteDay:
    """A day of a site: how many are expected, how many have said yes, who cannot come, who has not answered."""

    site_id: int
    site: str
    day: date
    expected: int
    confirmed: int
    missing: tuple[Missing, ...]
    silent: tuple[Silent, ...]


@dataclass(frozen=True, slots=True)
class AnswersView:
    """A week's answers at the sites that the reader coordinates, of the days still to come. `shown` is the day that was
    asked for."""

    monday: date
    shown: date
    is_published: bool
    days: tuple[SiteDay, ...]

    @property
    def dates(self) -> dict[date, tuple[int, int]]:
        """The days, with how many cannot come and how many have not answered."""
        found: dict[date, tuple[int, int]] = {}
        for one in self.days:
            missing, silent = found.get(one.day, (0, 0))
            found[one.day] = missing + len(one.missing), silent + len(one.silent)
        return found

    @property
    def sites(self) -> tuple[SiteDay, ...]:
        """The sites on the day that is shown."""
        return tuple(one for one in self.days if one.day == self.shown)


def see_answers(session: Session, actor: Actor, asked: date | None = None, site_id: int | None = None) -> AnswersView:
    """The answers of the week of a day; by default of the next day on which anybody has anything, which most evenings
    is tomorrow. Sites with absences come first.

    Raises:
        NotAllowed: for who changes no roster, and for a site of somebody else's.
    """
    require(actor, Action.MANAGE_ROSTER)
    if site_id is not None:
        require(actor, Action.MANAGE_ROSTER, _at(site_id))
    shown = asked or _next_day(session)
    monday = monday_of(shown)
    is_published = session.exec(select(RosterVersion.id).where(RosterVersion.week == monday).limit(1)).first()
    sites = {s.id or 0: s for s in session.exec(select(Site)) if may(actor, Action.MANAGE_ROSTER, _at(s.id or 0))}
    wanted = {n: s for n, s in sites.items() if site_id in (None, n)}
    days = _days(session, monday, wanted)
    return AnswersView(monday, shown, is_published is not None, tuple(sorted(days, key=_order)))


def _next_day(session: Session) -> date:
    today = moment(session).date()
    return session.exec(select(func.min(RosteredDuty.day)).where(col(RosteredDuty.day) > today)).one() or today


def _at(site_id: int) -> Subject:
    return Subject(site_ids=frozenset({site_id}))


def _order(day: SiteDay) -> tuple[object, ...]:
    return day.day, -len(day.missing), -len(day.silent), day.site


def _days(session: Session, monday: date, sites: dict[int, Site]) -> list[SiteDay]:
    sunday, today = monday + timedelta(days=6), moment(session).date()
    runs = {r.id or 0: r for r in session.exec(select(ClassRun).where(col(ClassRun.site_id).in_(sites)))}
    in_week = select(RosteredDuty).where(col(RosteredDuty.day).between(monday, sunday))
    duties = session.exec(in_week.order_by(col(RosteredDuty.starts_at))).all()
    lessons = session.exec(select(RosteredLesson).where(col(RosteredLesson.day).between(monday, sunday))).all()
    people = {v.id or 0: v for v in session.exec(select(Volunteer))}
    yes = _yes(session, monday, sunday, duties, lessons, people)
    away = open_absences(session, monday)
    there: dict[tuple[int, date], dict[int, list[RosteredDuty | RosteredLesson]]] = defaultdict(dict)
    everything: list[RosteredDuty | RosteredLesson] = [*duties, *lessons]
    for row in everything:
        if row.class_run_id in runs and row.day >= today:
            there[runs[row.class_run_id].site_id, row.day].setdefault(row.volunteer_id, []).append(row)
    return [
        _site_day(sites[site], day, rows, runs, people, yes, [a for a in away if a.absence.day == day])
        for (site, day), rows in there.items()
    ]


def _yes(
    session: Session, first: date, last: date, duties: Iterable[RosteredDuty], lessons: Iterable[RosteredLesson],
    people: dict[int, Volunteer],
) -> set[tuple[int, date]]:  # fmt: skip
    """Who has said yes to exactly what they have on a day."""
    had: dict[tuple[int, date], tuple[list[RosteredDuty], list[RosteredLesson]]] = defaultdict(lambda: ([], []))
    for duty in duties:
        had[duty.volunteer_id, duty.day][0].append(duty)
    for lesson in lessons:
        had[lesson.volunteer_id, lesson.day][1].append(lesson)
    answers = session.exec(select(DutyAnswer).where(col(DutyAnswer.day).between(first, last)))
    return {
        (a.volunteer_id, a.day)
        for a in answers
        if (key := (a.volunteer_id, a.day)) in had
        and digest(people[a.volunteer_id].phone or "", *had[key]).hex() == a.entries
    }


def _site_day(
    site: Site, day: date, rows: dict[int, list[RosteredDuty | RosteredLesson]], runs: dict[int, ClassRun],
    people: dict[int, Volunteer], yes: set[tuple[int, date]], away: list[OpenAbsence],
) -> SiteDay:  # fmt: skip
    missing = [
        Missing(
            a.absence.id or 0, who, a.name, people[who].phone, a.absence.part,
            tuple(sorted({runs[r].name for r in a.held.class_runs if r in runs})), a.absence.reason, a.absence.note,
            a.absence.source,
        )
        for a in away
        if (who := a.absence.volunteer_id) in rows and a.held.class_runs & set(runs)
        and any(runs[r].site_id == site.id for r in a.held.class_runs if r in runs)
    ]  # fmt: skip
    gone: dict[int, set[str]] = defaultdict(set)
    for one in missing:
        gone[one.volunteer_id].add(one.part)
    silent = []
    for who, mine in rows.items():
        parts = tuple(dict.fromkeys(r.part for r in mine if isinstance(r, RosteredDuty) and r.part not in gone[who]))
        is_left = bool(parts) or (not gone[who])
        if is_left and (who, day) not in yes:
            classes = tuple(sorted({runs[r.class_run_id].name for r in mine}))
            silent.append(Silent(who, people[who].name, people[who].phone, classes, parts))
    return SiteDay(
        site.id or 0, site.name, day, len(rows), sum((who, day) in yes for who in rows), tuple(missing),
        tuple(sorted(silent, key=lambda s: s.name)),
    )  # fmt: skip
