"""What is forgotten of notes and photos: with a child, on a word of the lead, and by the rules of retention."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, delete, or_, select, update

from registry import clock
from registry.books.withdraw import leave_out_photos
from registry.clock import SHANGHAI
from registry.growth.files import sweep
from registry.growth.language import called
from registry.growth.tables import (
    NoteStatus,
    Observation,
    ObservationChild,
    ObservationEdit,
    Photo,
    PhotoChild,
)

BOXES = ("seen", "understood", "support")
SOMEBODY = "同学"
"""What stands for the name of a deleted child in a note about others too."""
UNFINISHED = (NoteStatus.DRAFT.value, NoteStatus.DROPPED.value)


def remove_photo(session: Session, photo: Photo, because: str) -> None:
    """Take a photo out of use for good: with its key goes the picture, out of every copy of the folder."""
    leave_out_photos(session, [photo.id or 0])
    session.execute(update(Observation).where(col(Observation.photo_id) == photo.id).values(photo_id=None))
    session.execute(delete(PhotoChild).where(col(PhotoChild.photo_id) == photo.id))
    photo.secret, photo.caption, photo.digest = None, "", ""
    photo.released_at = photo.released_by = None
    photo.removed_at, photo.removed_because = clock.now(), because
    session.add(photo)
    session.flush()


def forget_notes_of_child(session: Session, child_id: int, name: str) -> None:
    """Delete the notes about a child and every photo with it. A note about others too stays theirs, without its name.

    Concerns stay: nothing deletes those.
    """
    about = select(ObservationChild.observation_id).where(ObservationChild.child_id == child_id)
    notes = list(session.exec(select(Observation).where(col(Observation.id).in_(about))))
    shown = select(PhotoChild.photo_id).where(PhotoChild.child_id == child_id)
    photos = set(session.exec(shown)) | {note.photo_id for note in notes if note.photo_id is not None}
    for photo in session.exec(select(Photo).where(col(Photo.id).in_(photos))):
        remove_photo(session, photo, "child_erased")
    session.execute(delete(ObservationChild).where(col(ObservationChild.child_id) == child_id))
    ids = [note.id or 0 for note in notes]
    shared = set(
        session.exec(select(ObservationChild.observation_id).where(col(ObservationChild.observation_id).in_(ids)))
    )
    for note in notes:
        if note.id in shared:
            _forget_name(session, note, called([name]))
    forget_notes(session, set(ids) - shared)


def forget_notes(session: Session, ids: Collection[int]) -> None:
    """Delete notes with how they once were."""
    wanted = sorted(ids)
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        for table in (ObservationEdit, ObservationChild):
            session.execute(delete(table).where(col(table.observation_id).in_(some)))
        session.execute(delete(Observation).where(col(Observation.id).in_(some)))
    session.flush()


def _forget_name(session: Session, note: Observation, names: Collection[str]) -> None:
    """The longest form of a name first, so that no surname is left; how the note once was goes altogether."""
    session.execute(delete(ObservationEdit).where(col(ObservationEdit.observation_id) == note.id))
    for box in BOXES:
        text = getattr(note, box)
        for one in sorted(names, key=len, reverse=True):
            text = text.replace(one, SOMEBODY)
        setattr(note, box, text[:200])
    session.add(note)
    session.flush()


def old_drafts(session: Session, until: date) -> list[int]:
    """Notes that were never handed in, or taken back, and not touched since that day."""
    old = select(Observation.id).where(col(Observation.status).in_(UNFINISHED), Observation.changed_at < _begins(until))
    return sorted(number for number in session.exec(old) if number is not None)


def loose_photos(session: Session, until: date) -> list[int]:
    """Photos from before that day which nobody released and no note has."""
    tied = select(Observation.photo_id).where(col(Observation.photo_id).is_not(None))
    old = select(Photo.id).where(
        col(Photo.removed_at).is_(None), col(Photo.released_at).is_(None), Photo.created_at < _begins(until),
        col(Photo.id).not_in(tied),
    )  # fmt: skip
    return sorted(number for number in session.exec(old) if number is not None)


def old_photos(session: Session, until: date) -> list[int]:
    """Photos of days before that day."""
    old = select(Photo.id).where(col(Photo.removed_at).is_(None), Photo.day < until)
    return sorted(number for number in session.exec(old) if number is not None)


def forget_photos(session: Session, ids: Collection[int]) -> None:
    """Remove photos whose time is over."""
    wanted = sorted(ids)
    for first in range(0, len(wanted), 500):
        for photo in session.exec(select(Photo).where(col(Photo.id).in_(wanted[first : first + 500]))):
            remove_photo(session, photo, "retention")


def sweep_photos(session: Session) -> int:
    """Remove the files of photos that were removed a day ago or before, and files that no photo has.

    What was removed within a day keeps its file: the unit of work that removed it may still be undone.
    """
    yesterday = clock.now() - timedelta(days=1)
    needed = select(Photo.file).where(or_(col(Photo.removed_at).is_(None), col(Photo.removed_at) > yesterday))
    return sweep(set(session.exec(needed)), yesterday.timestamp())


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
