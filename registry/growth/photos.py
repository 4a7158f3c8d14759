"""Photos of a class: taking one in, who is in it, letting it into the books, taking it out again, who may see it.

A photo in which a child without consent can be recognised is not kept at all. What is agreed to later is not undone by
that: the photo can be taken again. Consent that is taken back leaves the photo where it is and keeps it out of
everything that is made (`registry.growth.reads`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, delete, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.errors import Denied, FieldProblem, Invalid, NotFound, RegistryError
from registry.families.classes import children_of_class
from registry.families.tables import Guardianship
from registry.growth.files import put_picture
from registry.growth.forget import remove_photo
from registry.growth.keys import key_of
from registry.growth.pictures import read_photo
from registry.growth.reads import children_in_photos, photos_of_child, without_consent
from registry.growth.rights import may_review, review_desk, writing_desk
from registry.growth.tables import Observation, Photo, PhotoChild, PhotoKind
from registry.privacy.access_log import note_access
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun

LONGEST_CAPTION = 100


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """A photo as it comes from a phone. `child_ids` are those who can be recognised in it; in a work nobody can."""

    data: bytes
    kind: str = PhotoKind.MOMENT.value
    child_ids: tuple[int, ...] = ()
    caption: str = ""


def store_photo(
    session: Session, actor: Actor, class_run_id: int, day: date, request_key: str, given: PhotoInput
) -> Photo:
    """Keep a photo of a class. The same key again answers with the photo that is there.

    Raises:
        NotFound, NotAllowed: see `writing_desk`. Refused: `photos_unwritable`.
        Invalid: at `photo`, as `read_photo`, or `photo_without_consent` with the names of those said to be in it; at
            `kind`, `photo_children`, `caption`, `request_key`.
    """
    require(actor, Action.WRITE_NOTE)
    take_turns(session, f"photo of {actor.account_id}")
    stored = select(Photo).where(Photo.uploaded_by == actor.account_id, Photo.request_key == request_key)
    known = session.exec(stored).first()
    if known is not None:
        return known
    writing_desk(session, actor, class_run_id, day)
    key = key_of(request_key)
    shown = _shown(session, class_run_id, given.kind, given.child_ids)
    caption = line_of("caption", given.caption, LONGEST_CAPTION)
    made = read_photo(given.data)
    kept = put_picture(made.jpeg)
    photo = Photo(
        class_run_id=class_run_id, day=day, uploaded_by=actor.account_id, request_key=key, kind=given.kind,
        caption=caption, file=kept.file, secret=kept.secret, digest=made.digest, width=made.width,
        height=made.height, created_at=clock.now(),
    )  # fmt: skip
    session.add(photo)
    session.flush()
    _tie(session, photo, shown)
    return photo


def _shown(session: Session, class_run_id: int, kind: str, child_ids: Collection[int]) -> set[int]:
    """The children in a photo, once all of them are of the class and agreed to.

    Raises:
        Invalid: at `kind`, `photo_children`, `photo`.
    """
    if kind not in set(PhotoKind):
        raise Invalid(FieldProblem("kind", "choose_one"))
    names = {child.id or 0: child.name for child in children_of_class(session, class_run_id)}
    shown = set(child_ids)
    if not shown <= set(names):
        raise Invalid(FieldProblem("photo_children", "child_not_in_class"))
    if kind == PhotoKind.WORK.value and shown:
        raise Invalid(FieldProblem("photo_children", "work_without_children"))
    refusing = [names[child] for child in names if child in without_consent(session, shown)]
    if refusing:
        raise Invalid(FieldProblem("photo", "photo_without_consent", {"names": refusing}))
    return shown


def _tie(session: Session, photo: Photo, children: Collection[int]) -> None:
    session.exec(delete(PhotoChild).where(col(PhotoChild.photo_id) == photo.id))
    session.add_all(PhotoChild(photo_id=photo.id or 0, child_id=child) for child in sorted(children))
    session.flush()


def photo_to_review(session: Session, actor: Actor, photo_id: int) -> Photo:
    """A photo of a class that the actor reviews.

    Raises:
        NotFound: `photo_unknown`. NotAllowed: see `review_desk`.
    """
    photo = _photo(session, photo_id)
    try:
        review_desk(session, actor, photo.class_run_id)
    except NotFound as other:
        raise _as_unknown(photo_id, other) from None
    return photo


def change_photo(
    session: Session, actor: Actor, photo_id: int, *, kind: str, child_ids: Collection[int], caption: str = ""
) -> Photo:
    """Say anew who is in a photo. Where one of them has no consent, the photo has to be discarded instead.

    Raises:
        NotFound, NotAllowed: as `photo_to_review`. Invalid: as `store_photo`; nothing is changed then.
    """
    photo = photo_to_review(session, actor, photo_id)
    said = line_of("caption", caption, LONGEST_CAPTION)
    shown = _shown(session, photo.class_run_id, kind, child_ids)
    photo.kind, photo.caption = kind, said
    session.add(photo)
    _tie(session, photo, shown)
    return photo


def release_photo(session: Session, actor: Actor, photo_id: int) -> Photo:
    """Let a photo into the books of the class. Released twice is released once.

    Raises:
        NotFound, NotAllowed: as `photo_to_review`.
    """
    photo = photo_to_review(session, actor, photo_id)
    if photo.released_at is None:
        photo.released_at, photo.released_by = clock.now(), actor.account_id
        session.add(photo)
        session.flush()
        for child in children_in_photos(session, [photo_id]).get(photo_id, ()):
            note_access(session, actor.account_id, Action.REVIEW_NOTE.value, "child", child, field="photo.released")
    return photo


def discard_photo(session: Session, actor: Actor, photo_id: int) -> None:
    """Take a photo out for good, also out of the note that it came with.

    Raises:
        NotFound, NotAllowed: as `photo_to_review`.
    """
    photo = photo_to_review(session, actor, photo_id)
    for child in children_in_photos(session, [photo_id]).get(photo_id, ()):
        note_access(session, actor.account_id, Action.REVIEW_NOTE.value, "child", child, field="photo.removed")
    remove_photo(session, photo, "discarded")


def photos_to_review(session: Session, actor: Actor, class_run_id: int) -> list[tuple[Photo, tuple[int, ...]]]:
    """The photos of a class and who is in each, those that wait first, then the newest first.

    Raises:
        NotFound, NotAllowed: see `review_desk`.
    """
    review_desk(session, actor, class_run_id)
    wanted = select(Photo).where(Photo.class_run_id == class_run_id, col(Photo.removed_at).is_(None))
    photos = list(session.exec(wanted.order_by(col(Photo.id).desc())))
    shown = children_in_photos(session, [photo.id or 0 for photo in photos])
    photos.sort(key=lambda photo: photo.released_at is not None)
    return [(photo, shown.get(photo.id or 0, ())) for photo in photos]


def photo_to_see(session: Session, actor: Actor, photo_id: int) -> Photo:
    """A photo that the actor may look at: who took it or wrote the note with it, while they may write about that day;
    who reviews the class; a guardian whose child's book it is fit for.

    Raises:
        NotFound: `photo_unknown`, for everybody else exactly as for a photo that does not exist.
    """
    photo = _photo(session, photo_id)
    class_run = session.get_one(ClassRun, photo.class_run_id)
    reviews = may_review(session, actor, class_run) and is_cleared(session, actor)
    if reviews or _is_own(session, actor, photo) or _is_for_family(session, actor, photo):
        return photo
    unknown = NotFound("photo_unknown", photo=photo_id)
    unknown.denied = Denied(actor.account_id, "photo.see", "photo", photo_id)
    raise unknown


def _is_own(session: Session, actor: Actor, photo: Photo) -> bool:
    wrote = select(Observation.id).where(
        Observation.photo_id == photo.id, Observation.author_id == actor.account_id
    )  # fmt: skip
    if photo.uploaded_by != actor.account_id and session.exec(wrote).first() is None:
        return False
    try:
        writing_desk(session, actor, photo.class_run_id, photo.day)
    except RegistryError:
        return False
    return True


def _is_for_family(session: Session, actor: Actor, photo: Photo) -> bool:
    if actor.guardian_id is None or photo.released_at is None or (actor.scopes is not None):
        return False
    mine = session.exec(select(Guardianship.child_id).where(Guardianship.guardian_id == actor.guardian_id))
    return any(photo.id == shown.id for child in mine for shown in photos_of_child(session, photo.class_run_id, child))


def _photo(session: Session, photo_id: int) -> Photo:
    found = session.get(Photo, photo_id)
    if found is None or found.removed_at is not None:
        raise NotFound("photo_unknown", photo=photo_id)
    return found


def _as_unknown(photo_id: int, other: RegistryError) -> NotFound:
    unknown = NotFound("photo_unknown", photo=photo_id)
    unknown.denied = other.denied
    return unknown
