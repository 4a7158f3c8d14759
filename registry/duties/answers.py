"""Coming or not: what volunteers answer, from their own page or from the link of a message.

Whoever says that they cannot come stays in the published week until somebody else is in their place: the repair starts
from what was published. But from then on the place counts as open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.clock import SHANGHAI
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.duties.answer_tables import Absence, DutyAnswer
from registry.duties.days import duties_of, lessons_of
from registry.duties.links import digest, digest_of, phone_of
from registry.duties.moment import moment
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from registry.people import Volunteer
from registry.programme import ClassRun, DaySlot, Site

REASONS = ("other", "ill", "family", "study", "transport")
"""Why somebody cannot come; the first is taken where nothing is said."""
LONGEST_NOTE = 200
Part = tuple[date, str]
"""A part of a day."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody has in a part of a day by the version in force."""

    day: date
    part: str
    duties: tuple[RosteredDuty, ...]
    lessons: tuple[RosteredLesson, ...]

    @property
    def entries(self) -> tuple[RosteredDuty | RosteredLesson, ...]:
        """Both."""
        return (*self.duties, *self.lessons)

    @property
    def begins_at(self) -> datetime:
        """When somebody has to be there."""
        return datetime.combine(self.day, min(x.starts_at for x in self.entries), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return datetime.combine(self.day, max(x.ends_at for x in self.entries), SHANGHAI)

    @property
    def class_runs(self) -> frozenset[int]:
        """The classes."""
        return frozenset(x.class_run_id for x in self.entries)


@dataclass(frozen=True, slots=True)
class OpenAbsence:
    """Somebody who cannot come although the version in force has them there."""

    absence: Absence
    name: str
    held: Held


def held_parts(session: Session, volunteer_id: int, first: date, last: date) -> dict[Part, Held]:
    """What somebody has from one day to another, by part of the day, in order of time."""
    part_of = dict(session.exec(select(DaySlot.number, DaySlot.part)).all())
    found: dict[Part, tuple[list[RosteredDuty], list[RosteredLesson]]] = {}
    for duty in duties_of(session, volunteer_id, first, last):
        found.setdefault((duty.day, duty.part), ([], []))[0].append(duty)
    for lesson in lessons_of(session, volunteer_id, first, last):
        found.setdefault((lesson.day, part_of[lesson.slot]), ([], []))[1].append(lesson)
    held = [Held(*part, tuple(duties), tuple(lessons)) for part, (duties, lessons) in found.items()]
    return {(h.day, h.part): h for h in sorted(held, key=lambda h: h.ends_at)}


def absences_of(session: Session, volunteer_id: int, first: date, last: date) -> dict[Part, Absence]:
    """The absences of somebody that were not withdrawn, by part of the day."""
    wanted = select(Absence).where(
        Absence.volunteer_id == volunteer_id, col(Absence.day).between(first, last), col(Absence.withdrawn_at).is_(None)
    )
    return {(a.day, a.part): a for a in session.exec(wanted)}


def confirmed_days(session: Session, volunteer_id: int, days: Iterable[date]) -> frozenset[date]:
    """Of these days those for which somebody said yes to exactly what they have now."""
    among = set(days)
    wanted = select(DutyAnswer).where(DutyAnswer.volunteer_id == volunteer_id, col(DutyAnswer.day).in_(among))
    answers = session.exec(wanted).all()
    if not answers:
        return frozenset()
    phone, span = phone_of(session, volunteer_id), (min(among), max(among))
    duties, lessons = duties_of(session, volunteer_id, *span), lessons_of(session, volunteer_id, *span)
    now = {
        day: digest(phone, [d for d in duties if d.day == day], [x for x in lessons if x.day == day]).hex()
        for day in among
    }
    return frozenset(a.day for a in answers if a.entries == now[a.day])


def open_absences(session: Session, monday: date) -> list[OpenAbsence]:
    """Everybody of a week who cannot come and whom nobody has replaced yet: what a repair has to mend."""
    wanted = (
        select(Absence, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == Absence.volunteer_id)
        .where(col(Absence.day).between(monday, monday + timedelta(days=6)), col(Absence.withdrawn_at).is_(None))
        .order_by(col(Absence.day), col(Absence.reported_at), col(Absence.id))
    )
    held: dict[int, dict[Part, Held]] = {}
    found = []
    for absence, name in session.exec(wanted).all():
        who = absence.volunteer_id
        if who not in held:
            held[who] = held_parts(session, who, monday, monday + timedelta(days=6))
        if (there := held[who].get((absence.day, absence.part))) is not None:
            found.append(OpenAbsence(absence, name, there))
    return found


def volunteer_of(actor: Actor) -> int:
    """The actor's own number.

    Raises:
        NotAllowed: `volunteer_needed`, for who is no volunteer.
    """
    if actor.volunteer_id is None:
        raise NotAllowed("volunteer_needed")
    require(actor, Action.SEE_ROSTER, Subject(volunteer_ids=frozenset({actor.volunteer_id})))
    return actor.volunteer_id


def answer_coming(session: Session, actor: Actor, day: date) -> int:
    """The actor will come on a day; answers for how many days that is news.

    Raises:
        NotAllowed: as `volunteer_of`. NotFound: `nothing_that_day`, nothing is left to come to.
    """
    return confirm(session, volunteer_of(actor), day, day, "page")


def confirm(session: Session, volunteer_id: int, first: date, last: date, source: str) -> int:
    """Somebody will come on these days, where they have anything and have not said that they cannot. Saying it twice
    is saying it once.

    Raises:
        NotFound: `nothing_that_day`.
    """
    take_turns(session, f"answers {volunteer_id}")
    now, away = moment(session), absences_of(session, volunteer_id, first, last)
    parts = held_parts(session, volunteer_id, first, last).items()
    days = {part[0] for part, held in parts if part not in away and held.ends_at > now}
    if not days:
        raise NotFound("nothing_that_day", day=first.isoformat())
    news = sorted(days - confirmed_days(session, volunteer_id, days))
    for day in news:
        session.add(
            DutyAnswer(
                volunteer_id=volunteer_id, day=day, entries=digest_of(session, volunteer_id, day, day).hex(),
                source=source, answered_at=clock.now(),
            )
        )  # fmt: skip
    session.flush()
    return len(news)


def answer_absent(
    session: Session, actor: Actor, parts: Collection[Part], reason: str, note: str = ""
) -> list[Absence]:
    """The actor cannot come.

    Raises:
        NotAllowed: as `volunteer_of`. Others as `report_absence`.
    """
    return report_absence(session, volunteer_of(actor), parts, reason, note, source="page", by=actor.account_id)


def absent_for(
    session: Session, actor: Actor, volunteer_id: int, parts: Collection[Part], reason: str, note: str = ""
) -> list[Absence]:
    """A coordinator writes down that somebody cannot come who has said so by telephone.

    Raises:
        NotAllowed: nothing of it is at a site of theirs. Others as `report_absence`.
    """
    require(actor, Action.MANAGE_ROSTER)
    days = [day for day, _ in parts] or [clock.today()]
    held = held_parts(session, volunteer_id, min(days), max(days))
    runs = {run for part in parts if part in held for run in held[part].class_runs}
    if runs:
        at = session.exec(select(ClassRun.site_id).where(col(ClassRun.id).in_(runs)))
        for site in set(at):
            require(actor, Action.MANAGE_ROSTER, Subject(site_ids=frozenset({site})))
    return report_absence(session, volunteer_id, parts, reason, note, source="desk", by=actor.account_id)


def report_absence(
    session: Session, volunteer_id: int, parts: Collection[Part], reason: str, note: str, *, source: str, by: int | None
) -> list[Absence]:
    """Write down that somebody cannot come in these parts, and tell the coordinators of the sites. A part for which it
    was said before is left as it is.

    Raises:
        Invalid: `choose_one` at `parts` and `reason`; `too_long`, `text_malformed` at `note`.
        NotFound: `nothing_that_day`, where they have nothing in one of the parts or it is over.
    """
    said = line_of("note", note, LONGEST_NOTE)
    if problems := [FieldProblem("parts", "choose_one")] * (not parts) + [FieldProblem("reason", "choose_one")] * (
        reason not in REASONS
    ):
        raise Invalid(*problems)
    take_turns(session, f"answers {volunteer_id}")
    first, last = min(day for day, _ in parts), max(day for day, _ in parts)
    held, now = held_parts(session, volunteer_id, first, last), moment(session)
    for part in parts:
        if part not in held or held[part].ends_at <= now:
            raise NotFound("nothing_that_day", day=part[0].isoformat())
    known = absences_of(session, volunteer_id, first, last)
    made = [
        Absence(volunteer_id=volunteer_id, day=day, part=part, reason=reason, note=said, source=source,
                reported_by_id=by, reported_at=clock.now())
        for day, part in sorted(set(parts) - set(known))
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    _tell_coordinators(session, volunteer_id, [held[a.day, a.part] for a in made], "duty_absent")
    return made


def withdraw_absence(session: Session, actor: Actor, absence_id: int) -> Absence:
    """The actor can come after all, as long as the place is still theirs.

    Raises:
        NotAllowed: as `volunteer_of`. NotFound: `absence_unknown`, also for somebody else's.
        Conflict: `place_taken`: somebody else has it by now, or it is over.
    """
    volunteer = volunteer_of(actor)
    take_turns(session, f"answers {volunteer}")
    found = session.get(Absence, absence_id)
    if found is None or found.volunteer_id != volunteer:
        raise NotFound("absence_unknown", absence=absence_id)
    session.refresh(found)
    if found.withdrawn_at is not None:
        return found
    held = held_parts(session, volunteer, found.day, found.day).get((found.day, found.part))
    if held is None or held.ends_at <= moment(session):
        raise Conflict("place_taken")
    found.withdrawn_at = clock.now()
    session.add(found)
    session.flush()
    _tell_coordinators(session, volunteer, [held], "duty_back")
    return found


def _tell_coordinators(session: Session, volunteer_id: int, parts: Sequence[Held], code: str) -> None:
    """One message a site and day to its coordinator, where the phone is known."""
    name = session.get_one(Volunteer, volunteer_id).name
    runs = {run for held in parts for run in held.class_runs}
    places = session.exec(
        select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id).where(col(ClassRun.id).in_(runs))
    ).all()
    told: dict[tuple[int, date], tuple[Site, list[str], list[str]]] = {}
    for held in parts:
        for run, site in places:
            if run.id in held.class_runs:
                _, classes, at = told.setdefault((site.id or 0, held.day), (site, [], []))
                classes += [run.name] if run.name not in classes else []
                at += [held.part] if held.part not in at else []
    for (_, day), (site, classes, at) in sorted(told.items()):
        if site.coordinator_phone:
            facts = {"name": name, "site": site.name, "classes": classes, "day": day.isoformat(), "parts": at}
            post(session, site.coordinator_phone, code, facts)
