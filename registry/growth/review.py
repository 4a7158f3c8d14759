"""The class lead reads every note before a guardian does: edits with history, releases, or returns it with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.accounts.tables import Account
from registry.conventions.texts import line_of
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.classes import children_of_class
from registry.families.tables import Child
from registry.growth.language import Finding, check_language
from registry.growth.rights import review_desk
from registry.growth.tables import NOTE_DOMAINS, NoteStatus, Observation, ObservationChild, ObservationEdit
from registry.growth.writing import NoteInput, boxes_of, keep_history
from registry.privacy.access_log import note_access

WAITING = NoteStatus.SUBMITTED.value


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A note as its reviewer sees it. `findings` are those of the gentle check as the words are now."""

    note: Observation
    children: tuple[Child, ...]
    author: str
    findings: tuple[Finding, ...]
    edits: int


def review_rows(
    session: Session, actor: Actor, class_run_id: int, statuses: Sequence[str] = (WAITING,)
) -> list[ReviewRow]:
    """The notes of a class that wait (or have another status), the oldest first, with a constant number of queries.

    Raises:
        NotFound, NotAllowed: see `review_desk`.
    """
    review_desk(session, actor, class_run_id)
    wanted = select(Observation).where(Observation.class_run_id == class_run_id, col(Observation.status).in_(statuses))
    notes = list(session.exec(wanted.order_by(col(Observation.day), col(Observation.id))))
    ids = [note.id for note in notes]
    tied = session.exec(select(ObservationChild).where(col(ObservationChild.observation_id).in_(ids))).all()
    about: dict[int, set[int]] = {}
    for row in tied:
        about.setdefault(row.observation_id, set()).add(row.child_id)
    classmates = children_of_class(session, class_run_id)
    gone = {child for children in about.values() for child in children} - {c.id for c in classmates}
    known = [*classmates, *session.exec(select(Child).where(col(Child.id).in_(gone)))]
    authors = dict(
        session.exec(select(Account.id, Account.name).where(col(Account.id).in_({n.author_id for n in notes})))
    )
    edits = session.exec(
        select(ObservationEdit.observation_id).where(col(ObservationEdit.observation_id).in_(ids))
    ).all()
    return [_row(note, about.get(note.id or 0, set()), known, authors.get(note.author_id, ""), edits) for note in notes]


def _row(note: Observation, about: set[int], known: Sequence[Child], author: str, edits: Sequence[int]) -> ReviewRow:
    children = tuple(child for child in known if child.id in about)
    others = [child.name for child in known if child.id not in about]
    boxes = {"seen": note.seen, "understood": note.understood, "support": note.support}
    return ReviewRow(note, children, author, tuple(check_language(boxes, others)), edits.count(note.id or 0))


def waiting(session: Session, actor: Actor, class_run_id: int) -> int:
    """How many notes of a class wait to be read."""
    return len(review_rows(session, actor, class_run_id))


def note_to_review(session: Session, actor: Actor, note_id: int) -> Observation:
    """A note of a class that the actor reviews, drafts of others and dropped ones excepted.

    Raises:
        NotFound: `note_unknown`. NotAllowed: see `review_desk`.
    """
    unknown = NotFound("note_unknown", note=note_id)
    note = session.get(Observation, note_id)
    if note is None or note.status in (NoteStatus.DROPPED.value, NoteStatus.DRAFT.value):
        raise unknown
    try:
        review_desk(session, actor, note.class_run_id)
    except NotFound as other:
        unknown.denied = other.denied
        raise unknown from None
    return note


def history(session: Session, actor: Actor, note_id: int) -> list[ObservationEdit]:
    """How a note was before each change, the oldest first."""
    note_to_review(session, actor, note_id)
    edits = select(ObservationEdit).where(ObservationEdit.observation_id == note_id)
    return list(session.exec(edits.order_by(col(ObservationEdit.id))))


def edit_note(
    session: Session, actor: Actor, note_id: int, *, seen: str, understood: str = "", support: str = "", domain: str
) -> Observation:
    """Change the words of a note in review, or of one that was released. How it was is kept.

    Raises:
        NotFound: `note_unknown`. Invalid: at `seen`, `understood`, `support`, `domain`.
    """
    note = note_to_review(session, actor, note_id)
    if domain not in NOTE_DOMAINS:
        raise Invalid(FieldProblem("domain", "choose_one"))
    boxes = boxes_of(NoteInput(child_ids=(), seen=seen, understood=understood, support=support))
    keep_history(session, actor, note)
    for name, text in boxes.items():
        setattr(note, name, text)
    note.domain, note.changed_at = domain, clock.now()
    session.add(note)
    session.flush()
    return note


def release_note(session: Session, actor: Actor, note_id: int) -> Observation:
    """Let the guardians of its children see a note. Released twice is released once.

    Raises:
        NotFound: `note_unknown`. Conflict: `note_not_waiting`, where its writer has it back.
    """
    note = note_to_review(session, actor, note_id)
    if note.status == NoteStatus.RELEASED.value:
        return note
    if note.status != WAITING:
        raise Conflict("note_not_waiting", note=note_id)
    _decide(session, actor, note, NoteStatus.RELEASED)
    return note


def return_note(session: Session, actor: Actor, note_id: int, words: str) -> Observation:
    """Give a note back to its writer, with words on what to change; one that was released is taken back so.

    Raises:
        NotFound: `note_unknown`. Conflict: `note_not_waiting`. Invalid: at `words` `needed`, `too_long`.
    """
    note = note_to_review(session, actor, note_id)
    said = line_of("words", words, 200, needed=True)
    if note.status not in (WAITING, NoteStatus.RELEASED.value):
        raise Conflict("note_not_waiting", note=note_id)
    note.review_words = said
    _decide(session, actor, note, NoteStatus.RETURNED)
    return note


def _decide(session: Session, actor: Actor, note: Observation, status: NoteStatus) -> None:
    note.status, note.reviewed_by, note.reviewed_at = status.value, actor.account_id, clock.now()
    if status is NoteStatus.RELEASED:
        note.review_words = ""
    session.add(note)
    session.flush()
    for child in session.exec(select(ObservationChild.child_id).where(ObservationChild.observation_id == note.id)):
        note_access(session, actor.account_id, Action.REVIEW_NOTE.value, "child", child, field=f"note.{status.value}")
