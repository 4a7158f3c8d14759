"""What books are made of: released notes, and released photos with the consent of every child in them.

Nothing here asks who is reading: whoever calls has asked for permission. Consent is looked up each time, so that what
was agreed to yesterday and taken back today is left out today.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry.accounts.tables import Account
from registry.errors import NotFound
from registry.growth.files import Stored, get_picture
from registry.growth.tables import NoteStatus, Observation, ObservationChild, Photo, PhotoChild, PhotoKind
from registry.privacy.tables import ConsentItem, ConsentRecord
from registry.programme import Course


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note that guardians may read. `photo_id` is only there where every child in the photo has consent.

    A note about several children names nobody as far as the gentle check knows, and belongs to each of them.
    """

    id: int
    class_run_id: int
    day: date
    domain: str
    seen: str
    understood: str
    support: str
    author: str
    course: str
    child_ids: tuple[int, ...]
    photo_id: int | None


@dataclass(frozen=True, slots=True)
class ClassPhoto:
    """A released photo. `withheld_for` are the children in it without consent: with any of them it is shown nowhere."""

    id: int
    class_run_id: int
    day: date
    kind: str
    caption: str
    width: int
    height: int
    child_ids: tuple[int, ...]
    withheld_for: tuple[int, ...]

    @property
    def is_usable(self) -> bool:
        """Whether every child who can be recognised has consent."""
        return not self.withheld_for


def without_consent(session: Session, child_ids: Collection[int]) -> set[int]:
    """Those of the children whose guardians have not agreed to photos in the books of the class, as answered last."""
    wanted = sorted(set(child_ids))
    agreed: dict[int, bool] = {}
    for first in range(0, len(wanted), 500):
        given = select(ConsentRecord.child_id, ConsentRecord.is_given).where(
            ConsentRecord.item == ConsentItem.CLASS_PHOTO.value,
            col(ConsentRecord.child_id).in_(wanted[first : first + 500]),
        )
        agreed.update(session.exec(given.order_by(col(ConsentRecord.id))).all())
    return {child for child in wanted if not agreed.get(child, False)}


def released_notes(session: Session, class_run_id: int, child_id: int | None = None) -> list[ReleasedNote]:
    """The released notes of a class, of one child or all, in the order of their days; four queries."""
    wanted = (
        select(Observation, Account.name, Course.name)
        .join(Account, col(Account.id) == Observation.author_id)
        .join(Course, col(Course.id) == Observation.course_id, isouter=True)
        .where(Observation.class_run_id == class_run_id, Observation.status == NoteStatus.RELEASED.value)
        .order_by(col(Observation.day), col(Observation.id))
    )
    if child_id is not None:
        about = select(ObservationChild.observation_id).where(ObservationChild.child_id == child_id)
        wanted = wanted.where(col(Observation.id).in_(about))
    rows = session.exec(wanted).all()
    children = children_of_notes(session, [note.id or 0 for note, _, _ in rows])
    usable = {photo.id for photo in class_photos(session, class_run_id) if photo.is_usable} if rows else set()
    return [
        ReleasedNote(
            note.id or 0, class_run_id, note.day, note.domain, note.seen, note.understood, note.support, author,
            course or "", children.get(note.id or 0, ()), note.photo_id if note.photo_id in usable else None,
        )
        for note, author, course in rows
    ]  # fmt: skip


def children_of_notes(session: Session, note_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The children whom each of the notes is about."""
    tied = select(ObservationChild).where(col(ObservationChild.observation_id).in_(note_ids))
    found: dict[int, tuple[int, ...]] = {}
    for row in session.exec(tied.order_by(col(ObservationChild.child_id))):
        found[row.observation_id] = (*found.get(row.observation_id, ()), row.child_id)
    return found


def class_photos(session: Session, class_run_id: int) -> list[ClassPhoto]:
    """The released photos of a class, in the order of their days, those that must be left out among them."""
    wanted = select(Photo).where(
        Photo.class_run_id == class_run_id, col(Photo.released_at).is_not(None), col(Photo.removed_at).is_(None)
    )
    photos = list(session.exec(wanted.order_by(col(Photo.day), col(Photo.id))))
    shown = children_in_photos(session, [photo.id or 0 for photo in photos])
    withheld = without_consent(session, {child for some in shown.values() for child in some})
    return [_class_photo(photo, shown.get(photo.id or 0, ()), withheld) for photo in photos]


def _class_photo(photo: Photo, children: tuple[int, ...], withheld: set[int]) -> ClassPhoto:
    return ClassPhoto(
        photo.id or 0, photo.class_run_id, photo.day, photo.kind, photo.caption, photo.width, photo.height, children,
        tuple(child for child in children if child in withheld),
    )  # fmt: skip


def children_in_photos(session: Session, photo_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The children who can be recognised in each of the photos."""
    tied = select(PhotoChild).where(col(PhotoChild.photo_id).in_(photo_ids))
    found: dict[int, tuple[int, ...]] = {}
    for row in session.exec(tied.order_by(col(PhotoChild.child_id))):
        found[row.photo_id] = (*found.get(row.photo_id, ()), row.child_id)
    return found


def photos_of_child(session: Session, class_run_id: int, child_id: int) -> list[ClassPhoto]:
    """The photos for a child's book: those with the child in them, and works from released notes about nobody else."""
    works = {note.photo_id for note in released_notes(session, class_run_id, child_id) if note.child_ids == (child_id,)}
    return [
        photo
        for photo in class_photos(session, class_run_id)
        if photo.is_usable
        and (child_id in photo.child_ids or (photo.kind == PhotoKind.WORK.value and photo.id in works))
    ]


def picture(session: Session, photo_id: int) -> bytes:
    """The JPEG of a photo.

    Raises:
        NotFound: `photo_unknown`, also for one that was removed. Refused: `photo_lost`, see `get_picture`.
    """
    photo = session.get(Photo, photo_id)
    if photo is None or photo.secret is None:
        raise NotFound("photo_unknown", photo=photo_id)
    return get_picture(Stored(photo.file, photo.secret))
