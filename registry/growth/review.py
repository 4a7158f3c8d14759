"""The class lead reads every note before a guardian does: edits with history, releases, or returns it with words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.accounts.tables import Account
from registry.conventions.texts import line_of
from registry.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from registry.families.classes import children_of_class
from registry.families.tables import Child
from registry.growth.language import Finding, Kind, check_language
from registry.growth.photos import release_photo
from registry.growth.reads import children_in_photos, children_of_notes, without_consent
from registry.growth.rights import review_desk
from registry.growth.tables import NOTE_DOMAINS, NoteStatus, Observation, ObservationEdit, Photo
from registry.growth.writing import NoteInput, boxes_of, children_of_note, keep_history
from registry.privacy.access_log import note_access
from registry.programme import Course

WAITING = NoteStatus.SUBMITTED.value
NUMBERS = frozenset({Kind.PHONE, Kind.PAPER})
"""What never belongs into a note that is released, whoever decides: a number that identifies somebody."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A note as its reviewer sees it. `findings` are those of the gentle check as the words are now.

    `withheld_for` are the children in the photo who have no consent, so that it will be shown nowhere.
    """

    note: Observation
    children: tuple[Child, ...]
    author: str
    course: str
    findings: tuple[Finding, ...]
    edits: tuple[tuple[ObservationEdit, str], ...]
    withheld_for: tuple[str, ...]

    @property
    def has_number(self) -> bool:
        """Whether it cannot be released as it is."""
        return any(one.kind in NUMBERS for one in self.findings)


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
    about = children_of_notes(session, [note.id or 0 for note in notes])
    known = _known(session, class_run_id, {child for children in about.values() for child in children})
    edits = _edits(session, [note.id or 0 for note in notes])
    courses = dict(
        session.exec(select(Course.id, Course.name).where(col(Course.id).in_({n.course_id for n in notes}))).all()
    )
    names = _names(
        session, {note.author_id for note in notes} | {e.account_id for some in edits.values() for e in some}
    )
    withheld = _withheld(session, known, [note.photo_id for note in notes if note.photo_id is not None])
    return [
        ReviewRow(
            note, tuple(child for child in known if child.id in about.get(note.id or 0, ())),
            names.get(note.author_id, ""), courses.get(note.course_id, ""),
            tuple(_findings(note, about.get(note.id or 0, ()), known)),
            tuple((edit, names.get(edit.account_id, "")) for edit in edits.get(note.id or 0, ())),
            withheld.get(note.photo_id or 0, ()),
        )
        for note in notes
    ]  # fmt: skip


def _known(session: Session, class_run_id: int, about: Collection[int]) -> list[Child]:
    """The children of the class, and those who have left it since a note was written."""
    classmates = children_of_class(session, class_run_id)
    gone = set(about) - {child.id or 0 for child in classmates}
    return [*classmates, *session.exec(select(Child).where(col(Child.id).in_(gone)))]


def _edits(session: Session, note_ids: Collection[int]) -> dict[int, list[ObservationEdit]]:
    wanted = select(ObservationEdit).where(col(ObservationEdit.observation_id).in_(note_ids))
    found: dict[int, list[ObservationEdit]] = defaultdict(list)
    for edit in session.exec(wanted.order_by(col(ObservationEdit.id))):
        found[edit.observation_id].append(edit)
    return found


def _names(session: Session, account_ids: Collection[int]) -> dict[int | None, str]:
    return dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(account_ids))).all())


def _withheld(session: Session, known: Sequence[Child], photo_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    shown = children_in_photos(session, photo_ids)
    barred = without_consent(session, {child for some in shown.values() for child in some})
    names = {child.id: child.name for child in known}
    return {photo: tuple(names.get(c, "") for c in some if c in barred) for photo, some in shown.items()}


def _findings(note: Observation, about: Collection[int], known: Sequence[Child]) -> list[Finding]:
    others = [child.name for child in known if child.id not in about]
    return check_language({"seen": note.seen, "understood": note.understood, "support": note.support}, others)


def waiting_in(session: Session, class_run_ids: Collection[int]) -> dict[int, int]:
    """How many notes of each class wait to be read; whoever calls has asked for permission."""
    count = (
        select(Observation.class_run_id, func.count())
        .where(col(Observation.class_run_id).in_(class_run_ids), Observation.status == WAITING)
        .group_by(col(Observation.class_run_id))
    )
    return dict(session.exec(count).all())


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
    if {**boxes, "domain": domain} == {name: getattr(note, name) for name in (*boxes, "domain")}:
        return note
    keep_history(session, actor, note)
    for name, text in boxes.items():
        setattr(note, name, text)
    note.domain, note.changed_at = domain, clock.now()
    found = _findings(note, children_of_note(session, note_id), children_of_class(session, note.class_run_id))
    note.warnings = sorted({one.kind.value for one in found})
    session.add(note)
    session.flush()
    return note


def release_note(session: Session, actor: Actor, note_id: int, *, is_sure: bool = False) -> Observation:
    """Let the guardians of its children see a note, and its photo with it. Released twice is released once.

    Raises:
        NotFound: `note_unknown`. Conflict: `note_not_waiting`, where its writer has it back.
        Refused: `note_has_findings`, with the words, where the gentle check finds something and the reviewer has not
            said that it may stand; `note_has_number`, where a number identifies somebody: that has to go.
    """
    note = note_to_review(session, actor, note_id)
    if note.status == NoteStatus.RELEASED.value:
        return note
    if note.status != WAITING:
        raise Conflict("note_not_waiting", note=note_id)
    found = _findings(note, children_of_note(session, note_id), children_of_class(session, note.class_run_id))
    if any(one.kind in NUMBERS for one in found):
        raise Refused("note_has_number", note=note_id)
    if found and not is_sure:
        raise Refused("note_has_findings", note=note_id, words=[one.words for one in found])
    _decide(session, actor, note, NoteStatus.RELEASED)
    if note.photo_id is not None:
        release_photo(session, actor, note.photo_id)
    return note


def release_clear_notes(session: Session, actor: Actor, class_run_id: int) -> int:
    """Release every waiting note of a class in which the gentle check finds nothing; answers how many.

    Raises:
        NotFound, NotAllowed: see `review_desk`.
    """
    clear = [row for row in review_rows(session, actor, class_run_id) if not row.findings]
    for row in clear:
        release_note(session, actor, row.note.id or 0)
    return len(clear)


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
    photo = session.get(Photo, note.photo_id) if note.photo_id is not None else None
    if photo is not None:
        photo.released_at = photo.released_by = None
        session.add(photo)
        session.flush()
    return note


def _decide(session: Session, actor: Actor, note: Observation, status: NoteStatus) -> None:
    note.status, note.reviewed_by, note.reviewed_at = status.value, actor.account_id, clock.now()
    if status is NoteStatus.RELEASED:
        note.review_words = ""
    session.add(note)
    session.flush()
    for child in children_of_note(session, note.id or 0):
        note_access(session, actor.account_id, Action.REVIEW_NOTE.value, "child", child, field=f"note.{status.value}")
