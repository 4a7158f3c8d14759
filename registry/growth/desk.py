"""What stands on the pages of who writes notes: the classes, the children of one of them, the own notes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.attendance.roll import is_class_day
from registry.conventions.names import mask_name
from registry.conventions.pinyin import pinyin_key
from registry.duties.days import class_lessons, classes_on
from registry.duties.tables import RosteredLesson
from registry.families.tables import Child
from registry.growth.coverage import class_coverage
from registry.growth.reads import children_of_notes, without_consent
from registry.growth.review import waiting_in
from registry.growth.rights import DAYS_TO_WRITE, Desk, class_desk, classes_led, may_review
from registry.growth.tables import Observation
from registry.growth.writing import own_notes
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Course, Site, Term

TO_WATCH = 3


@dataclass(frozen=True, slots=True)
class NoteClass:
    """A class that somebody writes about today (`meets`), or whose notes they review, with how many wait."""

    class_run: ClassRun
    site: Site
    meets: bool
    is_reviewer: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A child to tap: working days without a note, whether that is too long, whether it may be in photos."""

    child: Child
    days_without: int
    is_overdue: bool
    may_be_shown: bool


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note of one's own, with the names of the children it is about."""

    note: Observation
    children: tuple[str, ...]
    class_run: str


@dataclass(frozen=True, slots=True)
class WritePage:
    """A class on a day for who writes about it: children in the order of their names, the timetable, own notes."""

    desk: Desk
    site: Site
    day: date
    tiles: tuple[Tile, ...]
    lessons: tuple[tuple[RosteredLesson, str], ...]
    mine: tuple[OwnNote, ...]


def note_classes(session: Session, actor: Actor) -> list[NoteClass]:
    """The classes that the actor writes about today or reviews: on duty, as lead, at the own sites; of terms that run
    or ended some days ago.

    Raises:
        NotAllowed: for who writes no notes.
    """
    require(actor, Action.WRITE_NOTE)
    today = clock.today()
    mine = {held.class_run_id for held in actor.held if held.class_run_id is not None}
    if actor.volunteer_id is not None:
        mine |= classes_on(session, actor.volunteer_id, today) | classes_led(session, actor.volunteer_id)
    wanted = (
        select(ClassRun, Site)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(col(Term.starts_on) <= today, col(Term.ends_on) >= today - timedelta(days=DAYS_TO_WRITE))
        .where(col(ClassRun.id).in_(mine) | col(ClassRun.site_id).in_(actor.sites))
    )
    found = session.exec(wanted.order_by(col(Site.name), col(ClassRun.grade_low), col(ClassRun.name))).all()
    waits = waiting_in(session, [run.id or 0 for run, _ in found])
    return [
        NoteClass(run, site, is_class_day(session, run, today), reviews, waits.get(run.id or 0, 0) if reviews else 0)
        for run, site in found
        for reviews in (may_review(session, actor, run),)
    ]


def write_page(session: Session, actor: Actor, class_run_id: int, day: date) -> WritePage:
    """The page on which notes about a class are written.

    Raises:
        NotFound, NotAllowed: see `class_desk`.
    """
    here = class_desk(session, actor, class_run_id, day)
    rows = {row.child.id: row for row in class_coverage(session, class_run_id, day).rows}
    children = sorted_children([row.child for row in rows.values()])
    barred = without_consent(session, [child.id or 0 for child in children])
    tiles = tuple(
        Tile(child, rows[child.id].days_without, rows[child.id].is_overdue, child.id not in barred)
        for child in children
    )
    mine = tuple(one for one in own_page(session, actor) if one.note.class_run_id == class_run_id)
    site = session.get_one(Site, here.class_run.site_id)
    return WritePage(here, site, day, tiles, _lessons(session, class_run_id, day), mine)


def own_page(session: Session, actor: Actor) -> list[OwnNote]:
    """The own notes about the days that may still be written about, the newest first.

    Raises:
        NotAllowed: for who writes no notes.
    """
    today = clock.today()
    notes = own_notes(session, actor, today - timedelta(days=DAYS_TO_WRITE), today)
    about = children_of_notes(session, [note.id or 0 for note in notes])
    wanted = {child for some in about.values() for child in some}
    names = dict(session.exec(select(Child.id, Child.name).where(col(Child.id).in_(wanted))).all())
    runs = dict(
        session.exec(
            select(ClassRun.id, ClassRun.name).where(col(ClassRun.id).in_({n.class_run_id for n in notes}))
        ).all()
    )
    return [
        OwnNote(note, tuple(names.get(c, "") for c in about.get(note.id or 0, ())), runs.get(note.class_run_id, ""))
        for note in notes
    ]


def watch_list(session: Session, actor: Actor, class_run_id: int, day: date) -> list[str]:
    """Whom to watch on an own duty: children without a note for too long, at most three. Before that day their names
    are masked: who knows the class knows them, and nobody else need.
    """
    may_write = may(actor, Action.WRITE_NOTE) and is_cleared(session, actor)
    if not may_write or actor.volunteer_id is None or class_run_id not in classes_on(session, actor.volunteer_id, day):
        return []
    today = clock.today()
    rows = class_coverage(session, class_run_id, min(day, today)).rows
    watched = [row.child.name for row in rows if row.days_without > 0][:TO_WATCH]
    return watched if day == today else [mask_name(name) for name in watched]


def sorted_children(children: Collection[Child]) -> list[Child]:
    """In the order of their names' pinyin."""
    return sorted(children, key=lambda child: (pinyin_key(child.name), child.id or 0))


def _lessons(session: Session, class_run_id: int, day: date) -> tuple[tuple[RosteredLesson, str], ...]:
    lessons = class_lessons(session, class_run_id, day, day)
    wanted = {lesson.course_id for lesson in lessons}
    names = dict(session.exec(select(Course.id, Course.name).where(col(Course.id).in_(wanted))).all())
    return tuple((lesson, names.get(lesson.course_id, "")) for lesson in lessons)
