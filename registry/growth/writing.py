"""Writing a note in thirty seconds: which child, what was seen, which domain. The published week knows the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, delete, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.clock import SHANGHAI
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.duties.days import class_lessons
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.classes import children_of_class
from registry.families.tables import Child
from registry.growth.keys import key_of
from registry.growth.language import Finding, check_language
from registry.growth.phrases import PHRASE
from registry.growth.rights import last_day_to_write, writing_desk
from registry.growth.tables import (
    NOTE_DOMAINS,
    NoteStatus,
    Observation,
    ObservationChild,
    ObservationEdit,
    Photo,
)
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Course, Term

LONGEST_BOX = 200
"""Characters of each of the three boxes (DOMAIN.md, Growth records)."""
MOST_CHILDREN = 40
OPEN = (NoteStatus.DRAFT.value, NoteStatus.SUBMITTED.value, NoteStatus.RETURNED.value)


@dataclass(frozen=True, slots=True)
class NoteInput:
    """A note as it comes from a form. `phrase` may stand in for `seen`; `written_at` is the clock of the phone.

    `photo_id` is a photo that was stored before; `is_sure` that the writer has seen what the gentle check found.
    """

    child_ids: tuple[int, ...]
    seen: str = ""
    domain: str = ""
    understood: str = ""
    support: str = ""
    phrase: str | None = None
    course_id: int | None = None
    photo_id: int | None = None
    written_at: datetime | None = None
    is_draft: bool = False
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A note, and what the gentle check would have the writer look at again. No note: it waits for that look."""

    note: Observation | None
    findings: list[Finding] = field(default_factory=list)
    is_new: bool = True


def note_of_author(session: Session, actor: Actor, note_id: int) -> Observation:
    """A note by its number, of the actor's own.

    Raises:
        NotFound: `note_unknown`, for somebody else's exactly as for one that does not exist.
    """
    require(actor, Action.WRITE_NOTE)
    found = session.get(Observation, note_id)
    if found is None or found.author_id != actor.account_id or found.status == NoteStatus.DROPPED.value:
        raise NotFound("note_unknown", note=note_id)
    return found


def own_notes(session: Session, actor: Actor, first: date, last: date) -> list[Observation]:
    """What the actor wrote about the days from one to another, both included, the newest first."""
    require(actor, Action.WRITE_NOTE)
    wanted = select(Observation).where(
        Observation.author_id == actor.account_id,
        Observation.status != NoteStatus.DROPPED.value,
        col(Observation.day).between(first, last),
    )
    return list(session.exec(wanted.order_by(col(Observation.day).desc(), col(Observation.id).desc())))


def children_of_note(session: Session, note_id: int) -> list[int]:
    """The numbers of the children whom a note is about."""
    about = select(ObservationChild.child_id).where(ObservationChild.observation_id == note_id)
    return sorted(session.exec(about))


def check_note(session: Session, actor: Actor, class_run_id: int, day: date, given: NoteInput) -> list[Finding]:
    """The gentle check of what somebody is about to store; the children whom the note is about may be named.

    Raises:
        NotFound, NotAllowed: see `writing_desk`.
    """
    writing_desk(session, actor, class_run_id, day)
    others = [c.name for c in children_of_class(session, class_run_id) if c.id not in given.child_ids]
    return check_language({"seen": given.seen, "understood": given.understood, "support": given.support}, others)


def write_note(
    session: Session, actor: Actor, class_run_id: int, day: date, request_key: str, given: NoteInput
) -> Written:
    """Store a note about children of a class on a day. The same key again answers with the note that is there.

    Nothing is stored where the gentle check finds something and the writer has not seen it; the class lead decides
    about what the writer leaves standing.

    Raises:
        NotFound: `class_run_unknown`. NotAllowed: `clearance_needed`. See `writing_desk`.
        Invalid: at each field: `children` (`choose_one`, `child_not_in_class`), `seen` (`needed`, `too_long`),
            `domain` (`choose_one`), `phrase`, `course_id`, `photo_id`, `day`, `request_key`.
    """
    require(actor, Action.WRITE_NOTE)
    take_turns(session, f"note of {actor.account_id}")
    stored = select(Observation).where(
        Observation.author_id == actor.account_id, Observation.request_key == request_key
    )
    known = session.exec(stored).first()
    if known is not None:
        return Written(known, is_new=False)
    class_run = writing_desk(session, actor, class_run_id, day).class_run
    key = key_of(request_key)
    _check_day(session, class_run, day)
    children = children_of_class(session, class_run_id)
    seen = _boxes(session, actor, class_run, given, children)
    found = check_language(seen, [c.name for c in children if c.id not in given.child_ids])
    if found and not given.is_sure:
        return Written(None, found)
    note = Observation(
        class_run_id=class_run_id, day=day, author_id=actor.account_id, request_key=key,
        course_id=given.course_id or _course_then(session, class_run_id, day, given.written_at),
        domain=domain_of(given), phrase=given.phrase, status=_status(given),
        seen=seen["seen"], understood=seen["understood"], support=seen["support"],
        warnings=sorted({one.kind.value for one in found}), photo_id=given.photo_id,
        written_at=given.written_at, created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    session.add(note)
    session.flush()
    _tie(session, note, given.child_ids)
    for child_id in sorted(set(given.child_ids)):
        note_access(session, actor.account_id, Action.WRITE_NOTE.value, "child", child_id, field="note")
    return Written(note, found)


def change_note(session: Session, actor: Actor, note_id: int, given: NoteInput) -> Written:
    """Write the own note anew, as long as nobody has released it. How it was is kept; the check is as in `write_note`.

    Raises:
        NotFound: `note_unknown`. Conflict: `note_released`. Invalid, NotAllowed: as `write_note`.
    """
    note = note_of_author(session, actor, note_id)
    if note.status not in OPEN:
        raise Conflict("note_released", note=note_id)
    class_run = writing_desk(session, actor, note.class_run_id, note.day).class_run
    children = children_of_class(session, note.class_run_id)
    seen = _boxes(session, actor, class_run, given, children, note.photo_id)
    found = check_language(seen, [c.name for c in children if c.id not in given.child_ids])
    if found and not given.is_sure:
        return Written(None, found, is_new=False)
    keep_history(session, actor, note)
    for name, text in seen.items():
        setattr(note, name, text)
    note.domain, note.phrase, note.photo_id = domain_of(given), given.phrase, given.photo_id
    note.warnings, note.status = sorted({one.kind.value for one in found}), _status(given)
    note.changed_at = clock.now()
    session.add(note)
    _tie(session, note, given.child_ids)
    return Written(note, found, is_new=False)


def drop_note(session: Session, actor: Actor, note_id: int) -> None:
    """Take the own note back, as long as nobody has released it.

    Raises:
        NotFound: `note_unknown`. Conflict: `note_released`.
    """
    note = note_of_author(session, actor, note_id)
    if note.status not in OPEN:
        raise Conflict("note_released", note=note_id)
    note.status, note.changed_at = NoteStatus.DROPPED.value, clock.now()
    session.add(note)
    session.flush()


def keep_history(session: Session, actor: Actor, note: Observation) -> None:
    """Keep how a note is, before it is changed."""
    session.add(
        ObservationEdit(
            observation_id=note.id or 0, account_id=actor.account_id, at=clock.now(),
            seen=note.seen, understood=note.understood, support=note.support, domain=note.domain,
        )
    )  # fmt: skip
    session.flush()


def boxes_of(given: NoteInput) -> dict[str, str]:
    """The three boxes, trimmed, the fact from the phrase where nothing was typed.

    Raises:
        Invalid: `needed`, `too_long`, `text_malformed` at `seen`, `understood`, `support`; `choose_one` at `phrase`.
    """
    if given.phrase is not None and given.phrase not in PHRASE:
        raise Invalid(FieldProblem("phrase", "choose_one"))
    ready = PHRASE[given.phrase].zh if given.phrase else ""
    problems: list[FieldProblem] = []
    found: dict[str, str] = {}
    for name, text in (("seen", given.seen or ready), ("understood", given.understood), ("support", given.support)):
        try:
            found[name] = line_of(name, text, LONGEST_BOX, needed=name == "seen")
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(*problems)
    return found


def domain_of(given: NoteInput) -> str:
    """The domain that was chosen, else that of the phrase."""
    return given.domain or (PHRASE[given.phrase].domain if given.phrase in PHRASE else "")


def _boxes(
    session: Session,
    actor: Actor,
    class_run: ClassRun,
    given: NoteInput,
    children: Collection[Child],
    kept: int | None = None,
) -> dict[str, str]:
    """The boxes, once everything else is sound too; all problems at once. The note has the photo `kept` already."""
    problems = [*_wrong_children(given, {c.id for c in children})]
    if domain_of(given) not in NOTE_DOMAINS:
        problems.append(FieldProblem("domain", "choose_one"))
    if given.course_id is not None and session.get(Course, given.course_id) is None:
        problems.append(FieldProblem("course_id", "choose_one"))
    if given.photo_id not in (None, kept) and not _is_photo_there(session, actor, class_run, given.photo_id):
        problems.append(FieldProblem("photo_id", "choose_one"))
    try:
        found = boxes_of(given)
    except Invalid as invalid:
        raise Invalid(*problems, *invalid.problems) from None
    if problems:
        raise Invalid(*problems)
    return found


def _wrong_children(given: NoteInput, here: Collection[int | None]) -> list[FieldProblem]:
    if not 1 <= len(set(given.child_ids)) <= MOST_CHILDREN:
        return [FieldProblem("children", "choose_one")]
    if not set(given.child_ids) <= set(here):
        return [FieldProblem("children", "child_not_in_class")]
    return []


def _is_photo_there(session: Session, actor: Actor, class_run: ClassRun, photo_id: int | None) -> bool:
    """Whether it is a photo of the class that the writer took: with somebody else's one could look at that."""
    photo = session.get(Photo, photo_id)
    if photo is None or photo.class_run_id != class_run.id or photo.removed_at is not None:
        return False
    return photo.uploaded_by == actor.account_id


def _check_day(session: Session, class_run: ClassRun, day: date) -> None:
    """A note is about a day of the term that has begun."""
    term = session.get_one(Term, class_run.term_id)
    if not term.starts_on <= day <= term.ends_on or day > clock.today():
        raise Invalid(FieldProblem("day", "day_outside_term"))
    if clock.today() > last_day_to_write(session, class_run):
        raise Invalid(FieldProblem("day", "too_late_to_write"))


def _course_then(session: Session, class_run_id: int, day: date, moment: datetime | None) -> int | None:
    """The course of the lesson during which, or in the quarter of an hour after which, the note was written."""
    if moment is None or moment.astimezone(SHANGHAI).date() != day:
        return None
    then = moment.astimezone(SHANGHAI)
    for lesson in reversed(class_lessons(session, class_run_id, day, day)):
        starts = datetime.combine(day, lesson.starts_at, SHANGHAI)
        ends = datetime.combine(day, lesson.ends_at, SHANGHAI)
        if starts <= then <= ends + timedelta(minutes=15):
            return lesson.course_id
    return None


def _status(given: NoteInput) -> str:
    return NoteStatus.DRAFT.value if given.is_draft else NoteStatus.SUBMITTED.value


def _tie(session: Session, note: Observation, child_ids: Collection[int]) -> None:
    """The note is about these children and nobody else."""
    session.exec(delete(ObservationChild).where(col(ObservationChild.observation_id) == note.id))
    session.add_all(ObservationChild(observation_id=note.id or 0, child_id=child) for child in sorted(set(child_ids)))
    session.flush()
