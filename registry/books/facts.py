"""Everything that is known about a class run and its children, read once for all its books, by a constant number of
queries: 30 handbooks of a class cost as many as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry.accounts.tables import Account
from registry.attendance.figures import ChildDay, class_days
from registry.books.selection import Consents
from registry.books.tables import GuardianFeedback, GuardianReply
from registry.duties.days import class_lessons
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.families.classes import children_of_class, class_run_of
from registry.families.tables import Child, Guardian, Guardianship
from registry.growth.tables import NoteStatus, Observation, ObservationChild, Photo, PhotoChild
from registry.people import Volunteer
from registry.privacy.tables import ConsentItem, ConsentRecord
from registry.programme import ClassRun, Course, Site, Term


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class run as its books see it. Notes are the released ones, photos all that were taken, in order of time."""

    run: ClassRun
    site: Site
    term: Term
    children: tuple[Child, ...]
    days: Mapping[int, Sequence[ChildDay]]
    lessons: tuple[RosteredLesson, ...]
    courses: Mapping[int, Course]
    leads: tuple[str, ...]
    volunteers: tuple[str, ...]
    notes: Mapping[int, Sequence[Observation]]
    photos: Mapping[int, Photo]
    shown: Mapping[int, frozenset[int]]
    consents: Consents
    feedback: Mapping[int, Sequence[tuple[GuardianFeedback, str]]]
    replies: Mapping[int, Sequence[tuple[GuardianReply, str]]]

    def child(self, child_id: int) -> Child | None:
        """A child of the class."""
        return next((child for child in self.children if child.id == child_id), None)

    def others(self, child_id: int) -> list[str]:
        """The names of all other children of the class."""
        return [child.name for child in self.children if child.id != child_id]

    def photos_of(self, child_id: int) -> list[Photo]:
        """The photos for a child's book, in order of time: those in which it can be recognised, and works and others of
        notes about nobody else."""
        shared = Counter(note.id for notes in self.notes.values() for note in notes)
        alone = {note.photo_id for note in self.notes.get(child_id, ()) if shared[note.id] == 1}
        return [p for n, p in self.photos.items() if n in alone or child_id in self.shown.get(n, frozenset())]

    def photos_beside(self, child_id: int) -> list[Photo]:
        """The photos that stand beside the notes about a child."""
        numbers = {note.photo_id for note in self.notes.get(child_id, ())}
        return [photo for number, photo in self.photos.items() if number in numbers]


def class_facts(session: Session, class_run_id: int) -> ClassFacts:
    """Read it all. Whoever calls has made sure that the reader may.

    Raises:
        NotFound: `class_run_unknown`.
    """
    run = class_run_of(session, class_run_id)
    term = session.get_one(Term, run.term_id)
    children = tuple(children_of_class(session, class_run_id))
    ids = [child.id or 0 for child in children]
    lessons = tuple(class_lessons(session, class_run_id, term.starts_on, term.ends_on))
    notes = _notes(session, class_run_id)
    photos = _photos(session, class_run_id)
    shown = _shown(session, photos)
    leads, volunteers = _people(session, run, term)
    return ClassFacts(
        run=run, site=session.get_one(Site, run.site_id), term=term, children=children,
        days=class_days(session, class_run_id, ids), lessons=lessons, courses=_courses(session, lessons, notes),
        leads=leads, volunteers=volunteers, notes=notes, photos=photos, shown=shown,
        consents=photo_consents(session, {child for those in shown.values() for child in those}),
        feedback=_feedback(session, class_run_id), replies=_replies(session, class_run_id),
    )  # fmt: skip


def photo_consents(session: Session, child_ids: Collection[int]) -> Consents:
    """The newest answers about photos in the class's books. The children may have left the class."""
    given: dict[int, bool] = {}
    names: dict[int, str] = {}
    wanted = sorted(child_ids)
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        answers = select(ConsentRecord.child_id, ConsentRecord.is_given).where(
            col(ConsentRecord.child_id).in_(some), ConsentRecord.item == ConsentItem.CLASS_PHOTO.value
        )
        given |= dict(session.exec(answers.order_by(col(ConsentRecord.id))).all())
        named = session.exec(select(col(Child.id), Child.name).where(col(Child.id).in_(some)))
        names |= {child: name for child, name in named if child is not None}
    return Consents(given, names)


def _notes(session: Session, class_run_id: int) -> dict[int, list[Observation]]:
    wanted = (
        select(ObservationChild.child_id, Observation)
        .join(Observation, col(Observation.id) == ObservationChild.observation_id)
        .where(Observation.class_run_id == class_run_id, Observation.status == NoteStatus.RELEASED.value)
        .order_by(col(Observation.day), col(Observation.id))
    )
    found: dict[int, list[Observation]] = defaultdict(list)
    for child, note in session.exec(wanted):
        found[child].append(note)
    return found


def _photos(session: Session, class_run_id: int) -> dict[int, Photo]:
    taken = select(Photo).where(Photo.class_run_id == class_run_id).order_by(col(Photo.day), col(Photo.id))
    return {photo.id or 0: photo for photo in session.exec(taken)}


def _shown(session: Session, photos: Collection[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    wanted = sorted(photos)
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        for row in session.exec(select(PhotoChild).where(col(PhotoChild.photo_id).in_(some))):
            found[row.photo_id].add(row.child_id)
    return {photo: frozenset(children) for photo, children in found.items()}


def _courses(
    session: Session, lessons: Sequence[RosteredLesson], notes: Mapping[int, Sequence[Observation]]
) -> dict[int, Course]:
    wanted = {x.course_id for x in lessons} | {n.course_id for those in notes.values() for n in those if n.course_id}
    found = session.exec(select(Course).where(col(Course.id).in_(sorted(wanted))))
    return {course.id or 0: course for course in found}


def _people(session: Session, run: ClassRun, term: Term) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The leads and everybody else who was with the class, by the published weeks, the most frequent first."""
    wanted = (
        select(RosteredDuty.role, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == RosteredDuty.volunteer_id)
        .where(RosteredDuty.class_run_id == run.id, col(RosteredDuty.day).between(term.starts_on, term.ends_on))
    )
    by_role: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for role, name in session.exec(wanted):
        by_role[role == "lead"][name] += 1
    leads = [name for name, _ in sorted(by_role[True].items(), key=lambda item: (-item[1], item[0]))]
    others = [name for name, _ in sorted(by_role[False].items(), key=lambda item: (-item[1], item[0]))]
    return tuple(leads), tuple(name for name in others if name not in leads)


def _feedback(session: Session, class_run_id: int) -> dict[int, list[tuple[GuardianFeedback, str]]]:
    """What was released to guardians, with its author's name, in order of time."""
    wanted = (
        select(GuardianFeedback, Account.name)
        .join(Account, col(Account.id) == GuardianFeedback.author_id)
        .where(GuardianFeedback.class_run_id == class_run_id, col(GuardianFeedback.released_at).is_not(None))
        .order_by(col(GuardianFeedback.id))
    )
    found: dict[int, list[tuple[GuardianFeedback, str]]] = defaultdict(list)
    for row, author in session.exec(wanted):
        found[row.child_id].append((row, author))
    return found


def _replies(session: Session, class_run_id: int) -> dict[int, list[tuple[GuardianReply, str]]]:
    """What guardians answered, with what they are to the child; a guardian who is none any more is just family."""
    wanted = (
        select(GuardianReply, Guardianship.relation)
        .outerjoin(
            Guardianship,
            (col(Guardianship.child_id) == GuardianReply.child_id)
            & (col(Guardianship.guardian_id) == GuardianReply.guardian_id),
        )
        .where(GuardianReply.class_run_id == class_run_id)
        .order_by(col(GuardianReply.id))
    )
    found: dict[int, list[tuple[GuardianReply, str]]] = defaultdict(list)
    for row, relation in session.exec(wanted):
        found[row.child_id].append((row, relation or "other"))
    return found


def guardians_phones(session: Session, child_ids: Collection[int]) -> list[str]:
    """The phones of the children's guardians whose accounts are open, each once."""
    wanted = (
        select(Account.phone)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(col(Guardianship.child_id).in_(child_ids), col(Account.is_active))
    )
    return sorted({phone for phone in session.exec(wanted) if phone})
